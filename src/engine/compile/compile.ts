/**
 * Compiles validated rules into a rule set that a matcher runs. In: rules as `loadRules` returns them, and a function that says
 * what their log sources mean. Out: plain data. Refuses nothing: a rule whose log source no event log provides is listed as
 * unused, with the reason.
 */
import type { EventSource, LogSourceResolution } from '../../model/logsource.ts';
import type { RuleInfo } from '../../model/match.ts';
import type { CorrelationRule, DetectionRule, LogSource, RuleHead, SigmaRule } from '../../model/rule.ts';
import type { CompiledCorrelation, RuleSet, Suppression, UnusedRule } from '../../model/ruleset.ts';
import { addTo, getOrInsert } from '../../model/values/maps.ts';
import { suppressedBy } from '../../sigma/rule/apply-filter.ts';
import { anchorsOf } from './anchors.ts';
import { requiredEventIds } from './event-ids.ts';
import { type Expression, ruleExpression } from './expression.ts';
import { PredicateTable } from './predicates.ts';
import { writeProgram } from './program.ts';
import { TextPool } from './text-pool.ts';

export type ResolveLogSource = (logsource: LogSource) => LogSourceResolution;

export function ruleInfo(head: RuleHead): RuleInfo {
  return {
    id: head.id ?? null,
    name: head.name ?? null,
    title: head.title,
    level: head.level ?? null,
    status: head.status ?? null,
    description: head.description ?? null,
    tags: head.tags,
    falsepositives: head.falsepositives,
    path: head.path,
  };
}

/** One list of numbers per rule: all lists in one array, and the position at which each begins. */
class NumberLists {
  readonly #numbers: number[] = [];
  readonly #start: number[] = [0];

  add(list: Iterable<number>): void {
    for (const number of list) this.#numbers.push(number);
    this.#start.push(this.#numbers.length);
  }

