/** Runs -> the records that they are made of. Follows inner correlations down to their records. */
import type { EventRef, Match } from '../../model/match.ts';
import type { RuleSet } from '../../model/ruleset.ts';
import type { MatchStream } from '../store/match-stream.ts';
import type { CorrelationWindows } from './correlation-windows.ts';
import type { Run } from './group-window.ts';

export interface Evidence {
  readonly events: readonly EventRef[];
  /** Their positions in the stream. */
  readonly listed: readonly number[];
  /** How many there are, listed or not. */
  readonly records: number;
  /** Of the last record. */
  readonly computer: string;
}

export function eventRef(match: Match, title: string): EventRef {
  const { event } = match;
  return {
    file: event.file,
    index: event.index,
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
  /** Records that may still be listed. */
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
    // Items come by time; records of inner correlations may lie between those of others.
    if (run.items.some((item) => item < 0)) matches.sort((a, b) => a.match.event.timeUs - b.match.event.timeUs);
    const events = matches.map(({ match }) => eventRef(match, this.#rules[match.rule]?.title ?? ''));
    this.#left -= events.length;
    const last = events.length === positions.size ? matches.at(-1)?.match : this.#stream.get([...positions].at(-1)!);
    return { events, records, computer: last?.event.Computer ?? '', listed: matches.map(({ position }) => position) };
  }
}

/** Adds the positions of a run's matches; returns how many more it has that caps kept out of the list. */
function collect(windows: CorrelationWindows, run: Run, into: Set<number>): number {
  let hidden = run.count - run.items.length;
  const seen = new Set<Run>();
  for (const item of run.items) {
    if (item >= 0) {
      into.add(item);
      continue;
    }
    const inner = windows.innerAt(-1 - item);
    if (seen.has(inner.run)) continue;
    seen.add(inner.run);
    hidden += collect(inner.windows, inner.run, into);
  }
  return hidden;
}
