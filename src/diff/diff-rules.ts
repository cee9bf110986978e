/**
 * Compares two versions of a set of rules. In: both sets. Out: what was added, removed or changed, and for each change whether
 * the rule finds the same, more or less, where that can be proven. Refuses nothing; what cannot be proven is reported as open.
 */
import { ruleFormula } from '../lint/logic/formula.ts';
import { Prover } from '../lint/logic/proof.ts';
import type { DetectionRule, SigmaRule } from '../model/rule.ts';

/** What the new version finds compared with the old one, on any events. `open`: not proven. */
export type Relation = 'same' | 'more' | 'less' | 'open';

export interface KeyChange {
  /** `level`, `condition`, `selection filter_main_agent`. */
  readonly key: string;
  /** The value as text; null when the key is absent. */
  readonly before: string | null;
  readonly after: string | null;
}

export type RuleChange =
  | { readonly kind: 'added'; readonly after: SigmaRule }
  | { readonly kind: 'removed'; readonly before: SigmaRule }
  | {
      readonly kind: 'changed';
      readonly before: SigmaRule;
      readonly after: SigmaRule;
      readonly keys: readonly KeyChange[];
      readonly finds: Relation;
    };

export interface RuleDiff {
  /** In the order of the new set, followed by removed rules. */
  readonly changes: readonly RuleChange[];
  readonly unchanged: number;
}

export function diffRules(before: readonly SigmaRule[], after: readonly SigmaRule[]): RuleDiff {
  const partners = pairRules(before, after);
  const changes: RuleChange[] = [];
  let unchanged = 0;
  for (const rule of after) {
    const old = partners.get(rule);
    if (old === undefined) {
      changes.push({ kind: 'added', after: rule });
      continue;
    }
    const keys = changedKeys(old, rule);
    if (keys.length === 0) unchanged++;
    else changes.push({ kind: 'changed', before: old, after: rule, keys, finds: relationOf(old, rule) });
  }
  const kept = new Set(partners.values());
  for (const rule of before) if (!kept.has(rule)) changes.push({ kind: 'removed', before: rule });
  return { changes, unchanged };
}

/**
 * Two rules are versions of one rule by id, otherwise by name, otherwise by title, otherwise by file name where each file has
 * one rule.
 */
function pairRules(before: readonly SigmaRule[], after: readonly SigmaRule[]): ReadonlyMap<SigmaRule, SigmaRule> {
  const pairs = new Map<SigmaRule, SigmaRule>();
  const taken = new Set<SigmaRule>();
  const keys: ((rule: SigmaRule) => string | undefined)[] = [
    ({ head }) => head.id?.toLowerCase(),
    ({ head }) => head.name,
    ({ head }) => head.title,
    ({ head }) => head.path.replace(/^.*[/\\]/, ''),
  ];
  for (const key of keys) {
    const byKey = new Map<string, SigmaRule | null>();
    for (const rule of before) {
      const own = taken.has(rule) ? undefined : key(rule);
      // When two rules share a key, it identifies neither.
      if (own !== undefined) byKey.set(own, byKey.has(own) ? null : rule);
    }
    for (const rule of after) {
      const own = pairs.has(rule) ? undefined : key(rule);
      const old = own === undefined ? undefined : byKey.get(own);
      if (old === undefined || old === null || taken.has(old)) continue;
      pairs.set(rule, old);
      taken.add(old);
    }
  }
  return pairs;
}

/** Keys that say where a rule stands. A change of these is no change of the rule. */
const PLACES = new Set(['path', 'span', 'logsourceSpan', 'conditionSpan']);

function contentOf(value: unknown): string {
  return JSON.stringify(value, (key, inner: unknown) => (PLACES.has(key) ? undefined : inner)) ?? '';
}

function changedKeys(before: SigmaRule, after: SigmaRule): readonly KeyChange[] {
  const old = describedKeys(before);
  const now = describedKeys(after);
  return [...new Set([...old.keys(), ...now.keys()])].flatMap((key): KeyChange[] => {
    const [a, b] = [old.get(key), now.get(key)];
    return a?.content === b?.content ? [] : [{ key, before: a?.shown ?? null, after: b?.shown ?? null }];
  });
}

interface Described {
  readonly content: string;
  readonly shown: string;
}

function describedKeys(rule: SigmaRule): ReadonlyMap<string, Described> {
  const keys = new Map<string, Described>();
  const add = (key: string, value: unknown, shown?: string): void => {
    const content = contentOf(value);
    if (value !== undefined && content !== '[]' && content !== '{}')
      keys.set(key, { content, shown: shown ?? (typeof value === 'string' ? value : content) });
  };
  const { custom, ...head } = rule.head;
  for (const [key, value] of Object.entries(head)) if (!PLACES.has(key)) add(key, value);
  for (const [key, value] of Object.entries(custom)) add(key, value);
  if (rule.kind === 'correlation') {
    const { kind, head: _, ...definition } = rule;
    for (const [key, value] of Object.entries(definition)) if (key !== 'timespanMs') add(`${kind} ${key}`, value);
    return keys;
  }
  for (const [key, value] of Object.entries(rule.logsource)) add(`logsource ${key}`, value);
  for (const [name, selection] of Object.entries(rule.selections)) add(`selection ${name}`, selection, 'other items or values');
  add('condition', rule.condition, rule.conditionSource.join(' | '));
  return keys;
}

function relationOf(before: SigmaRule, after: SigmaRule): Relation {
  if (before.kind === 'correlation' || after.kind === 'correlation')
    return contentOf({ ...before, head: null }) === contentOf({ ...after, head: null }) ? 'same' : 'open';
  if (!sameLogSource(before, after)) return 'open';
  // The proof must not depend on the log source, so nothing is assumed about fields.
  const prover = new Prover(() => false);
  const [old, now] = [ruleFormula(before), ruleFormula(after)];
  const less = prover.implies(now, old);
  const more = prover.implies(old, now);
  return less && more ? 'same' : less ? 'less' : more ? 'more' : 'open';
}

function sameLogSource({ logsource: a }: DetectionRule, { logsource: b }: DetectionRule): boolean {
  return (['product', 'category', 'service'] as const).every((key) => a[key]?.toLowerCase() === b[key]?.toLowerCase());
}
