/**
 * Evaluates correlation rules. In: matches by event time (a `MatchStore`, or `matchStream` of an array) and the correlations of
 * a rule set. Out: one correlation for each run of overlapping windows that satisfy the condition, with every contributing
 * record. A rule that refers to other correlations is evaluated after them. Refuses nothing; what a limit left out is in
 * `diagnostics`.
 */

import type { Diagnostic } from '../../model/diagnostic.ts';
import type { Correlation, Match } from '../../model/match.ts';
import type { CompiledCorrelation, RuleSet } from '../../model/ruleset.ts';
import { isoFromUs } from '../../model/values/time.ts';
import { type MatchFieldValue, snapshotField } from '../store/match-fields.ts';
import type { MatchStream } from '../store/match-stream.ts';
import { sortPositions } from '../store/sort-positions.ts';
import { CorrelationWindows, type Firings, type WindowBudget } from './correlation-windows.ts';
import { EvidenceList } from './evidence.ts';

/** Limit on the items in all open windows together; about 200 bytes each. */
export const MAX_WINDOW_ITEMS = 1_000_000;
/** Limit on the open groups of all rules together; about 1 KB each. */
export const MAX_GROUPS = 100_000;
/** Limit on the records listed as evidence in all correlations together; about 200 bytes each. */
export const MAX_EVIDENCE = 300_000;
/**
 * Limit on kept firings (windows that satisfy their condition) of all rules together; about 16 bytes each. They are kept until
 * the rules that refer to them have read them.
 */
export const MAX_FIRINGS = 4_000_000;
/** Limit on the correlations kept, including those of rules that only other rules use; about 300 bytes each. */
export const MAX_RUNS = 500_000;
/** Limit on the correlations reported. */
export const MAX_CORRELATIONS = 100_000;

export interface CorrelateOptions {
  /** The value of a rule field in a match. Default: the event's own fields. See `matchFieldsOf`. */
  readonly fieldValue?: MatchFieldValue;
  /** Smaller limits, for tests. */
  readonly limits?: Partial<Record<'windowItems' | 'groups' | 'firings' | 'runs' | 'evidence' | 'correlations', number>>;
}

export interface CorrelationOutput {
  /** Sorted by time of the first record, then rule, then group. Correlations of silent rules are not included. */
  readonly correlations: readonly Correlation[];
  /** For each correlation, the positions of its listed records in the stream. */
  readonly positions: readonly (readonly number[])[];
  readonly diagnostics: readonly Diagnostic[];
}

type CorrelationRules = Pick<RuleSet, 'rules' | 'silent' | 'correlations'>;

/** For each rule, true when a correlation reads its matches: these must be kept even if the rule is silent. */
export function correlationInputs(ruleSet: Pick<RuleSet, 'correlations'>): (rule: number) => boolean {
  const inputs = new Set(ruleSet.correlations.flatMap(({ references }) => references.flat()));
  return (rule) => inputs.has(rule);
}

export function correlate(stream: MatchStream, ruleSet: CorrelationRules, options: CorrelateOptions = {}): CorrelationOutput {
  if (ruleSet.correlations.length === 0) return { correlations: [], positions: [], diagnostics: [] };
  const diagnostics: Diagnostic[] = [];
  const limits = {
    windowItems: MAX_WINDOW_ITEMS,
    groups: MAX_GROUPS,
    firings: MAX_FIRINGS,
    runs: MAX_RUNS,
    evidence: MAX_EVIDENCE,
    correlations: MAX_CORRELATIONS,
    ...options.limits,
  };
  const budget: WindowBudget = {
    items: limits.windowItems,
    groups: limits.groups,
    firings: limits.firings,
    runs: limits.runs,
  };
  const fieldValue = options.fieldValue ?? ((match: Match, field: string) => snapshotField(match.event, field));
  const done = new Map<number, CorrelationWindows>();

  const levels = levelsOf(ruleSet.correlations, ruleSet, diagnostics);
  const lastLevel = lastReferredTo(levels);
  levels.forEach((level, number) => {
    const windows = level.map((correlation) => new CorrelationWindows(correlation, ruleSet, fieldValue, budget));
    runLevel(stream, windows, done);
    for (const each of windows) {
      done.set(each.rule, each);
      if (each.itemsDropped > 0) diagnostics.push(windowLimit(each, ruleSet, limits));
      if (each.firingsDropped > 0) diagnostics.push(firingLimit(each, ruleSet));
    }
    for (const rule of lastLevel.get(number) ?? []) done.get(rule)?.forgetFirings();
  });
  noteMissingTimes(stream, ruleSet, diagnostics);
  return { ...report(stream, ruleSet, done, limits, diagnostics), diagnostics };
}

