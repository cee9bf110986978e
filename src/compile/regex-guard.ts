/** A literal that any text matching a regular expression must contain, lower-cased. */
export function regexGuard(_source: string, _flags: string): string | null {
  return null;
}
