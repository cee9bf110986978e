import { requiredLiterals } from '../../sigma/regex/regex.ts';
import { guardOf } from './literal.ts';

/** A literal that any text matching a regular expression must contain, lower-cased; null when there is none. */
export function regexGuard(source: string, flags: string): string | null {
  return guardOf(requiredLiterals(source, flags));
}
