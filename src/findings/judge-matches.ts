/**
 * Does everything that follows matching: correlations, alerts, and the minutes before each. In: the matches of a scan, the rule
 * set, and a way to read events again. Out: correlations, alerts and incidents, the most severe first. Refuses nothing; a limit
 * that was reached becomes a diagnostic.
 */
import type { Diagnostic } from '../model/diagnostic.ts';
import type { EventSnapshot } from '../model/event.ts';
import { idOf } from '../model/event-id.ts';
import type { Incident } from '../model/incident.ts';
import type { Alert, Correlation, Lookback } from '../model/match.ts';
import type { RuleSet } from '../model/ruleset.ts';
import { addTo, rememberedUpTo } from '../model/values/maps.ts';
import { type AlertDraft, computerNumbers, groupAlerts } from './alerts.ts';
import { correlate } from './correlate/correlate.ts';
import { withoutCovered } from './correlate/covered.ts';
import { HostNames, hostLabel } from './host-names.ts';
import { groupIncidents, INCIDENT_GAP_US, type IncidentDraft, type IncidentGroups } from './incidents/group-incidents.ts';
import { type IncidentParts, incidentIdAt, incidentOf } from './incidents/incident.ts';
import { alertLimit, contextLimit, copiesLimit, incidentLimit, lookbackCopies, lookbackLimit } from './limit-diagnostics.ts';
import { chosenAlerts } from './lookback/chosen-alerts.ts';
import { LookbackCollector } from './lookback/lookback.ts';
import { markOtherMatches } from './lookback/lookback-matches.ts';
import { type LookbackPlan, type LookbackTarget, MAX_ANCHORS } from './lookback/lookback-plan.ts';
import { matchFieldsOf } from './store/match-fields.ts';
import type { MatchStore } from './store/match-store.ts';
import { wmiNotes } from './wmi/wmi-notes.ts';

/** Limit on the alerts shown in full, the most severe first. The store still has every match. */
export const MAX_ALERTS = 5_000;
/** Limit on the alerts that get a look-back, the most severe first; up to 60 KB each. */
export const MAX_LOOKBACKS = 1_000;
/** Limit on the incidents of a report, the worst first; about 1 KB each. */
export const MAX_INCIDENTS = 50_000;
/** Limit on the ids remembered, because each is made by reading a match. All are forgotten when there are more. */
const REMEMBERED_IDS = 65_536;
/** Alerts are grouped by this window where look-back is off. */
const DEFAULT_WINDOW_US = 9 * 60 * 1e6;

/** Reads events again and gives them to a collector. Implemented by the scan, which knows the sources. */
export interface ContextReader {
  /**
   * Reads seekable sources a second time: calls `collector.visit` for each event, and skips parts whose times `collector.wants`
   * rejects. Other threads may work on the same `plan`; `collector.absorb` then takes over what their `partial()` returns.
   * Streams cannot be read again, so they give what their rings kept (`visitRing`). `capped` says that some events could not be
   * read again.
   */
  read(plan: LookbackPlan, collector: LookbackCollector): Promise<{ readonly capped: boolean }>;
  /**
   * Reads in full the events that the collector has chosen: calls `collector.hold` for each event at the offsets of
   * `collector.wantedIn(file)`. False when some could not be read.
   */
  supply(collector: LookbackCollector): Promise<boolean>;
}

/** What matching has found. */
export interface Matched {
  readonly store: MatchStore;
  readonly ruleSet: RuleSet;
  /**
   * Rules that look-back does not name. Default: those that raise no alert. A rule that the report leaves out is still useful
   * as context.
   */
  readonly silent?: readonly boolean[];
  /** Computer names of all events read. */
  readonly computers: readonly string[];
  /** False where matches have already been printed and cannot be read again. There are no incidents then. Default: true. */
  readonly kept?: boolean;
}

export interface WindowOptions {
  /** Length of the look-back in microseconds; 0 switches it off. */
  readonly windowUs: number;
  /** The same length as the user wrote it: `9m`. */
  readonly window: string;
  /** An incident ends after this time without a match. Default: half an hour. */
  readonly gapUs?: number;
  /** True: a record that is in several places counts once for each of them. Default: once in all. */
  readonly keepCopies?: boolean;
  readonly limits?: { readonly alerts?: number; readonly lookbacks?: number; readonly incidents?: number };
}

export interface WindowResult {
  readonly correlations: readonly Correlation[];
  /** The most severe first, then by time. */
  readonly alerts: readonly Alert[];
  /** How many alerts there are; more than `alerts.length` only when a cap cut the list. */
  readonly alertCount: number;
  /** The worst first. */
  readonly incidents: readonly Incident[];
  /** How many incidents there are; more than `incidents.length` only when a cap cut the list. */
  readonly incidentCount: number;
  /** Id of the alert that a match belongs to; null for a match that is not reported. */
  readonly alertIdOf: (position: number) => string | null;
  readonly incidentIdOf: (position: number) => string | null;
  /** Correlation -> id of the incident of its last record. */
  readonly correlationIncidents: ReadonlyMap<Correlation, string>;
  /** Position of the first match of each alert -> what came before that match. */
  readonly lookbacks: ReadonlyMap<number, Lookback>;
  /** What the records of a match say beyond the rule. With look-back, only the first match of each alert has notes. */
  readonly notesOf: (position: number) => readonly string[];
  readonly diagnostics: readonly Diagnostic[];
}