  finish(): { numbers: Int32Array; start: Int32Array } {
    return { numbers: Int32Array.from(this.#numbers), start: Int32Array.from(this.#start) };
  }
}

/** A correlation refers to a rule by its name, spelt exactly, or by its id in any case. */
function keysOf(reference: string): readonly [string, string] {
  return [`name ${reference}`, `id ${reference.toLowerCase()}`];
}

function referenceKeys(head: RuleHead): string[] {
  const keys: string[] = [];
  if (head.name !== undefined) keys.push(keysOf(head.name)[0]);
  if (head.id !== undefined) keys.push(keysOf(head.id)[1]);
  return keys;
}

/** A log source resolution with its event sources replaced by their numbers. */
type NumberedResolution =
  | { readonly kind: 'sources'; readonly sources: readonly number[] }
  | Extract<LogSourceResolution, { kind: 'not-applicable' }>;

class Compiler {
  readonly #resolve: ResolveLogSource;
  readonly #predicates = new PredicateTable();
  readonly #notes = new TextPool();
  readonly #leafSource: number[] = [];
  readonly #leafModifier: number[] = [];
  readonly #rules: RuleInfo[] = [];
  readonly #expressions: (Expression | null)[] = [];
  readonly #sources: EventSource[] = [];
  readonly #sourceNumber = new Map<string, number>();
  readonly #ruleSources: (readonly number[])[] = [];
  readonly #resolutions = new Map<string, NumberedResolution>();
  readonly #unused: UnusedRule[] = [];
  readonly #correlations: { rule: number; definition: CorrelationRule }[] = [];
  readonly #suppressions: Suppression[] = [];
  /** Rules with filters, and their numbers. */
  readonly #filtered: { rule: DetectionRule; number: number }[] = [];
  /** From the key of a reference to the rules that it names. */
  readonly #referents = new Map<string, number[]>();

  constructor(resolve: ResolveLogSource) {
    this.#resolve = resolve;
  }

  run(rules: readonly SigmaRule[]): RuleSet {
    for (const rule of rules) {
      if (rule.kind === 'detection') this.#detection(rule);
    }
    // Last, because a correlation may stand before the rules it names, and correlations may name each other.
    this.#addCorrelations(rules.filter((rule) => rule.kind === 'correlation'));
    for (const { rule, number } of this.#filtered) this.#addSuppressions(rule, number);
    return this.#finish();
  }

  #detection(rule: DetectionRule): void {
    const resolution = this.#resolution(rule.logsource);
    if (resolution.kind === 'not-applicable') {
      this.#unused.push({ rule: ruleInfo(rule.head), reason: resolution.reason });
      return;
    }
    const number = this.#add(rule.head, this.#expression(rule), resolution.sources);
    if (rule.filters.length > 0) this.#filtered.push({ rule, number });
  }

  #expression(rule: DetectionRule): Expression {
    const notes = {
      add: (source: string, modifiers: string): number => {
        this.#leafModifier.push(this.#notes.add(modifiers));
        return this.#leafSource.push(this.#notes.add(source)) - 1;
      },
    };
    return ruleExpression(this.#predicates, notes, rule);
  }

  #addSuppressions(filtered: DetectionRule, number: number): void {
    for (const { filter, rule } of suppressedBy(filtered)) {
      this.#suppressions.push({ rule: number, filter });
      this.#expressions.push(this.#expression(rule));
      this.#ruleSources.push(this.#ruleSources[number]!);
    }
  }

  /** Remembered, because thousands of rules share about a hundred log sources. */
  #resolution(logsource: LogSource): NumberedResolution {
    const key = JSON.stringify([logsource.product, logsource.category, logsource.service]);
    return getOrInsert(this.#resolutions, key, () => {
      const found = this.#resolve(logsource);
      return found.kind === 'sources' ? { ...found, sources: found.sources.map((source) => this.#source(source)) } : found;
    });
  }

  #add(head: RuleHead, expression: Expression | null, sources: readonly number[]): number {
    const number = this.#rules.push(ruleInfo(head)) - 1;
    this.#expressions.push(expression);
    this.#ruleSources.push(sources);
    for (const key of referenceKeys(head)) addTo(this.#referents, key, number);
    return number;
  }

  #source(source: EventSource): number {
    return getOrInsert(this.#sourceNumber, JSON.stringify(source), () => this.#sources.push(source) - 1);
  }

  #addCorrelations(correlations: readonly CorrelationRule[]): void {
    // A correlation is unused when all rules it refers to are unused; those may be correlations themselves.
    const usable = new Set(correlations);
    const named = new Map<string, CorrelationRule[]>();
    for (const rule of correlations) for (const key of referenceKeys(rule.head)) addTo(named, key, rule);
    const refers = (reference: string): boolean =>
      keysOf(reference).some((key) => this.#referents.has(key) || (named.get(key) ?? []).some((rule) => usable.has(rule)));
    for (let changed = true; changed; ) {
      changed = false;
      for (const rule of usable) {
        if (rule.rules.some(refers)) continue;
        usable.delete(rule);
        changed = true;
      }
    }
    for (const rule of correlations) {
      if (usable.has(rule)) this.#correlations.push({ rule: this.#add(rule.head, null, []), definition: rule });
      else this.#unused.push({ rule: ruleInfo(rule.head), reason: 'none of the rules that it correlates can be used' });
    }
  }

  #finish(): RuleSet {
    const { columns, renumbered } = this.#predicates.finish();
    const code: number[] = [];
    const programStart: number[] = [];
    const anchors = new NumberLists();
    const eventIds = new NumberLists();
    const always = new Uint8Array(this.#expressions.length);
    const keyed = new Uint8Array(this.#expressions.length);
    this.#expressions.forEach((expression, rule) => {
      programStart.push(expression === null ? -1 : writeProgram(code, expression, renumbered));
      const found = expression === null ? null : anchorsOf(expression, this.#predicates);
      const ids = expression === null ? null : requiredEventIds(expression, this.#predicates);
      anchors.add(found === null ? [] : found.predicates.map((predicate) => renumbered[predicate]!));
      eventIds.add(ids ?? []);
      if (expression !== null && found === null) always[rule] = 1;
      if (ids !== null) keyed[rule] = 1;
    });
    const { text: notes, start: noteStart } = this.#notes.finish();
    const { numbers: anchorNumbers, start: anchorStart } = anchors.finish();
    const { numbers: idNumbers, start: eventIdStart } = eventIds.finish();
    return {
      rules: this.#rules,
      suppressions: this.#suppressions,
      sources: this.#sources,
      ruleSources: this.#ruleSources,
      silent: this.#silent(),
      correlations: this.#correlations.map(
        (correlation): CompiledCorrelation => ({
          ...correlation,
          references: correlation.definition.rules.map((reference) => this.#referred(reference)),
        }),
      ),
      unused: this.#unused,
      plan: {
        ...columns,
        program: Int32Array.from(code),
        programStart: Int32Array.from(programStart),
        anchors: anchorNumbers,
        anchorStart,
        always,
        eventIds: idNumbers,
        eventIdStart,
        keyed,
        leafSource: Int32Array.from(this.#leafSource),
        leafModifier: Int32Array.from(this.#leafModifier),
        notes,
        noteStart,
      },
    };
  }

  /**
   * Spec, Correlation, generate: a rule that a correlation refers to raises no alert of its own, unless the correlation says so.
   */
  #silent(): boolean[] {
    const silent = this.#rules.map(() => false);
    for (const loud of [false, true]) {
      for (const { definition } of this.#correlations) {
        if (definition.generate !== loud) continue;
        for (const rule of definition.rules.flatMap((reference) => this.#referred(reference))) silent[rule] = !loud;
      }
    }
    return silent;
  }

  #referred(reference: string): number[] {
    return [...new Set(keysOf(reference).flatMap((key) => this.#referents.get(key) ?? []))];
  }
}

/**
 * @example
 * const { rules } = loadRules(['rules/']);
 * const ruleSet = compileRules(rules, resolveLogSource);
 */
export function compileRules(rules: readonly SigmaRule[], resolve: ResolveLogSource): RuleSet {
  return new Compiler(resolve).run(rules);
}
