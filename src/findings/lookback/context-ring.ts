/**
 * Look-back for sources that cannot be read twice (stdin, compressed files). In: every event of the stream, and which of them
 * matched. Out: the events that lie in a window around a match, as plain data. Holds the last events of each computer only; what
 * a cap kept out is said in `capped`.
 */
import { type EventRecord, type EventSnapshot, snapshotEvent } from '../../model/event.ts';
import { snapshotRecord } from '../store/snapshot-record.ts';
import { eventKindOf } from './links/event-links.ts';
import type { LookbackCollector } from './lookback.ts';

/** Events held for matches to come, per stream: those worth showing, about 2 KB each, and times of all others. */
export const RING_EVENTS = 10_000;
export const RING_TIMES = 500_000;
/** Events kept because they lie in a window, per stream. */
export const KEPT_EVENTS = 20_000;
export const KEPT_TIMES = 2_000_000;

/** What a ring gives in the end. Plain data: a worker may send it. */
export interface RingContext {
  readonly computers: readonly {
    readonly computer: string;
    readonly events: readonly EventSnapshot[];
    /** Times of events that are only counted. */
    readonly timesUs: readonly number[];
  }[];
  /** True when caps kept events out. */
  readonly capped: boolean;
}

interface RingEntry {
  readonly timeUs: number;
  snapshot: EventSnapshot | null;
  /** Still held for matches to come. */
  held: boolean;
  kept: boolean;
}

interface ComputerRing {
  readonly computer: string;
  entries: RingEntry[];
  /** Oldest entry still held. */
  head: number;
  /** Latest event time seen. */
  latestUs: number;
  /** [from, to] pairs in microseconds that matches have asked for. */
  readonly windows: { fromUs: number; toUs: number }[];
  readonly events: EventSnapshot[];
  readonly timesUs: number[];
}

export class ContextRing {
  readonly #windowUs: number;
  readonly #limits: { readonly events: number; readonly times: number; readonly keptEvents: number; readonly keptTimes: number };
  readonly #rings = new Map<string, ComputerRing>();
  #events = 0;
  #times = 0;
  #keptEvents = 0;
  #keptTimes = 0;
  #capped = false;
  #latest: RingEntry | null = null;

  constructor(windowUs: number, limits: Partial<Record<'events' | 'times' | 'keptEvents' | 'keptTimes', number>> = {}) {
    this.#windowUs = windowUs;
    this.#limits = { events: RING_EVENTS, times: RING_TIMES, keptEvents: KEPT_EVENTS, keptTimes: KEPT_TIMES, ...limits };
  }

  /** Each event of the stream, once, matches included, before {@link matched} is called for it. */
  event(event: EventRecord, file: string): void {
    const { timeUs } = event;
    if (Number.isNaN(timeUs)) return;
    const ring = this.#ringOf(event.computer);
    const entry: RingEntry = {
      timeUs,
      snapshot: eventKindOf(event) === null ? null : snapshotEvent(event, file),
      held: true,
      kept: false,
    };
    if (timeUs > ring.latestUs) ring.latestUs = timeUs;
    if (ring.windows.some(({ fromUs, toUs }) => timeUs >= fromUs && timeUs <= toUs)) this.#keep(ring, entry);
    ring.entries.push(entry);
    if (entry.snapshot === null) this.#times++;
    else this.#events++;
    this.#latest = entry;
    this.#forget(ring);
  }

  /** A rule holds for the event that {@link event} has just been called with: its past is kept, and so is what follows. */
  matched(event: EventRecord, file: string): void {
    const { timeUs } = event;
    if (Number.isNaN(timeUs)) return;
    const ring = this.#ringOf(event.computer);
    this.#nameLatest(ring, event, file);
    const fromUs = timeUs - this.#windowUs;
    const toUs = timeUs + this.#windowUs;
    const last = ring.windows.at(-1);
    if (last !== undefined && last.fromUs <= fromUs && last.toUs >= toUs) return;
    if (last !== undefined && fromUs <= last.toUs && toUs >= last.fromUs) {
      last.fromUs = Math.min(last.fromUs, fromUs);
      last.toUs = Math.max(last.toUs, toUs);
    } else {
      ring.windows.push({ fromUs, toUs });
      // Windows long past get no more events, except very late ones.
      if (ring.windows.length > MAX_OPEN_WINDOWS) ring.windows.shift();
    }
    for (let i = ring.head; i < ring.entries.length; i++) {
      const entry = ring.entries[i]!;
      if (entry.timeUs >= fromUs && entry.timeUs <= toUs) this.#keep(ring, entry);
    }
  }

