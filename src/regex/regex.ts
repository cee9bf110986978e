/**
 * Regular expressions of rules. In: the source as written and its flags (a subset of `ims`). Out: a test that takes time
 * linear in the text, whatever the pattern. Refuses what cannot be run that way.
 */
import { RE2JS } from 're2js';

export interface RegexFault {
  readonly fault: string;
  readonly hint?: string | undefined;
}

const INLINE_FLAGS = /^\(\?([a-zA-Z]+)\)/;

/** `(?i)foo` as source `foo` and flags `i`; groups of flags that are not all of `ims` are left to the parser. */
export function moveInlineFlags(raw: string): { source: string; flags: string } {
  let source = raw;
  const flags = new Set<string>();
  for (let group = INLINE_FLAGS.exec(source); group !== null; group = INLINE_FLAGS.exec(source)) {
    const letters = group[1]!;
    if (!/^[ims]+$/.test(letters)) break;
    for (const letter of letters) flags.add(letter);
    source = source.slice(group[0].length);
  }
  return { source, flags: [...flags].sort().join('') };
}

/** Why the expression cannot be used; null when it can. */
export function regexFault(source: string, flags: string): RegexFault | null {
  try {
    compileRegex(source, flags);
    return null;
  } catch (error) {
    return { fault: `the regular expression cannot be used: ${error instanceof Error ? error.message : String(error)}.` };
  }
}

export function compileRegex(source: string, flags: string): { test(text: string): boolean } {
  let bits = 0;
  if (flags.includes('i')) bits |= RE2JS.CASE_INSENSITIVE;
  if (flags.includes('m')) bits |= RE2JS.MULTILINE;
  if (flags.includes('s')) bits |= RE2JS.DOTALL;
  const compiled = RE2JS.compile(source, bits);
  return { test: (text) => compiled.matcher(text).find() };
}
