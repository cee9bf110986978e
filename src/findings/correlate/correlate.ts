/**
 * Evaluates correlation rules. In: matches by event time (a `MatchStore`, or `matchStream` of an array) and the correlations of
 * a rule set. Out: one correlation for each run of overlapping windows that satisfy the condition, with every contributing
 * record. Refuses nothing; what a limit left out is in `diagnostics`.
 */

import type { Diagnostic } from '../../model/diagnostic.ts';
import type { Correlation, Match } from '../../model/match.ts';
import type { RuleSet } from '../../model/ruleset.ts';
import { isoFromUs } from '../../model/values/time.ts';
import { type MatchFieldValue, snapshotField } from '../store/match-fields.ts';
import type { MatchStream } from '../store/match-stream.ts';
import { CorrelationStream } from './correlation-stream.ts';
import type { CorrelationWindows, WindowBudget } from './correlation-windows.ts';
import { EvidenceList } from './evidence.ts';

/** Limit on the items in all open windows together; about 200 bytes each. */
export const MAX_WINDOW_ITEMS = 1_000_000;
/** Limit on the open groups of all rules together; about 1 KB each. */
export const MAX_GROUPS = 100_000;
/** Limit on the records listed as evidence in all correlations together; about 200 bytes each. */
export const MAX_EVIDENCE = 300_000;
/** Limit on the firings (windows that satisfy their condition) that wait for the rules that refer to them; about 50 bytes each. */
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
  const running = new CorrelationStream(ruleSet, fieldValue, budget, (position) => stream.get(position));
  for (const match of stream.inTimeOrder((rule) => running.reads(rule))) running.add(match);
  running.end();
  // `resolve` refuses cycles. A rule set from elsewhere may still have one.
  for (const { rule } of running.circular) diagnostics.push(cycle(rule, ruleSet));
  for (const each of running.windows) {
    if (each.itemsDropped > 0) diagnostics.push(windowLimit(each, ruleSet, limits));
    if (each.firingsDropped > 0) diagnostics.push(firingLimit(each, ruleSet));
  }
  noteMissingTimes(stream, ruleSet, diagnostics);
  return { ...report(stream, ruleSet, running.windows, limits, diagnostics), diagnostics };
}

function report(
  stream: MatchStream,
  ruleSet: CorrelationRules,
  all: readonly CorrelationWindows[],
  limits: { readonly evidence: number; readonly correlations: number },
  diagnostics: Diagnostic[],
): Pick<CorrelationOutput, 'correlations' | 'positions'> {
  const found = all
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
  const dropped = all.reduce((sum, { rule, runsDropped }) => sum + (ruleSet.silent[rule] === true ? 0 : runsDropped), 0);
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

function cycle(rule: number, { rules }: CorrelationRules): Diagnostic {
  return {
    code: 'correlation/cycle',
    severity: 'error',
    message: `correlation "${rules[rule]?.title ?? rule}" refers to itself through other correlations and was not used`,
    place: { file: rules[rule]?.path },
  };
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
