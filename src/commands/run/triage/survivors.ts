/**
 * What there still is of logs that were cleared, and which logs go further back outside of the live ones. In: the tallies of a
 * scan, and where each source was found. Out: an account for each clear, and for each channel. The sources in question are
 * read again, because the tallies do not say which record is older than a clear.
 */
import { readLogs } from '../../../logs/open/read-logs.ts';
import type { EventRecord } from '../../../model/event.ts';
import type { ClearedAccount, EvidencePlace, LostState, OlderAccount } from '../../../model/evidence.ts';
import { getOrInsert } from '../../../model/values/maps.ts';
import { isoFromUs } from '../../../model/values/time.ts';
import { clearedBy } from '../../../scan/account/log-clears.ts';
import type { SourceTallies } from '../../../scan/result.ts';

/** Where a log was found: without an offset, because that is of no interest here. */
export type PlaceOf = (file: string) => EvidencePlace;

interface Clear extends Pick<ClearedAccount, 'computer' | 'log' | 'time' | 'user'> {
  readonly timeUs: number;
  readonly survived: Record<LostState, number>;
  fromUs: number;
  toUs: number;
}

const NONE: Readonly<Record<LostState, number>> = { shadow: 0, slack: 0, deleted: 0, carved: 0 };
const keyOf = (computer: string, log: string): string => `${computer}|${log}`.toLowerCase();

export async function survivorsOf(
  sources: readonly SourceTallies[],
  placeOf: PlaceOf,
  /** Whether a source has records in slack space. */
  hasSlack: (file: string) => boolean,
  signal: AbortSignal,
): Promise<ClearedAccount[]> {
  const clears = clearsByLog(sources);
  const logs = new Set([...clears.values()].map(([first]) => first!.log.toLowerCase()));
  const mayHave = sources.filter(
    ({ source: { path }, tallies }) =>
      (placeOf(path).state !== 'live' || hasSlack(path)) &&
      tallies.some(({ channels }) => channels.some(([channel]) => logs.has(channel.toLowerCase()))),
  );
  if (mayHave.length > 0) {
    const found = { sources: mayHave.map(({ source }) => source), diagnostics: [] };
    const count = (event: EventRecord, file: string): true => {
      const state = event.recovered ? 'slack' : placeOf(file).state;
      if (state !== 'live') add(clears, event, state);
      return true;
    };
    await readLogs([], count, signal, { found });
  }
  return [...clears.values()].flat().map(({ computer, log, time, user, survived, fromUs, toUs }) => ({
    computer,
    log,
    time,
    user,
    survived,
    from: fromUs <= toUs ? isoFromUs(fromUs) : null,
    to: fromUs <= toUs ? isoFromUs(toUs) : null,
  }));
}

/** Each clear once, those of one log by time. */
function clearsByLog(sources: readonly SourceTallies[]): Map<string, Clear[]> {
  const clears = new Map<string, Clear[]>();
  const events = sources.flatMap(({ tallies }) => tallies.flatMap(({ logCleared }) => logCleared));
  for (const event of events.sort((a, b) => a.timeUs - b.timeUs)) {
    const { Computer: computer, TimeCreated: time, timeUs } = event;
    const { log, user } = clearedBy(event);
    if (log === '' || Number.isNaN(timeUs)) continue;
    const key = keyOf(computer, log);
    const known = getOrInsert(clears, key, () => []);
    if (known.at(-1)?.timeUs === timeUs) continue;
    const none = { survived: { ...NONE }, fromUs: Number.POSITIVE_INFINITY, toUs: Number.NEGATIVE_INFINITY };
    known.push({ computer, log, time, user, timeUs, ...none });
  }
  return clears;
}

/** Counts a record for the clear that removed it: the first after it was written. */
function add(
  clears: ReadonlyMap<string, readonly Clear[]>,
  { computer, channel, timeUs }: { computer: string; channel: string; timeUs: number },
  state: LostState,
): void {
  const clear = clears.get(keyOf(computer, channel))?.find((one) => timeUs < one.timeUs);
  if (clear === undefined) return;
  clear.survived[state]++;
  clear.fromUs = Math.min(clear.fromUs, timeUs);
  clear.toUs = Math.max(clear.toUs, timeUs);
}

/** Only looks at logs of one channel, as nearly all are. For others the tallies do not say to which channel a time belongs. */
export function olderOf(sources: readonly SourceTallies[], placeOf: PlaceOf): OlderAccount[] {
  const live = new Map<string, number>();
  const lost = new Map<string, { fromUs: number; place: EvidencePlace }>();
  for (const { source, tallies } of sources) {
    const place = placeOf(source.path);
    for (const { channels, times } of tallies) {
      const channel = channels[0]?.[0];
      if (channel === undefined || channels.length > 1 || times === null) continue;
      const fromUs = times.from.timeUs;
      if (place.state === 'live') live.set(channel, Math.min(live.get(channel) ?? Number.POSITIVE_INFINITY, fromUs));
      else if (!((lost.get(channel)?.fromUs ?? Number.POSITIVE_INFINITY) <= fromUs)) lost.set(channel, { fromUs, place });
    }
  }
  return [...lost].flatMap(([channel, { fromUs, place }]) => {
    const liveUs = live.get(channel);
    if (liveUs !== undefined && liveUs <= fromUs) return [];
    const { state, snapshot } = place;
    const liveFrom = liveUs === undefined ? null : isoFromUs(liveUs);
    return [{ channel, liveFrom, from: isoFromUs(fromUs), state, snapshot: snapshot?.number ?? null }];
  });
}
