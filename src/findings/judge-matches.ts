/**
 * What happens after matching: correlations, alerts, and the minutes before each. In: the matches of a scan, the rule set, and a
 * way to see events again. Out: correlations and alerts, the most severe first. Refuses nothing; caps that were hit are
 * diagnostics.
 */
import type { Diagnostic } from '../model/diagnostic.ts';
import type { EventSnapshot } from '../model/event.ts';
import type { Alert, Correlation, Lookback } from '../model/match.ts';
import type { RuleSet } from '../model/ruleset.ts';
import { type AlertDraft, groupAlerts } from './alerts.ts';
import { correlate } from './correlate/correlate.ts';
import { HostNames, hostLabel } from './host-names.ts';
import { LookbackCollector } from './lookback/lookback.ts';
import { markOtherMatches } from './lookback/lookback-matches.ts';
import { type LookbackPlan, type LookbackTarget, MAX_ANCHORS } from './lookback/lookback-plan.ts';
import { matchFieldsOf } from './store/match-fields.ts';
import type { MatchStore } from './store/match-store.ts';
import { wmiNotes } from './wmi/wmi-notes.ts';

/** Alerts shown in full, the most severe first; every match is still in the store. */
export const MAX_ALERTS = 5_000;
/** Alerts whose past is looked up, the most severe first: up to 60 KB each. */
export const MAX_LOOKBACKS = 1_000;
/** Grouping needs a window even where look-back is off. */
const DEFAULT_WINDOW_US = 9 * 60 * 1e6;

/** Shows a collector every event that may lie in one of its windows. Implemented by the scan, which knows the sources. */
export interface ContextReader {
  /**
   * Seekable sources are read a second time: `collector.visit` for each event, parts left out whose times `collector.wants`
   * denies; other threads may work on the same `plan` and hand over their `partial()` to `collector.absorb`. Streams give what
   * their rings kept (`visitRing`). `capped`: some events could not be had again.
   */
  read(plan: LookbackPlan, collector: LookbackCollector): Promise<{ readonly capped: boolean }>;
  /** Gives the collector in full what it has chosen: `collector.hold` for each event at the offsets of `collector.wantedIn(file)`.
   *  False when some could not be had. */
  supply(collector: LookbackCollector): Promise<boolean>;
}

export interface WindowOptions {
  /** Length of the look-back in microseconds; 0 switches it off. */
  readonly windowUs: number;
  /** As given: `9m`. */
  readonly window: string;
  /** Computer names of all events read. */
  readonly computers: readonly string[];
  readonly context: ContextReader;
  /** True: a record that was found in several places counts as often. Default: once. */
  readonly keepCopies?: boolean;
  readonly limits?: { readonly alerts?: number; readonly lookbacks?: number };
}

export interface WindowResult {
  readonly correlations: readonly Correlation[];
  /** The most severe first, then by time. */
  readonly alerts: readonly Alert[];
  /** How many alerts there are; more than `alerts.length` only when a cap cut the list. */
  readonly alertCount: number;
  /** Position in the store -> what came before that match. Alerts have theirs first; a cap may leave later matches without. */
  readonly lookbacks: ReadonlyMap<number, Lookback>;
  /** What is to be said of a match beyond its rule: where there is a look-back, of those that come first in their alert. */
  readonly notesOf: (position: number) => readonly string[];
  readonly diagnostics: readonly Diagnostic[];
}

