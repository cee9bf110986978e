/**
 * Look-back for sources that cannot be read twice (stdin, compressed files). In: every event of the stream, and which of them
 * matched. Out: the events that lie in a window around a match, as plain data. Only the last events of each computer are held;
 * `capped` says when a match needed more than that. An event is judged once, when it leaves the ring: it is kept if a match has
 * asked for its time, otherwise dropped. So an event costs the same however many computers, matches and windows there are.
 */
import { type EventRecord, type EventSnapshot, snapshotEvent } from '../../model/event.ts';
import { getOrInsert } from '../../model/values/maps.ts';
import { hostLabel } from '../host-names.ts';
import { snapshotRecord } from '../store/snapshot-record.ts';
import { eventKindOf } from './links/event-links.ts';
import type { LookbackCollector } from './lookback.ts';
import { recordIdentity } from './record-identity.ts';
import { TimeSpans } from './time-spans.ts';

/** Limit on the events held for later matches, per stream: events worth showing, about 2 KB each, and times of all others. */
export const RING_EVENTS = 10_000;
export const RING_TIMES = 500_000;
/** Limit on the events kept because they lie in a window, per stream. */
export const KEPT_EVENTS = 20_000;
export const KEPT_TIMES = 2_000_000;
/** Limit on the computers whose matches get a look-back, per stream; about 1 KB each. */
export const MAX_FOLLOWED = 50_000;

/** A full ring is emptied to this share, so that the search for the fullest rings happens rarely. */
const SHARE_LEFT = 7 / 8;

/** What a ring gives at the end. Plain data, so that a worker can send it. */
export interface RingContext {
  readonly computers: readonly KeptContext[];
  /** True when a match needed events that were no longer held. */
  readonly capped: boolean;
}

export interface KeptContext {
  readonly computer: string;
  readonly events: readonly EventSnapshot[];
  /** Times of events that are only counted, not shown, and what tells copies of a record apart (`recordIdentity`). */
  readonly timesUs: readonly number[];
  readonly identities: readonly number[];
}

/** A {@link KeptContext} that grows. */
interface Kept extends KeptContext {
  readonly events: EventSnapshot[];
  readonly timesUs: number[];
  readonly identities: number[];
}

interface RingEntry {
  readonly timeUs: number;
  readonly computer: string;
  snapshot: EventSnapshot | null;
  /** That of a record without a snapshot. */
  readonly identity: number;
}

/** What is held for one computer. */
interface ComputerRing {
  readonly label: string;
  /** In the order of arrival. */
  entries: RingEntry[];
  /** The first entry that is still held. */
  head: number;
  /** How many held entries have a snapshot, and how many have only a time. */
  events: number;
  times: number;
  /** The latest event time seen. */
  latestUs: number;
  /** The latest time among dropped events. */
  droppedUs: number;
  /** The times that matches have asked for; null before the first match. */
  wanted: TimeSpans | null;
}

type RingLimits = Record<'events' | 'times' | 'keptEvents' | 'keptTimes' | 'followed', number>;

export class ContextRing {
  readonly #windowUs: number;
  readonly #limits: Readonly<RingLimits>;
  /**
   * Rings by label: `PC04` and `PC04.example.corp` may be one computer, which is known only at the end. Until then all
   * computers with the same label share a ring. Events that are kept for one of them do no harm to the other.
   */
  readonly #rings = new Map<string, ComputerRing>();
  /** The rings that have entries. */
  readonly #holding = new Set<ComputerRing>();
  /** Kept events, by computer as written. */
  readonly #kept = new Map<string, Kept>();
  #events = 0;
  #times = 0;
  #keptEvents = 0;
  #keptTimes = 0;
  #followed = 0;
  /** The latest time among events that were dropped together with their ring. */
  #droppedUs = Number.NEGATIVE_INFINITY;
  #capped = false;
  /** The computer of the previous event. Neighbouring events nearly always have the same one. */
  #lastName: string | null = null;
  #lastLabel = '';

