/**
 * Makes filters for the engine. In: the flags that choose events and files. Out: filters. After the scan, refuses a value that
 * no event had.
 */
import { UsageError } from '../../../model/errors.ts';
import { eventsRead, type ScanSummary } from '../../../model/match.ts';
import { channelTest, computerTest, type EventFilter, fitsNothing, patternTest } from '../../../scan/event-filter.ts';
import type { FlagValues } from '../../flags/flag.ts';
import type { eventFilterFlags } from '../../flags/shared/filter-flags.ts';

type EventFlags = FlagValues<typeof eventFilterFlags>;

/** null when every event is reported. */
export function eventFilterOf(flags: EventFlags): EventFilter | null {
  const filter: EventFilter = {
    computer: { include: flags.computer, exclude: flags.excludeComputer },
    user: { include: flags.user, exclude: flags.excludeUser },
    channel: { include: flags.channel, exclude: flags.excludeChannel },
    eventId: { include: flags.eventId, exclude: flags.excludeEventId },
  };
  return Object.values(filter).some(({ include, exclude }) => include.length + exclude.length > 0) ? filter : null;
}

/** null when every file is read. */
export function pathFilterOf({ path, excludePath }: EventFlags): ((path: string) => boolean) | null {
  if (path.length + excludePath.length === 0) return null;
  const included = patternTest(path);
  const excluded = patternTest(excludePath);
  return (text) => (path.length === 0 || included(text)) && !excluded(text);
}

/** Throws a UsageError when a name occurs in no event that was read, or when no event lies in the given time. */
export function checkEventFilters(
  flags: EventFlags,
  times: { readonly fromUs: number | null; readonly toUs: number | null },
  { computers, channels, from, to, interrupted, totals }: ScanSummary,
): void {
  if (interrupted || eventsRead(totals) === 0) return;
  const check = (flag: string, values: readonly string[], known: readonly string[], kind: 'computer' | 'channel'): void => {
    const test = kind === 'computer' ? computerTest : channelTest;
    for (const value of values) if (!known.some(test([value]))) throw new UsageError(fitsNothing(kind, flag, value, known));
  };
  const computerNames = computers.map(({ computer }) => computer);
  const channelNames = channels.map(({ channel }) => channel);
  check('--computer', flags.computer, computerNames, 'computer');
  check('--exclude-computer', flags.excludeComputer, computerNames, 'computer');
  check('--channel', flags.channel, channelNames, 'channel');
  check('--exclude-channel', flags.excludeChannel, channelNames, 'channel');
  if (from === null || to === null) return;
  const span = `The logs are from ${from} to ${to}.`;
  if (times.fromUs !== null && times.fromUs > Date.parse(to) * 1000 + 999)
    throw new UsageError(`--from: all events are older. ${span}`);
  if (times.toUs !== null && times.toUs < Date.parse(from) * 1000) throw new UsageError(`--to: all events are later. ${span}`);
}