  /** What has been kept. */
  context(): RingContext {
    return {
      computers: [...this.#rings.values()]
        .filter(({ events, timesUs }) => events.length + timesUs.length > 0)
        .map(({ computer, events, timesUs }) => ({ computer, events, timesUs })),
      capped: this.#capped,
    };
  }

  /** The match itself needs its place, so that look-back does not count it. */
  #nameLatest(ring: ComputerRing, event: EventRecord, file: string): void {
    const entry = this.#latest;
    if (entry === null || entry.snapshot !== null) return;
    entry.snapshot = snapshotEvent(event, file);
    if (entry.held) {
      this.#times--;
      this.#events++;
    }
    if (!entry.kept) return;
    ring.timesUs.pop();
    ring.events.push(entry.snapshot);
    this.#keptTimes--;
    this.#keptEvents++;
  }

  #keep(ring: ComputerRing, entry: RingEntry): void {
    if (entry.kept) return;
    if (entry.snapshot === null ? this.#keptTimes >= this.#limits.keptTimes : this.#keptEvents >= this.#limits.keptEvents) {
      this.#capped = true;
      return;
    }
    entry.kept = true;
    if (entry.snapshot === null) {
      this.#keptTimes++;
      ring.timesUs.push(entry.timeUs);
    } else {
      this.#keptEvents++;
      ring.events.push(entry.snapshot);
    }
  }

  /** Drops what is older than the window, and more where the stream as a whole holds too much. */
  #forget(ring: ComputerRing): void {
    while (ring.head < ring.entries.length && ring.entries[ring.head]!.timeUs < ring.latestUs - this.#windowUs)
      this.#dropOldest(ring);
    while (this.#events > this.#limits.events || this.#times > this.#limits.times) {
      // The computer that speaks now is the one that fills the ring.
      if (ring.entries[ring.head]!.kept === false) this.#capped = true;
      this.#dropOldest(ring);
      if (ring.head === ring.entries.length && !this.#dropSilent()) return;
    }
    if (ring.head > 1024 && ring.head * 2 > ring.entries.length) {
      ring.entries = ring.entries.slice(ring.head);
      ring.head = 0;
    }
  }

  #dropOldest(ring: ComputerRing): void {
    const entry = ring.entries[ring.head];
    if (entry === undefined) return;
    ring.head++;
    entry.held = false;
    if (entry.snapshot === null) this.#times--;
    else this.#events--;
  }

  /** Empties the fullest ring; false when all are empty. */
  #dropSilent(): boolean {
    let fullest: ComputerRing | null = null;
    for (const ring of this.#rings.values()) {
      if (fullest === null || ring.entries.length - ring.head > fullest.entries.length - fullest.head) fullest = ring;
    }
    if (fullest === null || fullest.head === fullest.entries.length) return false;
    this.#capped = true;
    while (fullest.head < fullest.entries.length) this.#dropOldest(fullest);
    fullest.entries = [];
    fullest.head = 0;
    return true;
  }

  #ringOf(computer: string): ComputerRing {
    const key = computer.toLowerCase();
    let ring = this.#rings.get(key);
    if (ring === undefined) {
      ring = {
        computer,
        entries: [],
        head: 0,
        latestUs: Number.NEGATIVE_INFINITY,
        windows: [],
        events: [],
        timesUs: [],
      };
      this.#rings.set(key, ring);
    }
    return ring;
  }
}

/** Windows of one computer that still get events. */
const MAX_OPEN_WINDOWS = 16;

/** Shows a collector what a ring kept. */
export function visitRing(context: RingContext, collector: LookbackCollector): void {
  for (const { computer, events, timesUs } of context.computers) {
    if (!collector.wantsComputer(computer)) continue;
    for (const timeUs of timesUs) collector.count(computer, timeUs);
    for (const event of events) {
      collector.visit(snapshotRecord(event), event.file);
      collector.hold(event);
    }
  }
}
