/**
 * Parses `Field|modifier|modifier: values` into a DetectionItem. Values are parsed first, then the modifiers are applied.
 * Refuses unknown modifiers, values that are not scalars, and modifiers that do not fit their values.
 */
import type { DetectionItem, DetectionValue, Pattern } from '../../../model/rule.ts';
import { isFault, type Modifier, type ModifierContext } from '../../modifiers/modifier.ts';
import { applyModifiers, modifierNamed, modifierNames } from '../../modifiers/modifiers.ts';
import { withWildcards } from '../../modifiers/support/text-parts.ts';
import type { YamlEntry, YamlNode, YamlScalar } from '../../yaml/yaml.ts';
import type { Faults } from '../faults.ts';
import { didYouMean } from '../suggest.ts';
import { nodeName } from './scalars.ts';
import { draftOf, numberPattern } from './value.ts';

export interface ItemContext {
  readonly faults: Faults;
  readonly placeholders: ReadonlyMap<string, readonly string[]>;
  /** How many patterns the document has so far. A modifier may make many from one value. */
  patterns: number;
}

/** Limit on the patterns of one document. */
const MAX_PATTERNS = 500_000;

/** Modifier names of other languages, and what Sigma calls them. */
const OF_OTHERS: Readonly<Record<string, string>> = {
  any: 'Leave it out: one of the values of a list is enough.',
  or: 'Leave it out: one of the values of a list is enough.',
  in: 'Leave it out: one of the values of a list is enough.',
  and: 'Write `all`.',
  not: 'Put `not` in the condition, or use `neq`.',
  equals: 'Leave it out: a value is compared whole.',
  is: 'Leave it out: a value is compared whole.',
  regex: 'Write `re`.',
  regexp: 'Write `re`.',
  match: 'Write `re`.',
  matches: 'Write `re`.',
  like: 'Leave it out: a value may hold `*` and `?`.',
  wildcard: 'Leave it out: a value may hold `*` and `?`.',
};

/** Limit on the modifiers of one item. Real rules have up to four. */
const MAX_MODIFIERS = 16;

/** Parses one key of a map with its value. The key is `Field|modifier...`; without a field, the values are keywords. */
export function parseItem({ key: { text: key, start }, value }: YamlEntry, context: ItemContext): DetectionItem | null {
  if (context.faults.full) return null;
  const [field = '', ...names] = key.split('|');
  const chain = resolveChain(names, start + field.length, context.faults);
  if (chain === null) return null;
  return buildItem(field === '' ? null : field, names, chain, scalarsOfItem(value, key, context.faults), start, context);
}

/** Values without a field: keywords. */
export function keywordItem(scalars: readonly YamlScalar[], at: number, context: ItemContext): DetectionItem | null {
  return buildItem(null, [], [], scalars, at, context);
}

function resolveChain(names: readonly string[], at: number, faults: Faults): readonly Modifier[] | null {
  const chain: Modifier[] = [];
  let column = at;
  if (names.length > MAX_MODIFIERS) {
    faults.error('too-large', at, `${names.length} modifiers in one key; at most ${MAX_MODIFIERS} are read.`);
    return null;
  }
  for (const name of names) {
    const modifier = modifierNamed(name);
    if (modifier === undefined) {
      const message = name === '' ? 'a "|" without a modifier behind it.' : `"${name}" is not a modifier.`;
      faults.error('unknown-modifier', column + 1, message, OF_OTHERS[name.toLowerCase()] ?? didYouMean(name, modifierNames()));
      return null;
    }
    column += name.length + 1;
    chain.push(modifier);
  }
  return chain;
}

/** The values of an item. An empty list is read as null (as in pySigma, with a warning). null after a fault. */
function scalarsOfItem(value: YamlNode, key: string, faults: Faults): readonly YamlScalar[] | null {
  if (value.kind === 'scalar') return [value];
  if (value.kind === 'map') {
    faults.error('value-type', value.start, `the value of "${key}" is a map.`, 'Write a value or a list of values.');
    return null;
  }
  if (value.items.length === 0) {
    faults.warn('empty-list', value.start, `the value of "${key}" is an empty list; it is read as null.`, 'Write null.');
    const { start, end } = value;
    return [{ kind: 'scalar', type: 'null', text: '', style: 'plain', start, end }];
  }
  const scalars: YamlScalar[] = [];
  for (const item of value.items) {
    if (item.kind === 'scalar') scalars.push(item);
    else {
      faults.error('value-type', item.start, `a value of "${key}" is ${nodeName(item)}.`, 'Write a list of plain values.');
      return null;
    }
  }
  return scalars;
}

