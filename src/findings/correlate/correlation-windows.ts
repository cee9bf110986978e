/**
 * Evaluates one correlation rule. In: matches and firings of other correlations, in time order. Out: its runs, and its firings
 * for other rules. Keeps one window for each group.
 */

import { InternalError } from '../../model/errors.ts';
import type { FieldValue } from '../../model/event.ts';
import type { Match } from '../../model/match.ts';
import type { CorrelationRule } from '../../model/rule.ts';
import type { CompiledCorrelation, RuleSet } from '../../model/ruleset.ts';
import type { MatchFieldValue } from '../store/match-fields.ts';
import { type CorrelationItem, type CorrelationKind, onlyLowerBounds } from './correlation.ts';
import { fieldTuples, tupleKey } from './field-tuples.ts';
import { type GroupPlan, GroupWindow, type RecordKey, type Run } from './group-window.ts';
import { correlations as kinds } from './types/registry.generated.ts';

/** A run of a correlation that this rule refers to. */
export interface InnerRun {
  readonly run: Run;
  readonly windows: CorrelationWindows;
}

/** Told of a window that satisfied the condition: the event time of its last item, and its run. */
export type FiringListener = (timeUs: number, run: Run) => void;

/** What is left of the limits that all rules share. */
export interface WindowBudget {
  items: number;
  groups: number;
  firings: number;
  runs: number;
}

/** For one reference: rule field -> event field, where an alias renames it. */
type Renames = ReadonlyMap<string, string>;

export class CorrelationWindows {
  readonly correlation: CompiledCorrelation;
  readonly rule: number;
  /** The rules whose matches or firings this rule reads. */
  readonly inputs: ReadonlySet<number>;
  /** The runs found so far, in the order in which they ended. */
  readonly runs: Run[] = [];
  /** Whether it wants to be told of every firing of the correlations that it refers to, or of each run once. */
  readonly everyFiring: boolean;
  readonly #ofFirings: FiringListener[] = [];
  readonly #ofRuns: FiringListener[] = [];
  /** How many runs were dropped for want of room, and how many firings other rules did not get for the same reason. */
  runsDropped = 0;
  firingsDropped = 0;
  /** How many items had to leave a window early for want of room. */
  itemsDropped = 0;
  readonly #kind: CorrelationKind;
  readonly #plan: GroupPlan;
  readonly #fieldValue: MatchFieldValue;
  readonly #budget: WindowBudget;
  /** Rule -> the positions of the references in `rules` that name it. */
  readonly #references = new Map<number, readonly number[]>();
  readonly #renames: readonly Renames[];
  /** Group key -> window. The group that has had no item for the longest time comes first. */
  readonly #groups = new Map<string, GroupWindow>();
  /** Runs of other correlations that this rule has been given. The same run given several times in a row is kept once. */
  readonly #inner: InnerRun[] = [];
  #lastUs = Number.NEGATIVE_INFINITY;