export async function judgeMatches(matched: Matched, context: ContextReader, options: WindowOptions): Promise<WindowResult> {
  const { store, ruleSet } = matched;
  if (options.keepCopies !== true) store.leaveOutCopies();
  const all = correlate(store, ruleSet, { fieldValue: matchFieldsOf(ruleSet) });
  const { correlations, positions, diagnostics } = withoutCovered(all, ruleSet);
  const faults = [...all.diagnostics, ...diagnostics];
  if (store.copies.undecided > 0) faults.push(copiesLimit(store.copies.undecided));
  const hosts = HostNames.of(() => inTurn([matched.computers, store.computers()]));
  const computers = computerNumbers(store, hosts);
  const windowUs = options.windowUs > 0 ? options.windowUs : DEFAULT_WINDOW_US;
  const limit = options.limits?.alerts ?? MAX_ALERTS;
  const { drafts: shown, count: alertCount, firstOf } = groupAlerts(store, correlations, ruleSet, windowUs, computers, limit);
  const alertId = alertIds(store, ruleSet, firstOf);
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
  const reported = (position: number): boolean => ruleSet.silent[store.ruleAt(position)] !== true && !store.isHidden(position);
  const incidentsMost = options.limits?.incidents ?? MAX_INCIDENTS;
  const gapUs = options.gapUs ?? INCIDENT_GAP_US;
  const incidentGroups: IncidentGroups =
    matched.kept === false
      ? { incidents: [], count: 0, firstOf: () => undefined, of: () => undefined }
      : groupIncidents({ store, ruleSet, reported, correlations, positions, computers }, gapUs, incidentsMost);
  if (incidentGroups.incidents.length < incidentGroups.count)
    faults.push(incidentLimit(incidentGroups.count, incidentGroups.incidents.length));
  const incidentDraftOf = ({ match }: AlertDraft): IncidentDraft | undefined =>
    incidentGroups.of(typeof match === 'number' ? match : (evidence.get(match)?.at(-1) ?? -1));
  const timed = shown.filter((draft) => !Number.isNaN(endOf(draft)));
  const chosen = chosenAlerts(timed, options.limits?.lookbacks ?? MAX_LOOKBACKS, incidentDraftOf);
  if (options.windowUs > 0 && chosen.length < timed.length) faults.push(lookbackLimit(timed.length, chosen.length));
  const lookbacks: ReadonlyMap<AlertDraft, Lookback> =
    options.windowUs > 0 ? await lookBack(matched, chosen, records, hosts, context, options, faults) : new Map();
  const alerts = shown.map((draft) => alertOf(store, draft, alertId, records, lookbacks.get(draft) ?? null));
  const byPosition = new Map<number, Lookback>();
  for (const [{ match }, lookback] of lookbacks) if (typeof match === 'number') byPosition.set(match, lookback);
  const notesOf = options.windowUs > 0 ? notesOfAlerts(shown, alerts) : (position: number) => ownNotes(store, position);
  const ofDraft = incidentsOf(incidentGroups, {
    store,
    ruleSet,
    reported,
    hosts,
    alertId,
    evidence,
    shown,
    alerts,
    incidentDraftOf,
  });
  const incidentId = rememberedUpTo(REMEMBERED_IDS, (first: number) => incidentIdAt(store, hosts, first));
  const incidentIdOf = (position: number): string | null => {
    const first = incidentGroups.firstOf(position);
    return first === undefined ? null : incidentId(first);
  };
  return {
    correlations,
    alerts,
    alertCount,
    incidents: incidentGroups.incidents.map((draft) => ofDraft.get(draft)!),
    incidentCount: incidentGroups.count,
    alertIdOf: (position) => (matched.kept === false || firstOf(position) === undefined ? null : alertId(position)),
    incidentIdOf,
    correlationIncidents: new Map(
      [...evidence].flatMap(([correlation, own]) => {
        const id = own.length === 0 ? null : incidentIdOf(own[own.length - 1]!);
        return id === null ? [] : [[correlation, id] as const];
      }),
    ),
    lookbacks: byPosition,
    notesOf,
    diagnostics: faults,
  };
}

/** Gives the ids of alerts. Each is made only when asked for, because the first match has to be read for it. */
function alertIds(
  store: MatchStore,
  { rules }: RuleSet,
  firstOf: (position: number) => number | undefined,
): (of: number | Correlation) => string {
  const idAt = rememberedUpTo(REMEMBERED_IDS, (key: number | Correlation) => {
    const rule = rules[typeof key === 'number' ? store.ruleAt(key) : key.rule];
    const name = rule?.id ?? `${rule?.path} ${rule?.title}`;
    return typeof key === 'number'
      ? idOf(['alert', name, store.eventIdAt(key)])
      : idOf(['correlation', name, key.computer, key.from, key.to, ...Object.entries(key.group).flat()]);
  });
  return (of) => idAt(typeof of === 'number' ? firstOf(of)! : of);
}

