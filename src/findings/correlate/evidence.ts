/**
 * Finds the records of each run. In: runs. Out: their records, including those of the correlations that they build on. Lists
 * are cut at a limit, and the rest is counted.
 */
import { eventIdOf } from '../../model/event-id.ts';
import type { EventRef, Match } from '../../model/match.ts';
import type { RuleSet } from '../../model/ruleset.ts';
import type { MatchStream } from '../store/match-stream.ts';
import type { CorrelationWindows } from './correlation-windows.ts';
import type { Run } from './group-window.ts';

export interface Evidence {
  readonly events: readonly EventRef[];
  /** Positions of the listed records in the stream. */
  readonly listed: readonly number[];
  /** How many records there are, listed or not. */
  readonly records: number;
  /** The computer of the last record. */
  readonly computer: string;
}

export function eventRef(match: Match, title: string): EventRef {
  const { event } = match;
  return {
    file: event.file,
    index: event.index,
    id: eventIdOf(event),
    EventRecordID: event.EventRecordID,
    TimeCreated: event.TimeCreated,
    EventID: event.EventID,
    Channel: event.Channel,
    Computer: event.Computer,
    rule: title,
  };
}

export class EvidenceList {
  readonly #stream: MatchStream;
  readonly #rules: RuleSet['rules'];
  /** How many records may still be listed. */
  #left: number;

  constructor(stream: MatchStream, ruleSet: Pick<RuleSet, 'rules'>, limit: number) {
    this.#stream = stream;
    this.#rules = ruleSet.rules;
    this.#left = limit;
  }

  of(windows: CorrelationWindows, run: Run): Evidence {
    const positions = new Set<number>();
    const hidden = collect(windows, run, positions);
    const records = positions.size + hidden;
    const matches = [...positions]
      .slice(0, Math.max(this.#left, 0))
      .map((position) => ({ position, match: this.#stream.get(position) }));
    // Items are in time order, but records of another correlation may lie between those of the other items.
    if (run.items.some((item) => item < 0)) matches.sort((a, b) => a.match.event.timeUs - b.match.event.timeUs);
    const events = matches.map(({ match }) => eventRef(match, this.#rules[match.rule]?.title ?? ''));
    this.#left -= events.length;
    const last = events.length === positions.size ? matches.at(-1)?.match : this.#stream.get([...positions].at(-1)!);
    return { events, records, computer: last?.event.Computer ?? '', listed: matches.map(({ position }) => position) };
  }
}

/**
 * Adds the positions of a run's matches and of the runs it builds on, each run once. Returns how many more there are that a
 * limit kept out of the lists. It does not use recursion, because chains of correlations may be thousands long.
 */
function collect(windows: CorrelationWindows, run: Run, into: Set<number>): number {
  let hidden = 0;
  const seen = new Set<Run>();
  const open: { readonly windows: CorrelationWindows; readonly run: Run; next: number }[] = [];
  const enter = (inner: { readonly windows: CorrelationWindows; readonly run: Run }): void => {
    if (seen.has(inner.run)) return;
    seen.add(inner.run);
    hidden += inner.run.count - inner.run.items.length;
    open.push({ windows: inner.windows, run: inner.run, next: 0 });
  };
  enter({ windows, run });
  for (let at = open.at(-1); at !== undefined; at = open.at(-1)) {
    const item = at.run.items[at.next++];
    if (item === undefined) open.pop();
    else if (item >= 0) into.add(item);
    else enter(at.windows.innerAt(-1 - item));
  }
  return hidden;
}