  constructor(windowUs: number, limits: Partial<RingLimits> = {}) {
    this.#windowUs = windowUs;
    this.#limits = {
      events: RING_EVENTS,
      times: RING_TIMES,
      keptEvents: KEPT_EVENTS,
      keptTimes: KEPT_TIMES,
      followed: MAX_FOLLOWED,
      ...limits,
    };
  }

  /** Takes each event of the stream once, matches included, before {@link matched} is called for it. */
  event(event: EventRecord, file: string): void {
    const { timeUs, computer } = event;
    if (Number.isNaN(timeUs)) return;
    // Makes room first, so that the current event is always held.
    if (this.#events >= this.#limits.events) this.#shed('events');
    if (this.#times >= this.#limits.times) this.#shed('times');
    const ring = this.#ringOf(computer);
    if (timeUs > ring.latestUs) ring.latestUs = timeUs;
    const agedUs = ring.latestUs - this.#windowUs;
    while (ring.head < ring.entries.length && ring.entries[ring.head]!.timeUs < agedUs) this.#leave(ring);
    const snapshot = eventKindOf(event) === null ? null : snapshotEvent(event, file);
    ring.entries.push({ timeUs, computer, snapshot, identity: snapshot === null ? recordIdentity(event) : 0 });
    this.#holding.add(ring);
    this.#count(ring, snapshot, 1);
  }

  /** A rule matches the event that {@link event} was just called with, so the events before it and after it are wanted. */
  matched(event: EventRecord, file: string): void {
    const { timeUs } = event;
    if (Number.isNaN(timeUs)) return;
    const ring = this.#ringOf(event.computer);
    const entry = ring.entries.at(-1);
    if (entry !== undefined && entry.snapshot === null) {
      // The match itself is kept with its place, so that look-back does not count it.
      this.#count(ring, null, -1);
      entry.snapshot = snapshotEvent(event, file);
      this.#count(ring, entry.snapshot, 1);
    }
    if (ring.wanted === null) {
      if (this.#followed >= this.#limits.followed) {
        this.#capped = true;
        return;
      }
      this.#followed++;
      ring.wanted = new TimeSpans();
    }
    const fromUs = timeUs - this.#windowUs;
    if (fromUs <= ring.droppedUs) this.#capped = true;
    ring.wanted.add(fromUs, timeUs + this.#windowUs);
  }

  /** Everything that matches have asked for. Ends the stream. */
  context(): RingContext {
    for (const ring of this.#holding) while (ring.head < ring.entries.length) this.#leave(ring);
    return { computers: [...this.#kept.values()], capped: this.#capped };
  }

  /**
   * The rings that hold the most drop their oldest entries until there is room. So a busy computer does not push out the events
   * of a quiet one.
   */
  #shed(sort: 'events' | 'times'): void {
    const rings = [...this.#holding].sort((a, b) => a[sort] - b[sort]);
    let room = Math.floor(this.#limits[sort] * SHARE_LEFT);
    rings.forEach((ring, i) => {
      const share = Math.floor(room / (rings.length - i));
      while (ring[sort] > share) this.#leave(ring);
      room -= ring[sort];
      if (ring.entries.length > 0 || ring.wanted !== null) return;
      // A ring that is removed has dropped events. Their latest time is all that remains of it.
      this.#rings.delete(ring.label);
      this.#droppedUs = Math.max(this.#droppedUs, ring.droppedUs);
    });
  }

  /** Judges the oldest entry of a ring: keeps it or drops it. */
  #leave(ring: ComputerRing): void {
    const entry = ring.entries[ring.head]!;
    ring.head++;
    this.#count(ring, entry.snapshot, -1);
    if (ring.wanted?.has(entry.timeUs) === true) this.#keep(entry);
    else {
      ring.droppedUs = Math.max(ring.droppedUs, entry.timeUs);
      if (ring.wanted !== null && entry.timeUs <= ring.wanted.givenUpUs) this.#capped = true;
    }
    if (ring.head < ring.entries.length) {
      if (ring.head <= 1024 || ring.head * 2 <= ring.entries.length) return;
      ring.entries = ring.entries.slice(ring.head);
    } else {
      ring.entries = [];
      this.#holding.delete(ring);
    }
    ring.head = 0;
  }

  #keep({ timeUs, computer, snapshot, identity }: RingEntry): void {
    if (snapshot === null ? this.#keptTimes >= this.#limits.keptTimes : this.#keptEvents >= this.#limits.keptEvents) {
      this.#capped = true;
      return;
    }
    const kept = getOrInsert(this.#kept, computer, () => ({ computer, events: [], timesUs: [], identities: [] }));
    if (snapshot === null) {
      this.#keptTimes++;
      kept.timesUs.push(timeUs);
      kept.identities.push(identity);
    } else {
      this.#keptEvents++;
      kept.events.push(snapshot);
    }
  }

  /** Counts an entry that enters (1) or leaves (-1) a ring. */
  #count(ring: ComputerRing, snapshot: EventSnapshot | null, by: 1 | -1): void {
    if (snapshot === null) {
      ring.times += by;
      this.#times += by;
    } else {
      ring.events += by;
      this.#events += by;
    }
  }

  #ringOf(computer: string): ComputerRing {
    if (computer !== this.#lastName) {
      this.#lastName = computer;
      this.#lastLabel = hostLabel(computer);
    }
    const label = this.#lastLabel;
    let ring = this.#rings.get(label);
    if (ring === undefined) {
      ring = {
        label,
        entries: [],
        head: 0,
        events: 0,
        times: 0,
        latestUs: Number.NEGATIVE_INFINITY,
        droppedUs: this.#droppedUs,
        wanted: null,
      };
      this.#rings.set(label, ring);
    }
    return ring;
  }
}

/** Shows a collector what a ring kept. */
export function visitRing(context: RingContext, collector: LookbackCollector): void {
  for (const { computer, events, timesUs, identities } of context.computers) {
    if (!collector.wantsComputer(computer)) continue;
    for (const [i, timeUs] of timesUs.entries()) collector.count(computer, timeUs, identities[i]!);
    for (const event of events) {
      collector.visit(snapshotRecord(event), event.file);
      collector.hold(event);
    }
  }
}