/** Evaluates all rules of one level in a single pass over the matches. Firings of earlier levels are merged in by time. */
function runLevel(
  stream: MatchStream,
  windows: readonly CorrelationWindows[],
  done: ReadonlyMap<number, CorrelationWindows>,
): void {
  const readers = new Map<number, CorrelationWindows[]>();
  const told: { readonly into: CorrelationWindows; readonly inner: CorrelationWindows; readonly firings: Firings }[] = [];
  for (const each of windows) {
    for (const rule of each.inputs) {
      const inner = done.get(rule);
      if (inner === undefined) {
        const list = readers.get(rule);
        if (list === undefined) readers.set(rule, [each]);
        else list.push(each);
      } else told.push({ into: each, inner, firings: inner.firings(each.everyFiring) });
    }
  }
  // All firings as columns: their time, the rule that they belong to, and their number there.
  const timesUs = Float64Array.from(told.flatMap(({ firings }) => firings.timesUs));
  const owners = new Uint32Array(timesUs.length);
  const starts: number[] = [];
  let count = 0;
  told.forEach(({ firings }, owner) => {
    starts.push(count);
    owners.fill(owner, count, count + firings.runs.length);
    count += firings.runs.length;
  });
  const order = sortPositions(
    owners.map((_, at) => at),
    (a, b) => timesUs[a]! - timesUs[b]!,
  );
  let next = 0;
  const feedFirings = (untilUs: number): void => {
    // At equal times firings come before matches, because what they report has already happened.
    for (; next < count && timesUs[order[next]!]! <= untilUs; next++) {
      const at = order[next]!;
      const { into, inner, firings } = told[owners[at]!]!;
      into.addFiring(timesUs[at]!, { run: firings.runs[at - starts[owners[at]!]!]!, windows: inner });
    }
  };
  if (readers.size > 0) {
    for (const { position, rule, timeUs, match } of stream.inTimeOrder((rule) => readers.has(rule))) {
      feedFirings(timeUs);
      for (const each of readers.get(rule)!) each.addMatch(position, rule, timeUs, match);
    }
  }
  feedFirings(Number.POSITIVE_INFINITY);
  for (const each of windows) each.close();
}

/** Sorts correlations into levels: each refers only to earlier levels, so that all of one level can be evaluated together. */
function levelsOf(
  correlations: readonly CompiledCorrelation[],
  ruleSet: CorrelationRules,
  diagnostics: Diagnostic[],
): readonly (readonly CompiledCorrelation[])[] {
  const levels: CompiledCorrelation[][] = [];
  let waiting = [...correlations];
  while (waiting.length > 0) {
    const open = new Set(waiting.map(({ rule }) => rule));
    const isReady = ({ references }: CompiledCorrelation): boolean =>
      !references.some((rules) => rules.some((rule) => open.has(rule)));
    const ready = waiting.filter(isReady);
    if (ready.length === 0) {
      // `resolve` refuses cycles. A rule set from elsewhere may still have one, and must not cause an endless loop.
      for (const { rule } of waiting) {
        diagnostics.push({
          code: 'correlation/cycle',
          severity: 'error',
          message: `correlation "${ruleSet.rules[rule]?.title ?? rule}" refers to itself through other correlations and was not used`,
          place: { file: ruleSet.rules[rule]?.path },
        });
      }
      break;
    }
    levels.push(ready);
    waiting = waiting.filter((each) => !isReady(each));
  }
  return levels;
}

/** For each level, the rules that no later level refers to. */
function lastReferredTo(levels: readonly (readonly CompiledCorrelation[])[]): ReadonlyMap<number, readonly number[]> {
  const last = new Map<number, number>();
  levels.forEach((level, number) => {
    for (const { references } of level) for (const rule of references.flat()) last.set(rule, number);
  });
  const byLevel = new Map<number, number[]>();
  for (const [rule, number] of last) {
    const rules = byLevel.get(number);
    if (rules === undefined) byLevel.set(number, [rule]);
    else rules.push(rule);
  }
  return byLevel;
}

