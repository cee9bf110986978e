/**
 * Finds hits and their neighbours. In: events in file order, and what is searched for. Out: the hits in the same order, each with
 * the records beside it. A record that is beside two hits is given once. Where nobody takes them, they are only counted.
 */
import { type EventRecord, type EventSnapshot, snapshotEvent } from '../model/event.ts';
import type { EventSearch, FoundIn } from './event-search.ts';

export interface SearchedEvent {
  readonly event: EventSnapshot;
  /** null for a neighbour. */
  readonly found: FoundIn | null;
}

export class Hits {
  hits = 0;
  readonly #search: EventSearch;
  readonly #wanted: (event: EventRecord) => boolean;
  readonly #around: number;
  readonly #emit: ((event: SearchedEvent) => void) | null;
  #file = '';
  #before: EventSnapshot[] = [];
  #after = 0;

  constructor(
    search: EventSearch,
    wanted: (event: EventRecord) => boolean,
    around: number,
    emit: ((event: SearchedEvent) => void) | null,
  ) {
    this.#search = search;
    this.#wanted = wanted;
    this.#around = around;
    this.#emit = emit;
  }

  /** Neighbours are the records beside a hit in the log, even if the filter leaves them out. */
  add(event: EventRecord, file: string): void {
    if (file !== this.#file) {
      this.#file = file;
      this.#before = [];
      this.#after = 0;
    }
    const found = this.#wanted(event) ? this.#search.find(event) : null;
    if (found !== null) this.hits++;
    const emit = this.#emit;
    if (emit === null || (found === null && this.#around === 0)) return;
    const snapshot = snapshotEvent(event, file);
    if (found !== null) {
      for (const neighbour of this.#before) emit({ event: neighbour, found: null });
      this.#before = [];
      this.#after = this.#around;
      emit({ event: snapshot, found });
    } else if (this.#after > 0) {
      this.#after--;
      emit({ event: snapshot, found: null });
    } else {
      this.#before.push(snapshot);
      if (this.#before.length > this.#around) this.#before.shift();
    }
  }
}
