/**
 * Finds why a rule does not match. In: the rule's verdict. Out: the smallest set of tests that would have to come out
 * differently, each with the reason for its outcome. A test below an odd number of `not` would have to fail: a filter that
 * holds is such a test.
 */
import { interpretPattern } from '../engine/match/interpret.ts';
import type { EventRecord, FieldValue } from '../model/event.ts';
import type { Pattern } from '../model/rule.ts';
import { lackingText, shown, valueText, wantedText } from './value-text.ts';
import type { GroupVerdict, ItemVerdict, RuleVerdict, SourceVerdict, Verdict } from './verdict.ts';

export type MissKind =
  /** The event does not belong to the log source. */
  | 'log source'
  | 'field absent'
  /** The event has a field of that name in other upper and lower case. */
  | 'field name'
  /** The value differs only in upper and lower case. */
  | 'case'
  | 'value'
  /** A filter holds. */
  | 'filter';

export interface Miss {
  readonly kind: MissKind;
  /** The reason as one sentence. */
  readonly reason: string;
  /** The selection that the test belongs to; '' for the log source. */
  readonly selection: string;
  readonly item?: ItemVerdict | undefined;
}

export interface SmallestMiss {
  /** The tests that would have to change; never empty. */
  readonly misses: readonly Miss[];
  /** The event source with the smallest miss. */
  readonly source: SourceVerdict | undefined;
}

/** Why a rule does not match, for the event source with the smallest miss. */
export function smallestMiss(verdict: RuleVerdict): SmallestMiss {
  const { sources, event } = verdict;
  const passing = sources.filter((one) => one.gate.passes);
  if (passing.length === 0) {
    const [first] = sources;
    const reason = sources.map((one) => `${one.source.via}: ${one.gate.reason}`).join('; ');
    return { misses: [{ kind: 'log source', reason, selection: '' }], source: first };
  }
  const options = passing.map((source) => ({
    source,
    misses: irreducible(source.condition, changesTo(source.condition, true, '', event)),
  }));
  const best = options.reduce((least, one) => (one.misses.length < least.misses.length ? one : least));
  return { misses: best.misses, source: best.source };
}

/**
 * Removes tests that are named twice, and tests that need not change if the others do. Both happen where the condition names a
 * selection twice.
 */
function irreducible(condition: Verdict, misses: readonly Miss[]): readonly Miss[] {
  let kept = misses.filter((miss, i) => misses.findIndex((other) => other.item === miss.item) === i);
  for (const miss of kept) {
    const others = kept.filter((other) => other !== miss);
    if (others.length > 0 && holdsWith(condition, new Set(others.map((other) => other.item)))) kept = others;
  }
  return kept;
}

/** Whether the condition would hold if these tests came out differently. */
export function holdsWith(verdict: Verdict, flipped: ReadonlySet<ItemVerdict | undefined>): boolean {
  if (verdict.kind === 'item') return verdict.holds !== flipped.has(verdict);
  const of = verdict.of.map((one) => holdsWith(one, flipped));
  if (verdict.kind === 'not') return !of[0];
  return isConjunction(verdict) ? of.every((one) => one) : of.some((one) => one);
}

/** The fewest tests that would have to come out differently for `verdict` to become `wanted`. */
function changesTo(verdict: Verdict, wanted: boolean, selection: string, event: EventRecord): readonly Miss[] {
  if (verdict.holds === wanted) return [];
  if (verdict.kind === 'item') return [missOf(verdict, wanted, selection, event)];
  const inside = verdict.kind === 'selection' ? verdict.label : selection;
  if (verdict.of.length === 0) return [{ kind: 'value', reason: `"${verdict.label}" names no selection`, selection: inside }];
  if (verdict.kind === 'not') return changesTo(verdict.of[0]!, !wanted, inside, event);
  const options = verdict.of.filter((one) => one.holds !== wanted).map((one) => changesTo(one, wanted, inside, event));
  // To make an AND hold, or an OR fail, every part must change. Otherwise one is enough.
  if (isConjunction(verdict) === wanted) return options.flat();
  return options.reduce((least, one) => (one.length < least.length ? one : least));
}

function isConjunction(verdict: GroupVerdict): boolean {
  return verdict.kind === 'selector' ? verdict.label.startsWith('all ') : verdict.kind !== 'or';
}

function missOf(verdict: ItemVerdict, wanted: boolean, selection: string, event: EventRecord): Miss {
  const { item, seen } = verdict;
  const name = item.field ?? 'keywords';
  if (!wanted) {
    const held = verdict.values.find((one) => one.holds);
    const what = held === undefined ? `${name} ${shown(seen)}` : `${name} ${shown(seen)} satisfies ${valueText(held)}`;
    return { kind: 'filter', reason: what, selection, item: verdict };
  }
  if (item.field !== null && seen === undefined) return absent(verdict, item.field, selection, event);
  if (differsInCaseOnly(verdict)) {
    return {
      kind: 'case',
      reason: `${name} ${shown(seen)} has ${wantedText(verdict)} in other upper and lower case`,
      selection,
      item: verdict,
    };
  }
  return {
    kind: 'value',
    reason: `${name} ${shown(seen)}, wanted ${wantedText(verdict)}${lackingText(verdict)}`,
    selection,
    item: verdict,
  };
}

function absent(verdict: ItemVerdict, field: string, selection: string, event: EventRecord): Miss {
  if (verdict.eventField !== undefined) {
    const reason = `the event has no ${verdict.eventField}, where "${field}" is read from`;
    return { kind: 'field absent', reason, selection, item: verdict };
  }
  const other = [...event.shape.fields.keys()].find((name) => name.toLowerCase() === field.toLowerCase());
  if (other !== undefined && other !== field) {
    return { kind: 'field name', reason: `the event has no "${field}"; it has "${other}"`, selection, item: verdict };
  }
  return { kind: 'field absent', reason: `the event has no field "${field}"`, selection, item: verdict };
}

/** True when the item would hold if case were ignored. */
function differsInCaseOnly({ item, seen, values }: ItemVerdict): boolean {
  // A comparison with another field cannot be judged without that field's value.
  if (item.negated || seen === undefined || values.some(({ others }) => others.length > 0)) return false;
  const texts = textsOf(seen);
  const view = { field: () => seen, values: () => texts };
  const holds = values.map(({ value, holds: held }) => held || interpretPattern(withoutCase(value.pattern), item.field, view));
  return item.linking === 'all' ? holds.every((one) => one) : holds.some((one) => one);
}

function withoutCase(pattern: Pattern): Pattern {
  switch (pattern.kind) {
    case 'text':
      return { ...pattern, cased: false };
    case 'regex':
      return pattern.flags.includes('i') ? pattern : { ...pattern, flags: [...pattern.flags, 'i'].sort().join('') };
    case 'any':
      return { kind: 'any', of: pattern.of.map(withoutCase) };
    default:
      return pattern;
  }
}

export function textsOf(value: FieldValue | undefined): readonly string[] {
  if (value === undefined || value === null) return [];
  return typeof value === 'string' ? [value] : value.filter((one) => one !== null);
}
