/** The few most related events of one window. Which ones are kept does not depend on the order in which they are offered. */
import type { EventPlace } from './untied-events.ts';

/** An event that may be shown: where it is, and why. */
export interface Candidate {
  readonly event: EventPlace;
  readonly reason: string;
  readonly score: number;
}

/** Events of one reason are this share of a list at most, as long as there are others to show. */
const SHARE_OF_A_REASON = 0.5;

export class TopEvents {
  readonly #wanted: number;
  /** More are kept than are shown, so that there are others to show. */
  readonly #capacity: number;
  readonly #aroundUs: number;
  /** Best first. */
  readonly #events: Candidate[] = [];

  /** Of two equally related events the one nearer to `aroundUs` is better. */
  constructor(wanted: number, aroundUs: number) {
    this.#wanted = wanted;
    this.#capacity = Math.ceil(1.5 * wanted);
    this.#aroundUs = aroundUs;
  }

  /** No event of a lower score gets in. */
  get floor(): number {
    return this.#events.length < this.#capacity ? Number.NEGATIVE_INFINITY : this.#events[this.#events.length - 1]!.score;
  }

  /** True when an event of that score and time may get in: ask before a snapshot is made. */
  accepts(score: number, timeUs: number, file: string, offset: number): boolean {
    if (this.#events.length < this.#capacity) return this.#capacity > 0;
    const worst = this.#events[this.#events.length - 1]!;
    if (score !== worst.score) return score > worst.score;
    const nearer = this.#distance(worst.event.timeUs) - this.#distance(timeUs);
    if (nearer !== 0) return nearer > 0;
    // Copies of a log hold the same events at the same times.
    return file === worst.event.file ? offset <= worst.event.offset : file < worst.event.file;
  }

  add(related: Candidate): void {
    const at = this.#events.findIndex((other) => this.#compare(related, other) < 0);
    if (at < 0) this.#events.push(related);
    else this.#events.splice(at, 0, related);
    // One reason may not fill the list: its worst goes before others do.
    const same = this.#events.filter(({ reason }) => reason === related.reason);
    if (same.length > this.#wanted) this.#events.splice(this.#events.lastIndexOf(same.at(-1)!), 1);
    else if (this.#events.length > this.#capacity) this.#events.pop();
  }

  /** Takes an event out, if it is here. */
  remove(event: EventPlace): void {
    const at = this.#events.findIndex((other) => sameEvent(other.event, event));
    if (at >= 0) this.#events.splice(at, 1);
  }

  /** All that is kept, best first. */
  get list(): readonly Candidate[] {
    return this.#events;
  }

  /** The events to show, by time. */
  byTime(): readonly Candidate[] {
    const shown = new Set<Candidate>();
    const perReason = new Map<string, number>();
    const most = Math.ceil(this.#wanted * SHARE_OF_A_REASON);
    for (const event of this.#events) {
      const count = perReason.get(event.reason) ?? 0;
      if (count < most && shown.size < this.#wanted) {
        shown.add(event);
        perReason.set(event.reason, count + 1);
      }
    }
    for (const event of this.#events) if (shown.size < this.#wanted) shown.add(event);
    return [...shown].sort((a, b) => a.event.timeUs - b.event.timeUs || comparePlace(a.event, b.event));
  }

  #compare(a: Candidate, b: Candidate): number {
    return b.score - a.score || this.#distance(a.event.timeUs) - this.#distance(b.event.timeUs) || comparePlace(a.event, b.event);
  }

  #distance(timeUs: number): number {
    return Math.abs(this.#aroundUs - timeUs);
  }
}

export function sameEvent(a: EventPlace, b: EventPlace): boolean {
  // Events without a file all have offset 0: their number tells them apart.
  const samePlace = a.offset === b.offset && (a.offset > 0 || a.index === b.index);
  return samePlace && a.timeUs === b.timeUs && a.EventID === b.EventID && a.file === b.file;
}

function comparePlace(a: EventPlace, b: EventPlace): number {
  if (a.file !== b.file) return a.file < b.file ? -1 : 1;
  return a.offset - b.offset || a.index - b.index;
}
