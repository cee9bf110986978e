// HOT: a step per event of a batch and key.
/**
 * Finds the events that are tied to each target. In: rows of events, and targets by time. Out: offers to the targets' lists.
 * All rows are visited by time, once forwards for events before the targets and once backwards for events after them. At each
 * row, its signature moves to the front of the lists of its keys. At each target, the lists of the target's own keys are read.
 * Their events are equally related to it and the nearest come first, so reading stops at the first that is not taken. An event
 * costs as much as it has keys; a target costs as much as it has keys and takes events. How many events its window has does not
 * matter.
 */
import { type EventPlace, sameEvent } from './event-place.ts';
import type { EventRows } from './event-rows.ts';
import { SHOWN_AFTER, type Tie } from './links/relations.ts';
import { NONE, type Posting, type Signature } from './links/signatures.ts';
import { worthOf } from './links/target-ties.ts';
import type { Target } from './lookback-targets.ts';
import type { TopEvents } from './top-events.ts';

export class NearestEvents {
  readonly #windowUs: number;
  /** For each row, the previous row with the same signature in this walk. */
  #earlier = new Int32Array(0);
  /** Counts the targets visited. With it, what a signature remembers of one target is not taken for another. */
  #visits = 0;
  #target: Target | null = null;
  #after = false;

  constructor(windowUs: number) {
    this.#windowUs = windowUs;
  }

  /** Offers rows to `targets` of all computers, which must be sorted by time. */
  offer(rows: EventRows, targets: readonly Target[]): void {
    if (rows.length === 0) return;
    if (this.#earlier.length < rows.length) this.#earlier = new Int32Array(rows.length);
    const order = rows.inTimeOrder();
    this.#offerBefore(rows, order, targets);
    forget(rows);
    this.#offerAfter(rows, order, targets);
    forget(rows);
  }

  #offerBefore(rows: EventRows, order: Uint32Array, targets: readonly Target[]): void {
    const { timesUs } = rows;
    this.#after = false;
    let at = 0;
    for (const target of targets) {
      while (at < order.length && timesUs[order[at]!]! <= target.timeUs) {
        const timeUs = timesUs[order[at]!]!;
        let end = at + 1;
        while (end < order.length && timesUs[order[end]!] === timeUs) end++;
        // Among equal times, the first in the file is nearest.
        for (let i = end - 1; i >= at; i--) this.#reach(rows, order[i]!);
        at = end;
      }
      if (at > 0 && this.#near(timesUs[order[at - 1]!]!, target)) this.#look(rows, target);
    }
  }

  #offerAfter(rows: EventRows, order: Uint32Array, targets: readonly Target[]): void {
    const { timesUs } = rows;
    this.#after = true;
    let at = order.length;
    for (let i = targets.length - 1; i >= 0; i--) {
      const target = targets[i]!;
      for (; at > 0 && timesUs[order[at - 1]!]! > target.timeUs; at--) {
        const row = order[at - 1]!;
        // Without a tie, an event is not shown after a match.
        if (rows.signatures[row]!.codes.length > 0) this.#reach(rows, row);
      }
      if (at < order.length && this.#near(timesUs[order[at]!]!, target)) this.#look(rows, target);
    }
  }

  /** Visits a row. */
  #reach(rows: EventRows, row: number): void {
    const signature = rows.signatures[row]!;
    this.#earlier[row] = signature.nearest;
    signature.nearest = row;
    const links = signature.links!;
    for (let i = 0; i < links.length; i++) links[i]!.posting.toFront(links[i]!);
  }

  /** Visits a target. */
  #look(rows: EventRows, target: Target): void {
    this.#visits++;
    this.#target = target;
    const { signatures } = target.computer;
    const { all } = target.ties;
    for (let i = 0; i < all.length; i++) {
      const tie = all[i]!;
      const postings = signatures.holding(tie.code);
      for (let j = 0; j < postings.length; j++) {
        const posting = postings[j]!;
        const worth = worthOf(tie, posting.kind.weight ?? 1, this.#after);
        if (this.#after && worth < SHOWN_AFTER) continue;
        this.#take(rows, target, posting, tie, posting.base + worth);
      }
    }
    if (this.#after) return;
    const { untied } = signatures;
    for (let j = 0; j < untied.length; j++) this.#take(rows, target, untied[j]!, null, untied[j]!.base);
  }

  /** Offers the events for which this tie is the best (null: those without a tie). */
  #take(rows: EventRows, target: Target, posting: Posting, tie: Tie | null, score: number): void {
    const top: TopEvents = this.#after ? target.after : target.before;
    if (posting.first === null || score < top.floor) return;
    const { label } = posting.kind;
    const reason = tie === null ? label : `${tie.reason}, ${label}`;
    for (let link = posting.first as typeof posting.first | null; link !== null; link = link.next) {
      const { signature } = link;
      let row = signature.nearest;
      if (!this.#near(rows.timesUs[row]!, target)) return;
      if (this.#tieOf(signature) !== tie) continue;
      for (; row !== NONE && this.#near(rows.timesUs[row]!, target); row = this.#earlier[row]!) {
        const event = rows.placeOf(row);
        if (isOwn(target, event)) continue;
        if (top.offer({ event, reason, score })) continue;
        // Not even the nearest event of this signature was taken, and all events of the following signatures are farther away.
        if (row === signature.nearest) return;
        break;
      }
    }
  }

  #tieOf(signature: Signature): Tie | null {
    if (signature.target !== this.#visits) {
      signature.target = this.#visits;
      signature.tie = this.#target!.ties.best(signature, this.#after);
    }
    return signature.tie;
  }

  #near(timeUs: number, target: Target): boolean {
    return Math.abs(target.timeUs - timeUs) <= this.#windowUs;
  }
}

function isOwn({ anchors }: Target, event: EventPlace): boolean {
  for (let i = 0; i < anchors.length; i++) if (sameEvent(anchors[i]!, event)) return true;
  return false;
}

/** Removes the signatures of a walk from all lists. */
function forget({ signatures }: EventRows): void {
  for (let row = 0; row < signatures.length; row++) {
    const signature = signatures[row]!;
    if (signature.nearest === NONE) continue;
    signature.nearest = NONE;
    for (const link of signature.links!) {
      link.previous = null;
      link.next = null;
      link.posting.first = null;
    }
  }
}