export async function judgeMatches(store: MatchStore, ruleSet: RuleSet, options: WindowOptions): Promise<WindowResult> {
  if (options.keepCopies !== true) store.leaveOutCopies();
  const { correlations, positions, diagnostics } = correlate(store, ruleSet, { fieldValue: matchFieldsOf(ruleSet) });
  const faults = [...diagnostics];
  if (store.copies.undecided > 0) faults.push(copiesLimit(store.copies.undecided));
  const hosts = HostNames.of(() => inTurn([options.computers, store.computers()]));
  const windowUs = options.windowUs > 0 ? options.windowUs : DEFAULT_WINDOW_US;
  const limit = options.limits?.alerts ?? MAX_ALERTS;
  const { drafts: shown, count: alertCount } = groupAlerts(store, correlations, ruleSet, windowUs, hosts, limit);
  if (shown.length < alertCount) faults.push(alertLimit(alertCount, shown.length));

  const evidence = new Map<Correlation, readonly number[]>(
    correlations.map((correlation, i) => [correlation, positions[i] ?? []]),
  );
  const records = (draft: AlertDraft): readonly EventSnapshot[] => {
    if (typeof draft.match === 'number') return [store.get(draft.match).event];
    const computer = hosts.canonical(draft.computer);
    return (evidence.get(draft.match) ?? [])
      .filter((position) => hosts.canonical(store.computerAt(position)) === computer)
      .slice(-MAX_ANCHORS)
      .map((position) => store.get(position).event);
  };
  const lookbacks: ReadonlyMap<AlertDraft, Lookback> =
    options.windowUs > 0 ? await lookBack(store, ruleSet, shown, records, hosts, options, faults) : new Map();
  const alerts = shown.map((draft) => alertOf(store, draft, records, lookbacks.get(draft) ?? null));
  const byPosition = new Map<number, Lookback>();
  for (const [{ match }, lookback] of lookbacks) if (typeof match === 'number') byPosition.set(match, lookback);
  const notesOf = options.windowUs > 0 ? notesOfAlerts(shown, alerts) : (position: number) => ownNotes(store, position);
  return { correlations, alerts, alertCount, lookbacks: byPosition, notesOf, diagnostics: faults };
}

/** What the record of a match says beyond its rule, without a look at others: can be said as soon as the match is found. */
export function ownNotes(store: MatchStore, position: number): readonly string[] {
  return store.isNotable(position) ? wmiNotes([store.get(position).event], null) : NO_NOTES;
}

const NO_NOTES: readonly string[] = [];

function notesOfAlerts(shown: readonly AlertDraft[], alerts: readonly Alert[]): WindowResult['notesOf'] {
  const byMatch = new Map<number, Alert>();
  shown.forEach(({ match }, i) => {
    if (typeof match === 'number') byMatch.set(match, alerts[i]!);
  });
  return (position) => byMatch.get(position)?.notes ?? NO_NOTES;
}

async function lookBack(
  store: MatchStore,
  ruleSet: RuleSet,
  shown: readonly AlertDraft[],
  records: (draft: AlertDraft) => readonly EventSnapshot[],
  hosts: HostNames,
  options: WindowOptions,
  faults: Diagnostic[],
): Promise<ReadonlyMap<AlertDraft, Lookback>> {
  const limit = options.limits?.lookbacks ?? MAX_LOOKBACKS;
  const timed = shown.filter((draft) => !Number.isNaN(endOf(draft)));
  const further = furtherMatches(store, ruleSet, shown, limit - timed.length);
  const chosen = [...timed, ...further].slice(0, limit);
  const wanted = timed.length + countFurther(store, ruleSet, shown);
  if (chosen.length < wanted) faults.push(lookbackLimit(wanted, chosen.length));
  if (chosen.length === 0) return new Map();
  const plan: LookbackPlan = {
    targets: chosen.map((draft): LookbackTarget => ({ computer: draft.computer, timeUs: endOf(draft), anchors: records(draft) })),
    windowUs: options.windowUs,
    window: options.window,
    computers: namesLike(chosen, [options.computers, store.computers()]),
    copies: store.copies.records > 0,
  };
  const collector = new LookbackCollector(plan);
  const { capped } = await options.context.read(plan, collector);
  markOtherMatches(store, ruleSet, plan, chosen, collector, hosts);
  const supplied = await options.context.supply(collector);
  const incomplete = capped || !supplied;
  if (incomplete) faults.push(contextLimit());
  const lookbacks = collector.finish(incomplete);
  if (collector.countsCopies) faults.push(lookbackCopies());
  return new Map(chosen.map((draft, i) => [draft, lookbacks[i]!]));
}

/** There may be millions. */
function* inTurn(names: readonly Iterable<string>[]): Generator<string> {
  for (const list of names) yield* list;
}

/** The names that may mean one of the computers of the alerts: there may be millions of others. */
function namesLike(drafts: readonly AlertDraft[], names: readonly Iterable<string>[]): string[] {
  const labels = new Set(drafts.map(({ computer }) => hostLabel(computer)));
  const like = new Set<string>();
  for (const name of inTurn(names)) if (labels.has(hostLabel(name))) like.add(name);
  return [...like];
}

