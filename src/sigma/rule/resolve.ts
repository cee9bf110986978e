/**
 * Resolves references between the documents of all files. In: parsed documents. Out: rules, with filters added by AND to the
 * rules that they name, and correlations whose references are checked. Refuses correlations that refer to unknown, ambiguous or
 * refused rules or to themselves, and chains beyond the limits.
 */
import type { Diagnostic } from '../../model/diagnostic.ts';
import type { CorrelationRule, DetectionRule, FilterRule, RefusedRule, SigmaDocument, SigmaRule } from '../../model/rule.ts';
import { addTo } from '../../model/values/maps.ts';
import { applyFilters, filterCovers } from './apply-filter.ts';
import type { ParsedRefusal } from './parse/parse-file.ts';
import { didYouMean } from './suggest.ts';

/** Limit on the filters of one rule. */
const MAX_FILTERS = 1000;
/** Limit on the length of a chain of correlations that refer to each other. Each step of it is a pass over all matches. */
const MAX_CORRELATION_DEPTH = 64;

interface Resolved {
  readonly rules: readonly SigmaRule[];
  readonly refused: readonly RefusedRule[];
  readonly diagnostics: readonly Diagnostic[];
}

/** How many unknown names get a suggestion, because each search for a similar name is slow. */
const MAX_SEARCHES = 50;
/** How many faulty aliases of one correlation are reported. */
const MAX_STRAYS = 20;
/** With more names than this, no similar ones are searched for. */
const MAX_SUGGESTIONS = 10_000;

/** Finds rules by how others refer to them: by name exactly as written, or by id in any case. */
class RuleIndex<T extends { readonly head: { readonly id?: string | undefined; readonly name?: string | undefined } }> {
  readonly #byKey = new Map<string, T[]>();
  #searches = MAX_SEARCHES;

