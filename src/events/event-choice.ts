// HOT: every event of `search`, `dump`, `metrics` and `logons` passes through `wants`.
/**
 * Chooses events by the values of flags, which mean the same as in the filters of a scan. In: the values of the flags. Out:
 * whether an event is wanted and, at the end, which values no event fitted. Refuses nothing.
 */
import { type EventRecord, fieldValue } from '../model/event.ts';
import { isoFromUs } from '../model/values/time.ts';
import { channelTest, computerTest, type EventKind, fitsNothing, kindName, patternTest, usersIn } from '../scan/event-filter.ts';

export interface ChosenEvents {
  /** Microseconds since 1970 UTC; null: no limit. An event without a time lies outside of every limit. */
  readonly from: number | null;
  readonly to: number | null;
  readonly channel: readonly string[];
  readonly computer: readonly string[];
  readonly eventId: readonly number[];
  readonly user: readonly string[];
}

/** Limit on the names that are remembered for each flag. Above it, values that fitted no event are not reported. */
const MAX_NAMES = 100_000;

interface Wanted {
  readonly kind: EventKind;
  readonly values: readonly string[];
  readonly test: typeof patternTest;
  readonly fits: (name: string) => boolean;
  readonly known: Map<string, boolean>;
}

export class EventChoice {
  readonly #fromUs: number;
  readonly #toUs: number;
  readonly #timed: boolean;
  readonly #wanted: readonly Wanted[];
  /** The first and the last time of all events. */
  #firstUs = Number.POSITIVE_INFINITY;
  #lastUs = Number.NEGATIVE_INFINITY;
  #overflowed = false;

  constructor({ from, to, channel, computer, eventId, user }: ChosenEvents) {
    this.#fromUs = from ?? Number.NEGATIVE_INFINITY;
    this.#toUs = to ?? Number.POSITIVE_INFINITY;
    this.#timed = from !== null || to !== null;
    this.#wanted = [
      ...wantedOf('computer', computer, computerTest),
      ...wantedOf('channel', channel, channelTest),
      ...wantedOf('eventId', eventId.map(String), patternTest),
      ...wantedOf('user', user, patternTest),
    ];
  }

  wants(event: EventRecord): boolean {
    let wants = true;
    if (this.#timed) {
      const { timeUs } = event;
      if (timeUs < this.#firstUs) this.#firstUs = timeUs;
      if (timeUs > this.#lastUs) this.#lastUs = timeUs;
      wants = timeUs >= this.#fromUs && timeUs <= this.#toUs;
    }
    // All flags are tested, so that the names of an event are remembered even if another flag leaves the event out.
    for (const wanted of this.#wanted) if (!this.#fits(wanted, NAMES[wanted.kind](event))) wants = false;
    return wants;
  }

  /** Messages about values that no event fitted. */
  faults(): readonly string[] {
    if (this.#overflowed || this.#nothingRead()) return [];
    const faults = this.#wanted.flatMap(({ kind, values, test, known }) => {
      const names = [...known.keys()];
      return values
        .filter((value) => !names.some(test([value])))
        .map((value) => fitsNothing(kind, `--${kindName(kind)}`, value, names));
    });
    const span = (): string => `The logs are from ${isoFromUs(this.#firstUs)} to ${isoFromUs(this.#lastUs)}.`;
    if (this.#timed && this.#lastUs < this.#fromUs) faults.push(`--from: all events are older. ${span()}`);
    if (this.#timed && this.#firstUs > this.#toUs) faults.push(`--to: all events are later. ${span()}`);
    return faults;
  }

  #nothingRead(): boolean {
    return this.#firstUs === Number.POSITIVE_INFINITY && this.#wanted.every(({ known }) => known.size === 0);
  }

  #fits(wanted: Wanted, names: readonly string[]): boolean {
    let fits = false;
    for (const name of names) if (this.#fitsOne(wanted, name)) fits = true;
    return fits;
  }

  #fitsOne({ known, fits }: Wanted, name: string): boolean {
    const answer = known.get(name);
    if (answer !== undefined) return answer;
    const fresh = fits(name);
    if (known.size < MAX_NAMES) known.set(name, fresh);
    else this.#overflowed = true;
    return fresh;
  }
}

function wantedOf(kind: Wanted['kind'], values: readonly string[], test: Wanted['test']): readonly Wanted[] {
  return values.length === 0 ? [] : [{ kind, values, test, fits: test(values), known: new Map() }];
}

const NAMES: Readonly<Record<EventKind, (event: EventRecord) => readonly string[]>> = {
  computer: (event) => [event.computer],
  channel: (event) => [event.channel],
  eventId: (event) => [String(event.eventId)],
  user: (event) => usersIn((field) => fieldValue(event, field)),
};