interface IncidentContext extends Omit<IncidentParts, 'correlationsAt'> {
  /** Correlation -> its records. */
  readonly evidence: ReadonlyMap<Correlation, readonly number[]>;
  /** The drafts of `alerts`, in the same order. */
  readonly shown: readonly AlertDraft[];
  readonly incidentDraftOf: (alert: AlertDraft) => IncidentDraft | undefined;
}

function incidentsOf(groups: IncidentGroups, context: IncidentContext): ReadonlyMap<IncidentDraft, Incident> {
  const { evidence, shown, alerts, incidentDraftOf } = context;
  const byRecord = new Map<number, Correlation[]>();
  for (const [correlation, positions] of evidence) {
    for (const position of positions) addTo(byRecord, position, correlation);
  }
  const ownAlerts = new Map<IncidentDraft, Alert[]>();
  shown.forEach((alertDraft, i) => {
    const draft = incidentDraftOf(alertDraft);
    if (draft !== undefined) addTo(ownAlerts, draft, alerts[i]!);
  });
  const correlationsAt = (position: number): readonly Correlation[] => byRecord.get(position) ?? [];
  return new Map(
    groups.incidents.map((draft) => [
      draft,
      incidentOf(draft, { ...context, alerts: ownAlerts.get(draft) ?? [], correlationsAt }),
    ]),
  );
}

/** What the record of a match says beyond its rule. It needs no other event, so it is known as soon as the match is found. */
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
  { store, ruleSet, silent = ruleSet.silent, computers }: Matched,
  chosen: readonly AlertDraft[],
  records: (draft: AlertDraft) => readonly EventSnapshot[],
  hosts: HostNames,
  context: ContextReader,
  options: WindowOptions,
  faults: Diagnostic[],
): Promise<ReadonlyMap<AlertDraft, Lookback>> {
  if (chosen.length === 0) return new Map();
  const plan: LookbackPlan = {
    targets: chosen.map((draft): LookbackTarget => ({ computer: draft.computer, timeUs: endOf(draft), anchors: records(draft) })),
    windowUs: options.windowUs,
    window: options.window,
    computers: namesLike(chosen, [computers, store.computers()]),
    copies: store.copies.records > 0,
  };
  const collector = new LookbackCollector(plan);
  const { capped } = await context.read(plan, collector);
  markOtherMatches(store, { rules: ruleSet.rules, silent }, plan, chosen, collector, hosts);
  const supplied = await context.supply(collector);
  const incomplete = capped || !supplied;
  if (incomplete) faults.push(contextLimit());
  const lookbacks = collector.finish(incomplete);
  if (collector.countsCopies) faults.push(lookbackCopies());
  return new Map(chosen.map((draft, i) => [draft, lookbacks[i]!]));
}

/** A generator, because there may be millions of names. */
function* inTurn(names: readonly Iterable<string>[]): Generator<string> {
  for (const list of names) yield* list;
}

/** The names that may mean a computer of the alerts. There may be millions of others. */
function namesLike(drafts: readonly AlertDraft[], names: readonly Iterable<string>[]): string[] {
  const labels = new Set(drafts.map(({ computer }) => hostLabel(computer)));
  const like = new Set<string>();
  for (const name of inTurn(names)) if (labels.has(hostLabel(name))) like.add(name);
  return [...like];
}

/** The end of the look-back window: the time of a match, or of a correlation's last record. */
function endOf(draft: AlertDraft): number {
  return typeof draft.match === 'number' ? draft.firstUs : draft.lastUs;
}

/**
 * The matches of an alert are read only when asked for, because most of thousands of alerts are printed as one line, or not at
 * all.
 */
function alertOf(
  store: MatchStore,
  draft: AlertDraft,
  alertId: (of: number | Correlation) => string,
  records: (draft: AlertDraft) => readonly EventSnapshot[],
  lookback: Lookback | null,
): Alert {
  const { rule, computer, count, firstUs, lastUs } = draft;
  const match = once(() => (typeof draft.match === 'number' ? store.get(draft.match) : draft.match));
  // Most alerts have one match, which is then parsed once.
  const last = once(() => (draft.last === null || draft.last === draft.match ? match() : store.get(draft.last)));
  const notes = once((): readonly string[] => {
    if (typeof draft.match === 'number' && !store.isNotable(draft.match)) return NO_NOTES;
    const around = lookback === null ? null : [...lookback.related, ...lookback.after].map(({ event }) => event);
    const first = match();
    return wmiNotes(first.kind === 'match' ? [first.event] : records(draft), around);
  });
  return {
    get id() {
      return alertId(draft.match);
    },
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
