/**
 * Compiles the regular expressions of rules. In: the source as written and its flags (some of `ims`). Out: a test that takes
 * time linear in the length of the text, whatever the pattern. Refuses patterns for which that is impossible, and what PCRE,
 * Python and RE2 read differently.
 */
import { getOrInsert } from '../../model/values/maps.ts';
import { buildAutomaton, checkSize } from './automaton.ts';
import { compileBounded } from './bounded.ts';
import { LazyDfa } from './lazy-dfa.ts';
import { literalsOf } from './literals.ts';
import { parseRegex } from './parse.ts';
import { RegexError } from './parse-escape.ts';
import { compileRun } from './run.ts';
import { shortestMatch } from './shortest.ts';

export interface RegexFault {
  readonly fault: string;
  readonly hint?: string | undefined;
}

export interface CompiledRegex {
  /** True when the pattern matches anywhere in the text. */
  test(text: string): boolean;
}

const INLINE_FLAGS = /^\(\?([ims]+)\)/;

/** Splits `(?i)foo` into source `foo` and flags `i`. */
export function moveInlineFlags(raw: string): { source: string; flags: string } {
  let source = raw;
  const flags = new Set<string>();
  for (let group = INLINE_FLAGS.exec(source); group !== null; group = INLINE_FLAGS.exec(source)) {
    for (const letter of group[1]!) flags.add(letter);
    source = source.slice(group[0].length);
  }
  return { source, flags: [...flags].sort().join('') };
}

/** Why the expression cannot be used; null when it can. */
export function regexFault(source: string, flags: string): RegexFault | null {
  try {
    const { root, irregular } = parseRegex(source, flags);
    if (irregular) compileBounded(root);
    else checkSize(root);
    return null;
  } catch (error) {
    if (!(error instanceof RegexError)) throw error;
    return {
      fault: `the regular expression cannot be used: ${error.message} (character ${error.at + 1} of "${shorten(source)}").`,
      hint: /\(\?<?[=!]/.test(source)
        ? 'Look for what must be there with one item; put what must not be there into a selection below `not`.'
        : undefined,
    };
  }
}

function shorten(source: string): string {
  return source.length > 100 ? `${source.slice(0, 100)}...` : source;
}

/** How many compiled patterns are kept for callers that do not keep their own. */
const MAX_KEPT = 512;
const kept = new Map<string, CompiledRegex>();

/** Throws RegexError where {@link regexFault} finds a fault. */
export function compileRegex(source: string, flags: string): CompiledRegex {
  const key = `${flags}/${source}`;
  return getOrInsert(kept, key, () => {
    const { root, irregular } = parseRegex(source, flags);
    const full = compileRun(root) ?? (irregular ? compileBounded(root) : new LazyDfa(buildAutomaton(root)));
    const shortest = shortestMatch(root);
    if (kept.size >= MAX_KEPT) kept.clear();
    return { test: (text) => text.length >= shortest && full.test(text) };
  });
}

/**
 * Texts that every match contains, lower-cased: a value can only match if its lower-cased form contains each of them. May be
 * empty.
 */
export function requiredLiterals(source: string, flags: string): readonly string[] {
  return literalsOf(parseRegex(source, flags).root);
}
