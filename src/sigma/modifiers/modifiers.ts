/** All modifiers by name, and how a chain of them is applied. */
import { InternalError } from '../../model/errors.ts';
import type { Pattern } from '../../model/rule.ts';
import {
  type Draft,
  isAlternatives,
  isFault,
  type Modifier,
  type ModifierContext,
  type ModifierFault,
  type TextTest,
} from './modifier.ts';
import { modifiers } from './registry.generated.ts';
import { MAX_ALTERNATIVES } from './support/limits.ts';

const byName = new Map<string, Modifier>(
  modifiers.flatMap((modifier) => [modifier.name, ...(modifier.aliases ?? [])].map((name) => [name, modifier] as const)),
);

/** The modifier that rules call `name` (or one of its aliases). */
export function modifierNamed(name: string): Modifier | undefined {
  return byName.get(name);
}

/** Every name that may stand behind `|`, aliases included. */
export function modifierNames(): Iterable<string> {
  return byName.keys();
}

/**
 * Applies a chain of modifiers to one rule value, left to right. When a modifier makes several values from one, they stay one
 * OR group (`any`), also under `all`.
 */
export function applyModifiers(draft: Draft, chain: readonly Modifier[], context: ModifierContext): Pattern | ModifierFault {
  let drafts: readonly Draft[] = [draft];
  let changed: string | null = null;
  for (let i = 0; i < chain.length; i++) {
    const modifier = chain[i]!;
    const before = modifier.first === 'of all' ? (chain[i - 1]?.name ?? null) : modifier.first === 'of values' ? changed : null;
    if (before !== null) {
      const fault = `"${modifier.name}" must come before "${before}".`;
      return { fault, hint: `Write "${modifier.name}|${before}", or leave one of them out.` };
    }
    if (modifier.apply === undefined) continue;
    changed = modifier.name;
    // In nearly all rules there is one value, and a modifier makes one from it.
    if (drafts.length === 1) {
      const result = modifier.apply(drafts[0]!, context);
      if (isFault(result)) return result;
      drafts = isAlternatives(result) ? result : [result];
      continue;
    }
    const next: Draft[] = [];
    for (const one of drafts) {
      const result = modifier.apply(one, context);
      if (isFault(result)) return result;
      if (isAlternatives(result)) for (const alternative of result) next.push(alternative);
      else next.push(result);
      if (next.length > MAX_ALTERNATIVES) return { code: 'too-large', fault: `more than ${MAX_ALTERNATIVES} values of one.` };
    }
    drafts = next;
  }
  if (drafts.length === 1) return drafts[0]!.pattern;
  return { kind: 'any', of: drafts.map((one) => one.pattern) };
}

/** A `test` pattern as a function. The modifier that made it knows how. */
export function compileTest(pattern: Extract<Pattern, { kind: 'test' }>): TextTest {
  const compile = byName.get(pattern.modifier)?.compileTest;
  if (compile === undefined) throw new InternalError(`the modifier "${pattern.modifier}" has no test`);
  return compile(pattern.argument);
}