  constructor(
    correlation: CompiledCorrelation,
    ruleSet: Pick<RuleSet, 'rules' | 'correlations'>,
    fieldValue: MatchFieldValue,
    budget: WindowBudget,
    /** How many runs must be left for the rules that refer to this one. */
    reservedRuns = 0,
  ) {
    const { definition } = correlation;
    this.correlation = correlation;
    this.rule = correlation.rule;
    this.inputs = new Set(correlation.references.flat());
    this.#fieldValue = fieldValue;
    this.#budget = budget;
    this.#kind = kindOf(definition);
    this.everyFiring = this.#kind.everyFiring;
    for (const rule of this.inputs) {
      this.#references.set(
        rule,
        correlation.references.flatMap((rules, reference) => (rules.includes(rule) ? [reference] : [])),
      );
    }
    this.#renames = definition.rules.map((reference, i) => {
      const infos = (correlation.references[i] ?? []).map((rule) => ruleSet.rules[rule]);
      return renamesFor(definition, [reference, ...infos.flatMap((info) => [info?.name, info?.id])]);
    });
    const bounds = this.#kind.bounds(definition);
    const { expression } = definition.condition;
    const referrers = ruleSet.correlations.filter(({ references }) => references.some((rules) => rules.includes(this.rule)));
    const toldOfEach = referrers.some((referrer) => kindOf(referrer.definition).everyFiring);
    const keeps = (run: Run): boolean => {
      if (run.kept === undefined) {
        run.kept = budget.runs > reservedRuns;
        if (run.kept) budget.runs--;
      }
      return run.kept;
    };
    this.#plan = {
      spanUs: definition.timespanMs * 1000,
      bounds,
      expression,
      upperBoundOnly: bounds.length > 0 && bounds.every(({ operator }) => operator === 'lt' || operator === 'lte'),
      monotone: this.#kind.monotone && onlyLowerBounds(bounds, expression),
      onRun: (run) => {
        if (keeps(run)) {
          this.runs.push(run);
          for (const listener of this.#ofRuns) listener(run.toUs, run);
        } else {
          this.runsDropped++;
          if (referrers.length > 0 && !toldOfEach) this.firingsDropped++;
        }
      },
      onFiring: toldOfEach
        ? (timeUs, run) => {
            // A listener keeps the run that it is told of, so there must be room for the run.
            if (!keeps(run)) this.firingsDropped++;
            else for (const listener of this.#ofFirings) listener(timeUs, run);
          }
        : null,
    };
  }

  get spanUs(): number {
    return this.#plan.spanUs;
  }

  /**
   * Calls `listener` for `every` window that satisfies the condition, or for each run once it has ended, with the time of its
   * last item.
   */
  listen(every: boolean, listener: FiringListener): void {
    (every ? this.#ofFirings : this.#ofRuns).push(listener);
  }

  /** The run that an item of another run stands for. Such an item is written as `-1 - number`. */
  innerAt(number: number): InnerRun {
    const inner = this.#inner[number];
    if (inner === undefined) throw new InternalError(`no inner correlation ${number}`);
    return inner;
  }

  addMatch(position: number, rule: number, timeUs: number, match: Match): void {
    const references = this.#references.get(rule) ?? [];
    this.#add(position, references, timeUs, match, (field) => this.#fieldValue(match, this.#renamed(references, field)));
  }

  addFiring(timeUs: number, inner: InnerRun): void {
    const { run, windows } = inner;
    const references = this.#references.get(windows.rule) ?? [];
    if (this.#inner.at(-1)?.run !== run) this.#inner.push(inner);
    const groupBy = windows.correlation.definition.groupBy;
    this.#add(-this.#inner.length, references, timeUs, null, (field) => {
      const at = groupBy.indexOf(this.#renamed(references, field));
      return at < 0 ? undefined : run.names[at];
    });
  }

  /** No input before `timeUs` comes any more. */
  advance(timeUs: number): void {
    this.#lastUs = Math.max(this.#lastUs, timeUs);
    this.#closeSilentGroups();
  }

  /** To be called after the last input. */
  close(): void {
    for (const group of this.#groups.values()) this.#closeGroup(group);
    this.#groups.clear();
  }

  #add(
    source: number,
    references: readonly number[],
    timeUs: number,
    match: Match | null,
    field: (name: string) => FieldValue | undefined,
  ): void {
    this.#lastUs = timeUs;
    this.#closeSilentGroups();
    const groupBy = this.correlation.definition.groupBy;
    const record = match === null ? null : keyOf(match);
    for (const names of fieldTuples(groupBy.map(field))) {
      const key = tupleKey(names);
      const known = this.#groups.get(key);
      const again = known !== undefined && record !== null && sameRecord(known.last, record);
      if (again && this.#kind.countsRecords) continue;
      const group = known ?? new GroupWindow(names, this.#kind.window(this.correlation.definition), this.#plan);
      const datum = group.state.datum({ timeUs, references, sameRecord: again, field } satisfies CorrelationItem);
      if (datum === undefined) continue;
      if (known === undefined) this.#budget.groups--;
      else this.#groups.delete(key);
      this.#groups.set(key, group);
      const before = group.size;
      group.add(timeUs, source, datum);
      group.last = record;
      this.#budget.items -= group.size - before;
      this.#keepWithinBudget();
    }
  }

  /** Closes the groups whose window has ended. The map is ordered by last item, so these come first. */
  #closeSilentGroups(): void {
    const cutoff = this.#lastUs - this.#plan.spanUs;
    for (const [key, group] of this.#groups) {
      if (group.lastUs >= cutoff) return;
      this.#groups.delete(key);
      this.#closeGroup(group);
    }
  }

  #keepWithinBudget(): void {
    while (this.#budget.items < 0 || this.#budget.groups < 0) {
      const oldest = this.#groups.entries().next();
      if (oldest.done === true) return;
      const [key, group] = oldest.value;
      const before = group.size;
      if (this.#groups.size > 1) {
        this.#groups.delete(key);
        this.#closeGroup(group);
        this.itemsDropped += before;
        continue;
      }
      // A single item frees little. Other rules hold the room, and they give it back when their turn comes.
      if (before <= 1) return;
      group.shed();
      this.#budget.items += before - group.size;
      this.itemsDropped += before - group.size;
    }
  }

  #closeGroup(group: GroupWindow): void {
    this.#budget.items += group.size;
    this.#budget.groups++;
    group.close();
  }

  /** An alias stands for a different field name in each rule. */
  #renamed(references: readonly number[], field: string): string {
    for (const reference of references) {
      const name = this.#renames[reference]?.get(field);
      if (name !== undefined) return name;
    }
    return field;
  }
}

function kindOf(rule: CorrelationRule): CorrelationKind {
  const kind = kinds.find(({ types }) => types.includes(rule.type));
  if (kind === undefined) throw new InternalError(`no correlation type "${rule.type}"`);
  return kind;
}

/** The aliases for one reference. An alias may name the rule by name where `rules` names it by id, or the other way round. */
function renamesFor(rule: CorrelationRule, names: readonly (string | null | undefined)[]): Renames {
  const renames = new Map<string, string>();
  for (const [alias, fields] of Object.entries(rule.aliases)) {
    const name = names.find((each) => typeof each === 'string' && Object.hasOwn(fields, each));
    if (typeof name === 'string') renames.set(alias, fields[name]!);
  }
  return renames;
}

/**
 * True when both are the same record, matched by two rules. A rule matches each record once, so two matches of the same rule are
 * two records, even if their places are unknown.
 */
function sameRecord(a: RecordKey | null, b: RecordKey): boolean {
  if (a === null || a.rule === b.rule) return false;
  return a.index === b.index && a.offset === b.offset && a.timeUs === b.timeUs && a.file === b.file;
}

function keyOf({ rule, event: { file, index, offset, timeUs } }: Match): RecordKey {
  return { rule, file, index, offset, timeUs };
}