/** Matches behind the first of their alert have a past of their own, for machine formats: by file, as many as `room` allows. */
function furtherMatches(
  store: MatchStore,
  ruleSet: Pick<RuleSet, 'silent'>,
  shown: readonly AlertDraft[],
  room: number,
): readonly AlertDraft[] {
  if (room <= 0) return [];
  const first = new Set(shown.map(({ match }) => match));
  const further: AlertDraft[] = [];
  for (const position of store.positionsInFileOrder()) {
    if (further.length === room) break;
    const timeUs = store.timeUsAt(position);
    if (ruleSet.silent[store.ruleAt(position)] === true || first.has(position) || Number.isNaN(timeUs)) continue;
    const rule = store.ruleAt(position);
    const computer = store.computerAt(position);
    further.push({ order: position, rule, computer, count: 1, firstUs: timeUs, lastUs: timeUs, match: position, last: position });
  }
  return further;
}

function countFurther(store: MatchStore, ruleSet: Pick<RuleSet, 'silent'>, shown: readonly AlertDraft[]): number {
  let matches = 0;
  for (const position of store.positionsInFileOrder()) {
    if (ruleSet.silent[store.ruleAt(position)] !== true && !Number.isNaN(store.timeUsAt(position))) matches++;
  }
  const first = shown.filter(({ match, firstUs }) => typeof match === 'number' && !Number.isNaN(firstUs)).length;
  return matches - first;
}

/** A match is looked back from its own time, a correlation from its last record. */
function endOf(draft: AlertDraft): number {
  return typeof draft.match === 'number' ? draft.firstUs : draft.lastUs;
}

/** Matches are read when they are asked for: most of thousands of alerts are printed as a line, or not at all. */
function alertOf(
  store: MatchStore,
  draft: AlertDraft,
  records: (draft: AlertDraft) => readonly EventSnapshot[],
  lookback: Lookback | null,
): Alert {
  const { rule, computer, count, firstUs, lastUs } = draft;
  const match = once(() => (typeof draft.match === 'number' ? store.get(draft.match) : draft.match));
  // Most alerts are of one match: it is parsed once.
  const last = once(() => (draft.last === null || draft.last === draft.match ? match() : store.get(draft.last)));
  const notes = once((): readonly string[] => {
    if (typeof draft.match === 'number' && !store.isNotable(draft.match)) return NO_NOTES;
    const around = lookback === null ? null : [...lookback.related, ...lookback.after].map(({ event }) => event);
    const first = match();
    return wmiNotes(first.kind === 'match' ? [first.event] : records(draft), around);
  });
  return {
    rule,
    computer,
    count,
    get first() {
      const first = match();
      return first.kind === 'match' ? first.event.TimeCreated : first.from;
    },
    get last() {
      const end = last();
      return end.kind === 'match' ? end.event.TimeCreated : end.to;
    },
    firstUs,
    lastUs,
    get match() {
      return match();
    },
    lookback,
    get notes() {
      return notes();
    },
  };
}

function once<T>(make: () => T): () => T {
  let made: { readonly value: T } | null = null;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}

function copiesLimit(undecided: number): Diagnostic {
  return {
    code: 'window/copies-limit',
    severity: 'warning',
    message: `${undecided} matches may be copies of others and were counted as records of their own`,
    hint: 'Too many records have one EventRecordID and second. Give each log once.',
    place: {},
  };
}

function alertLimit(found: number, shown: number): Diagnostic {
  return {
    code: 'window/alert-limit',
    severity: 'warning',
    message: `${found} alerts were raised, only the ${shown} most severe are shown in full`,
    hint: 'Machine formats hold every match; --min-level and --from/--to narrow the report.',
    place: {},
  };
}

function lookbackLimit(found: number, done: number): Diagnostic {
  return {
    code: 'window/lookback-limit',
    severity: 'warning',
    message: `look-back was done for ${done} of ${found} alerts and matches, the most severe alerts first`,
    hint: 'Narrow the input or the rules to see the rest, or switch it off with --lookback 0.',
    place: {},
  };
}

function lookbackCopies(): Diagnostic {
  return {
    code: 'window/copies-limit',
    severity: 'warning',
    message: 'look-back counts records that are in several files as often: there are too many events near matches',
    hint: 'Give each log once.',
    place: {},
  };
}

function contextLimit(): Diagnostic {
  return {
    code: 'window/context-limit',
    severity: 'warning',
    message: 'look-back is incomplete: some events before the matches could not be held or read again',
    hint: 'Files are read a second time, streams are not: give the input as a file, and let the scan end.',
    place: {},
  };
}