function buildItem(
  field: string | null,
  names: readonly string[],
  chain: readonly Modifier[],
  scalars: readonly YamlScalar[] | null,
  at: number,
  context: ItemContext,
): DetectionItem | null {
  if (scalars === null) return null;
  const { faults } = context;
  let linking: DetectionItem['linking'] = 'any';
  let negated = false;
  for (const modifier of chain) {
    linking = modifier.list?.linking ?? linking;
    negated = modifier.list?.negated ?? negated;
  }
  if (linking === 'all' && scalars.length === 1) {
    faults.warn('all-single', at, '"all" has no effect on a single value.', 'Leave "all" out, or give a list.');
  }
  const values: DetectionValue[] = [];
  for (const scalar of scalars) {
    if (scalar.type === 'null' && scalars.length > 1) {
      faults.warn('null-in-list', scalar.start, 'null in a list of values; the specification wants it on its own.');
    }
    const pattern = valuePattern(scalar, field, names, chain, context);
    // Continue after a fault, because other values may have faults as well.
    if (pattern === null) continue;
    const source = scalar.type === 'null' ? 'null' : scalar.text;
    values.push({ source, span: faults.source.span(scalar.start), pattern });
  }
  if (values.length < scalars.length) return null;
  return { kind: 'item', field, modifiers: names, values, linking, negated, span: faults.source.span(at) };
}

function valuePattern(
  scalar: YamlScalar,
  field: string | null,
  names: readonly string[],
  chain: readonly Modifier[],
  document: ItemContext,
): Pattern | null {
  const { faults, placeholders } = document;
  if (document.patterns > MAX_PATTERNS) return null;
  const draft = draftOf(scalar);
  if (draft === null) {
    faults.error('value-type', scalar.start, `the number ${scalar.text} is too large to compare with.`);
    return null;
  }
  const context: ModifierContext = {
    placeholders,
    warn: (code, message, hint) => faults.warn(code, scalar.start, message, hint),
  };
  const pattern = applyModifiers(draft, chain, context);
  if (isFault(pattern)) {
    faults.error(pattern.code ?? 'modifier', scalar.start, pattern.fault, pattern.hint);
    return null;
  }
  document.patterns += pattern.kind === 'any' ? pattern.of.length : 1;
  if (document.patterns > MAX_PATTERNS) {
    faults.error('too-large', scalar.start, `modifiers make more than ${MAX_PATTERNS} values of those in this document.`);
    return null;
  }
  if (field === null) return keywordPattern(pattern, scalar, names, faults);
  if (pattern.kind !== 'number') return pattern;
  if (/^0[xo]/.test(pattern.source)) {
    const hint = `Quote it to compare the text "${pattern.source}".`;
    faults.warn('number-base', scalar.start, `${pattern.source} without quotes is the number ${pattern.decimal}.`, hint);
  }
  return numberPattern(pattern);
}

/**
 * A keyword may occur anywhere in a value, so its pattern gets wildcards on both sides. null (after a fault) for a value
 * without text.
 */
function keywordPattern(pattern: Pattern, scalar: YamlScalar, names: readonly string[], faults: Faults): Pattern | null {
  switch (pattern.kind) {
    case 'text':
      return { ...pattern, parts: withWildcards(pattern.parts, true, true) };
    case 'number':
    case 'boolean':
      return { kind: 'text', parts: withWildcards([scalar.text], true, true), cased: false };
    case 'regex':
      return pattern;
    case 'any': {
      const of: Pattern[] = [];
      for (const one of pattern.of) {
        const widened = keywordPattern(one, scalar, names, faults);
        if (widened === null) return null;
        of.push(widened);
      }
      return { kind: 'any', of };
    }
    case 'null':
      faults.error('keyword', scalar.start, 'null is no keyword.', 'Put it under the name of a field.');
      return null;
    default:
      faults.error('keyword', scalar.start, `"${names.join('|')}" needs a field.`, `Write "Field|${names.join('|')}".`);
      return null;
  }
}
