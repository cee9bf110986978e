/**
 * Puts the places of records into the result of a scan. In: the result, and what was collected from images, folders and archives.
 * Out: the same result, in which each match, alert and event says where its record is, and the account of the evidence.
 */

import type { CollectedLogs } from '../../../evidence/collect.ts';
import type { CollectedFiles } from '../../../evidence/collected-files.ts';
import type { EvidencePlace, LogState, LostAccount, LostState } from '../../../model/evidence.ts';
import type { Alert, Match, RecordPlace } from '../../../model/match.ts';
import { LEVELS } from '../../../model/rule.ts';
import { getOrInsert } from '../../../model/values/maps.ts';
import { whereText } from '../../../report/evidence-account.ts';
import type { ReportedMatchText } from '../../../report/reporter.ts';
import type { ScanResult } from '../../../scan/result.ts';
import type { ScanEngine } from '../scan/scan-request.ts';
import { machinesOf } from './machines.ts';
import { olderOf, survivorsOf } from './survivors.ts';

type Result = Awaited<ReturnType<ScanEngine>>;

const STATES: readonly LostState[] = ['shadow', 'deleted', 'slack', 'carved'];
const NO_IMAGE = { image: null, volume: null, snapshot: null, state: 'live', mftRecord: null, diskOffset: null } as const;
/** How an event's JSON begins, and how it ends when the record was recovered. */
const OFFSET = /^"offset":(\d+)/;
const OFFSET_TEXT = 32;
const RECOVERED = Buffer.from('"recovered":true');

export async function withEvidence(
  result: ScanResult,
  { places, uncounted, copies, account, diagnostics }: CollectedLogs,
  files: CollectedFiles,
  signal: AbortSignal,
): Promise<Result> {
  const placeOf = (file: string, offset: number, recovered: boolean): EvidencePlace => {
    const place = places.get(file)?.(offset) ?? files.places.get(file) ?? { ...NO_IMAGE, path: file };
    return recovered ? { ...place, state: 'slack' } : place;
  };
  const ofMatch = (match: Match): EvidencePlace => placeOf(match.event.file, match.event.offset, match.event.recovered);
  const ofText = ({ file, event }: ReportedMatchText): EvidencePlace => {
    const text = Buffer.from(event.buffer, event.byteOffset, event.length);
    const offset = Number(OFFSET.exec(text.toString('latin1', 0, OFFSET_TEXT))?.[1] ?? Number.NaN);
    return placeOf(file, offset, text.subarray(-RECOVERED.length).equals(RECOVERED));
  };
  const copiesOf = ({ file, index }: RecordPlace): RecordPlace[] =>
    (copies.get(file) ?? []).map((copy) => ({ file: copy, index }));
  const alsoIn = (match: Pick<Match, 'alsoIn'>, place: RecordPlace): Pick<Match, 'alsoIn'> => {
    const more = copiesOf(place);
    return more.length === 0 ? {} : { alsoIn: [...(match.alsoIn ?? []), ...more] };
  };
  const { summary } = result;
  // Logs that were given as files count as live, unless a collection has them from a shadow copy.
  const given = summary.files
    .filter(({ file }) => !places.has(file) && files.places.get(file)?.state !== 'shadow')
    .reduce((sum, { records }) => sum + records, 0);
  const withSlack = new Set(summary.files.flatMap(({ file, recovered }) => (recovered > 0 ? [file] : [])));
  const sourceAt = (file: string): EvidencePlace => placeOf(file, 0, false);
  const told = {
    matched: matchedOf(result, ofText),
    machines: machinesOf(result.sources, summary.computers),
    cleared: await survivorsOf(result.sources, sourceAt, (file) => withSlack.has(file), signal),
    older: olderOf(result.sources, sourceAt),
  };
  const counts = new Map(summary.files.filter(({ file }) => uncounted.has(file)).map(({ file, records }) => [file, records]));
  const inState = (state: LogState): number =>
    [...counts].reduce((sum, [file, count]) => (sourceAt(file).state === state ? sum + count : sum), account.records[state]);
  const records = {
    live: inState('live') + given,
    shadow: inState('shadow') + files.shadowRecords,
    slack: summary.totals.recovered,
    deleted: inState('deleted'),
    carved: inState('carved'),
  };
  const logs = account.logs.map((log) => {
    const count = counts.get(log.file);
    return count === undefined ? log : { ...log, records: count, newRecords: count };
  });
  const evidence = { ...account, logs, ...told, records };
  // The account may also have been interrupted while it was made.
  const interrupted = summary.interrupted || signal.aborted;

  return {
    ...result,
    matches: (order) =>
      mapped(result.matches(order), (match) => ({ ...match, ...alsoIn(match, match.event), evidence: ofMatch(match) })),
    matchTexts: () => mapped(result.matchTexts(), (match) => ({ ...match, ...alsoIn(match, match), evidence: ofText(match) })),
    alerts: result.alerts.map((alert) => labelled(alert, ofMatch, (match) => alsoIn(match, match.event))),
    incidents: result.incidents.map((incident) => ({
      ...incident,
      events: () =>
        mapped(incident.events(), (one) => ({
          ...one,
          copies: [...one.copies, ...copiesOf(one.event)],
          evidence: placeOf(one.event.file, one.event.offset, one.event.recovered),
        })),
    })),
    summary: { ...summary, interrupted, evidence, diagnostics: [...diagnostics, ...files.diagnostics, ...summary.diagnostics] },
    close: () => result.close(),
  };
}

/** What is found only outside of live logs. */
function matchedOf(result: ScanResult, placeOf: (match: ReportedMatchText) => EvidencePlace): LostAccount[] {
  const states = new Map<LostState, { readonly events: Set<string>; readonly rules: Set<number> }>();
  for (const match of result.matchTexts()) {
    const { state } = placeOf(match);
    if (state === 'live') continue;
    const found = getOrInsert(states, state, () => ({ events: new Set(), rules: new Set() }));
    found.events.add(match.eventId);
    found.rules.add(match.rule);
  }
  const rank = (rule: number): number => LEVELS.indexOf(result.rules[rule]!.level ?? LEVELS[0]!);
  return STATES.flatMap((state) => {
    const found = states.get(state);
    if (found === undefined) return [];
    const rules = [...found.rules].sort((a, b) => rank(b) - rank(a) || a - b).map((rule) => result.rules[rule]!.title);
    return [{ state, events: found.events.size, rules }];
  });
}

function* mapped<A, B>(all: Iterable<A>, map: (one: A) => B): Generator<B> {
  for (const one of all) yield map(one);
}

/** A record that the live logs no longer have is often the most important finding. */
function labelled(
  alert: Alert,
  ofMatch: (match: Match) => EvidencePlace,
  alsoIn: (match: Match) => Pick<Match, 'alsoIn'>,
): Alert {
  if (alert.match.kind !== 'match') return alert;
  const place = ofMatch(alert.match);
  const copies = alsoIn(alert.match);
  if (place.state === 'live' && copies.alsoIn === undefined) return alert;
  const match = { ...alert.match, ...copies };
  if (place.state === 'live') return { ...without(alert), match };
  const first = alert.count === 1 ? 'This record is' : 'The first of these records is';
  const note = `${first} ${whereText(place)}; no live log has it.`;
  return { ...without(alert), match, notes: [note, ...alert.notes] };
}

/** Alerts read their content when it is asked for. Spreading the object reads it once. */
function without(alert: Alert): Alert {
  const { id, rule, computer, count, first, last, firstUs, lastUs, match, lookback, notes } = alert;
  return { id, rule, computer, count, first, last, firstUs, lastUs, match, lookback, notes };
}