function report(
  stream: MatchStream,
  ruleSet: CorrelationRules,
  done: ReadonlyMap<number, CorrelationWindows>,
  limits: { readonly evidence: number; readonly correlations: number },
  diagnostics: Diagnostic[],
): Pick<CorrelationOutput, 'correlations' | 'positions'> {
  const found = [...done.values()]
    .filter(({ rule }) => ruleSet.silent[rule] !== true)
    .flatMap((windows) => windows.runs.map((run) => ({ windows, run })))
    .sort(
      (a, b) =>
        a.run.fromUs - b.run.fromUs ||
        a.windows.rule - b.windows.rule ||
        compareText(a.run.names.join('\n'), b.run.names.join('\n')),
    );
  const evidence = new EvidenceList(stream, ruleSet, limits.evidence);
  const correlations: Correlation[] = [];
  const positions: (readonly number[])[] = [];
  let cut = 0;
  for (const { windows, run } of found.slice(0, limits.correlations)) {
    const { events, records, computer, listed } = evidence.of(windows, run);
    positions.push(listed);
    if (events.length < records) cut++;
    const { correlation } = windows;
    correlations.push({
      kind: 'correlation',
      rule: correlation.rule,
      type: correlation.definition.type,
      group: groupOf(correlation.definition.groupBy, run.names),
      from: events[0]?.TimeCreated ?? isoFromUs(run.fromUs),
      to: (events.length === records ? events.at(-1)?.TimeCreated : null) ?? isoFromUs(run.toUs),
      fromUs: run.fromUs,
      toUs: run.toUs,
      count: run.value,
      events,
      records,
      computer,
    });
  }
  if (cut > 0) {
    diagnostics.push({
      code: 'correlation/evidence-limit',
      severity: 'warning',
      message: `${cut} correlations have more contributing records than are listed`,
      hint: 'Narrow the input (--from, --to) to see all of them; "records" has the full number.',
      place: {},
    });
  }
  const dropped = [...done.values()].reduce(
    (sum, { rule, runsDropped }) => sum + (ruleSet.silent[rule] === true ? 0 : runsDropped),
    0,
  );
  if (found.length + dropped > correlations.length) {
    diagnostics.push({
      code: 'correlation/limit',
      severity: 'warning',
      message: `${found.length + dropped} correlations were found, only the first ${correlations.length} by time are reported`,
      hint: 'A correlation rule that fires this often needs a higher threshold or a narrower base rule.',
      place: {},
    });
  }
  return { correlations, positions };
}

function windowLimit(
  windows: CorrelationWindows,
  ruleSet: CorrelationRules,
  limits: { readonly windowItems: number; readonly groups: number },
): Diagnostic {
  const info = ruleSet.rules[windows.rule];
  return {
    code: 'correlation/window-limit',
    severity: 'warning',
    message:
      `correlation "${info?.title ?? windows.rule}" gave up ${windows.itemsDropped} matches before their time was over: more than ` +
      `${limits.windowItems} matches or ${limits.groups} groups were open at once`,
    hint: 'Use a shorter timespan, a narrower base rule or a coarser group-by.',
    place: { file: info?.path },
  };
}

function firingLimit({ rule, firingsDropped }: CorrelationWindows, ruleSet: CorrelationRules): Diagnostic {
  const info = ruleSet.rules[rule];
  return {
    code: 'correlation/firing-limit',
    severity: 'warning',
    message: `correlation "${info?.title ?? rule}" held too often: ${firingsDropped} times more than rules that refer to it were told`,
    hint: 'Use a higher threshold or a narrower base rule.',
    place: { file: info?.path },
  };
}

function noteMissingTimes(stream: MatchStream, ruleSet: CorrelationRules, diagnostics: Diagnostic[]): void {
  const count = stream.countWithoutTime(correlationInputs(ruleSet));
  if (count === 0) return;
  diagnostics.push({
    code: 'correlation/no-time',
    severity: 'warning',
    message: `${count === 1 ? '1 match has' : `${count} matches have`} no readable time (System/TimeCreated) and took no part in correlations`,
    place: {},
  });
}

function groupOf(fields: readonly string[], names: readonly string[]): Record<string, string> {
  const group: Record<string, string> = Object.create(null);
  fields.forEach((field, i) => {
    group[field] = names[i] ?? '';
  });
  return group;
}

function compareText(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