  constructor(rules: Iterable<T>) {
    for (const rule of rules) {
      const keys = new Set([rule.head.name && `name ${rule.head.name}`, rule.head.id && `id ${rule.head.id.toLowerCase()}`]);
      for (const key of keys) if (key) addTo(this.#byKey, key, rule);
    }
  }

  find(reference: string): readonly T[] {
    const byName = this.#byKey.get(`name ${reference}`) ?? [];
    const byId = this.#byKey.get(`id ${reference.toLowerCase()}`) ?? [];
    return byId.length === 0 ? byName : [...new Set([...byName, ...byId])];
  }

  references(): string[] {
    if (this.#byKey.size > MAX_SUGGESTIONS || --this.#searches < 0) return [];
    return [...this.#byKey.keys()].map((key) => key.slice(key.indexOf(' ') + 1));
  }
}

export function resolveDocuments(documents: readonly SigmaDocument[], refusals: readonly ParsedRefusal[]): Resolved {
  const diagnostics: Diagnostic[] = [];
  const refused: RefusedRule[] = [];
  const filtered = filteredRules(documents, diagnostics, refused);
  const names = new RuleIndex(filtered);
  const rules = filtered.map((rule) => (rule.kind === 'correlation' ? withOwnAliases(rule, names) : rule));
  const index = new RuleIndex(rules);
  const chains = usableCorrelations(rules, index);
  const { usable, tooDeep } = chains;
  const lost = new RuleIndex([...refusals, ...refused].map((refusal) => ({ head: refusal })));
  for (const rule of rules) {
    if (rule.kind !== 'correlation' || usable.has(rule)) continue;
    const faults = rule.rules
      .map((reference) => referenceFault(rule, reference, index, lost, chains))
      .filter((one) => one !== null);
    for (const { alias, name } of strayAliases(rule).slice(0, MAX_STRAYS)) {
      const message = `the alias "${alias}" names "${name}", which is not one of "rules".`;
      faults.push(faultOf(rule, 'correlation', message, didYouMean(name, rule.rules)));
    }
    if (tooDeep.has(rule)) faults.push(tooDeepFault(rule));
    diagnostics.push(...faults);
    refused.push(refusalOf(rule, faults));
  }
  return { rules: rules.filter((rule) => rule.kind === 'detection' || usable.has(rule)), refused, diagnostics };
}

function filteredRules(
  documents: readonly SigmaDocument[],
  diagnostics: Diagnostic[],
  refused: RefusedRule[],
): readonly SigmaRule[] {
  const filters = documents.filter((document) => document.kind === 'filter');
  const rules = documents.filter((document) => document.kind !== 'filter');
  if (filters.length === 0) return rules;
  const index = new RuleIndex(rules);
  const filtersOf = new Map<DetectionRule, FilterRule[]>();
  for (const filter of filters) {
    const place = { file: filter.head.path, ...filter.head.span };
    const named = filter.rules === 'any' ? rules : new Set(filter.rules.flatMap((reference) => index.find(reference)));
    for (const reference of filter.rules === 'any' ? [] : filter.rules) {
      if (index.find(reference).length > 0) continue;
      const message = `the filter names "${reference}", which is not among the loaded rules.`;
      const hint = didYouMean(reference, index.references());
      diagnostics.push({ code: 'rule/filter-without-rule', severity: 'warning', message, hint, place });
    }
    for (const rule of named) {
      if (rule.kind === 'detection' && filterCovers(filter, rule)) addTo(filtersOf, rule, filter);
    }
  }
  return rules.flatMap((rule) => {
    const own = rule.kind === 'detection' ? filtersOf.get(rule) : undefined;
    if (own === undefined || rule.kind !== 'detection') return rule;
    if (own.length <= MAX_FILTERS) return applyFilters(rule, own);
    const fault = faultOf(rule, 'too-large', `${own.length} filters name this rule, at most ${MAX_FILTERS} may.`);
    diagnostics.push(fault);
    refused.push(refusalOf(rule, [fault]));
    return [];
  });
}

interface Usable {
  readonly usable: ReadonlySet<SigmaRule>;
  /** Correlations that would be usable, but depend on too long a chain of others. */
  readonly tooDeep: ReadonlySet<SigmaRule>;
}

/** Correlations all of whose references finally lead to detection rules. References in a cycle never do. */
function usableCorrelations(rules: readonly SigmaRule[], index: RuleIndex<SigmaRule>): Usable {
  const usable = new Set<SigmaRule>();
  const tooDeep = new Set<SigmaRule>();
  const depths = new Map<SigmaRule, number>();
  const waiting = new Map<SigmaRule, number>();
  const dependents = new Map<SigmaRule, CorrelationRule[]>();
  const ready: SigmaRule[] = rules.filter((rule) => rule.kind === 'detection');
  for (const rule of rules) {
    if (rule.kind !== 'correlation') continue;
    if (strayAliases(rule).length > 0) continue;
    waiting.set(rule, rule.rules.length);
    for (const reference of rule.rules) {
      const found = index.find(reference);
      if (found.length === 1) addTo(dependents, found[0]!, rule);
    }
  }
  for (let rule = ready.pop(); rule !== undefined; rule = ready.pop()) {
    for (const dependent of dependents.get(rule) ?? []) {
      const left = waiting.get(dependent)! - 1;
      waiting.set(dependent, left);
      const depth = Math.max(depths.get(dependent) ?? 0, (depths.get(rule) ?? 0) + 1);
      depths.set(dependent, depth);
      if (left > 0) continue;
      // What depends on a correlation that is too deep is too deep itself.
      (depth > MAX_CORRELATION_DEPTH ? tooDeep : usable).add(dependent);
      ready.push(dependent);
    }
  }
  return { usable, tooDeep };
}

/** Spec, aliases: they name rules by their names, even where `rules` lists ids. Here each becomes what `rules` says. */
function withOwnAliases(rule: CorrelationRule, index: RuleIndex<SigmaRule>): CorrelationRule {
  if (strayAliases(rule).length === 0) return rule;
  const targets = new Map<SigmaRule, string>();
  for (const reference of rule.rules) for (const target of index.find(reference)) targets.set(target, reference);
  const own = (name: string): string => {
    if (rule.rules.includes(name)) return name;
    const target = index.find(name).find((one) => targets.has(one));
    return (target === undefined ? undefined : targets.get(target)) ?? name;
  };
  const aliases: Record<string, Record<string, string>> = Object.create(null);
  for (const [alias, fields] of Object.entries(rule.aliases)) {
    const renamed: Record<string, string> = Object.create(null);
    for (const [name, field] of Object.entries(fields)) renamed[own(name)] = field;
    aliases[alias] = renamed;
  }
  return { ...rule, aliases };
}

/** Names in aliases that are not rules of the correlation. */
function strayAliases(rule: CorrelationRule): { alias: string; name: string }[] {
  return Object.entries(rule.aliases).flatMap(([alias, fields]) =>
    Object.keys(fields)
      .filter((name) => !rule.rules.includes(name))
      .map((name) => ({ alias, name })),
  );
}

/** Why a reference of an unusable correlation is wrong; null when it is right. */
function referenceFault(
  rule: CorrelationRule,
  reference: string,
  index: RuleIndex<SigmaRule>,
  lost: RuleIndex<{ head: { id?: string | undefined; name?: string | undefined } }>,
  { usable, tooDeep }: Usable,
): Diagnostic | null {
  const fault = (code: string, message: string, hint?: string): Diagnostic => faultOf(rule, code, message, hint);
  const found = index.find(reference);
  if (found.length > 1) {
    const paths = [...new Set(found.map((one) => one.head.path))].slice(0, 4).join(', ');
    const message = `${found.length} rules are called "${reference}" (${paths}).`;
    return fault('ambiguous-rule', message, 'Give each rule its own name and id.');
  }
  const target = found[0];
  if (target === undefined) {
    if (lost.find(reference).length > 0) return fault('refused-rule', `the correlation needs "${reference}", which was refused.`);
    const hint = didYouMean(reference, index.references()) ?? 'Load the file with that rule as well.';
    return fault('unknown-rule', `the correlation names "${reference}", which is not among the loaded rules.`, hint);
  }
  // A correlation that is too deep has a fault of its own.
  if (target.kind === 'detection' || usable.has(target) || tooDeep.has(target)) return null;
  return fault('rule-cycle', `the correlation needs "${reference}", which cannot be used or refers back to it.`);
}

function tooDeepFault(rule: SigmaRule): Diagnostic {
  const message = `the correlation stands on a chain of more than ${MAX_CORRELATION_DEPTH} correlations.`;
  return faultOf(rule, 'too-large', message, 'Name the rules at the bottom of the chain.');
}

function refusalOf({ head: { path, title, id } }: SigmaRule, diagnostics: readonly Diagnostic[]): RefusedRule {
  return { path, title, id, diagnostics };
}

function faultOf({ head }: SigmaRule, code: string, message: string, hint?: string): Diagnostic {
  return { code: `rule/${code}`, severity: 'error', message, hint, place: { file: head.path, ...head.span } };
}
