/**
 * Events that look-back shows for what they are (a logon, a service), tied to nothing. There are many of them and many windows,
 * so only their times and places are kept, by kind, and each window takes the nearest when all have been seen. In: events in any
 * order. Out: for a time, the nearest of each kind before it. Bounded: beyond a number, those that no window can want are dropped.
 */

import { upperBound } from './bounds.ts';

/** Where an event is, and when. A snapshot is one too. */
export interface EventPlace {
  readonly file: string;
  readonly offset: number;
  /** 0-based number of the record in its file. */
  readonly index: number;
  readonly timeUs: number;
  readonly EventID: number | null;
}

export interface UntiedEvent {
  readonly place: EventPlace;
  readonly label: string;
  readonly score: number;
}

/** Columns of one kind: an event is a row. Plain data: crosses threads. */
interface KindColumns {
  readonly label: string;
  readonly score: number;
  times: number[];
  offsets: number[];
  indexes: number[];
  eventIds: number[];
  /** Numbers into `files`. */
  fileIds: number[];
}

export interface UntiedPartial {
  readonly files: readonly string[];
  readonly kinds: readonly KindColumns[];
}

/** Rows of one kind that are kept without looking whether a window wants them. */
const ROWS_UNCHECKED = 1 << 16;
/** Nearest events kept per window: more than are shown, since some are left out as part of the match. */
const KEPT_PER_WINDOW = 64;

export class UntiedEvents {
  /** Ends of the windows, ascending. */
  readonly #times: Float64Array;
  readonly #windowUs: number;
  #files: string[] = [];
  readonly #fileIds = new Map<string, number>();
  readonly #kinds = new Map<string, KindColumns>();
  /** Rows at which a kind is checked next. */
  readonly #limits = new Map<KindColumns, number>();
  #sorted = true;

  constructor(times: Float64Array, windowUs: number) {
    this.#times = times;
    this.#windowUs = windowUs;
  }

  add(label: string, score: number, file: string, offset: number, index: number, timeUs: number, eventId: number): void {
    const columns = this.#columns(label, score);
    columns.times.push(timeUs);
    columns.offsets.push(offset);
    columns.indexes.push(index);
    columns.eventIds.push(eventId);
    columns.fileIds.push(this.#fileId(file));
    this.#sorted = false;
    if (columns.times.length > (this.#limits.get(columns) ?? ROWS_UNCHECKED)) this.#prune(columns);
  }

  partial(): UntiedPartial {
    return { files: this.#files, kinds: [...this.#kinds.values()] };
  }

  absorb({ files, kinds }: UntiedPartial): void {
    for (const { label, score, times, offsets, indexes, eventIds, fileIds } of kinds) {
      for (let row = 0; row < times.length; row++) {
        this.add(label, score, files[fileIds[row]!]!, offsets[row]!, indexes[row]!, times[row]!, eventIds[row]!);
      }
    }
  }

  /** Up to `wanted` events of each kind in [timeUs - window, timeUs], nearest first, of equally near ones the first in its file. */
  nearestBefore(timeUs: number, wanted: number, accepts: (place: EventPlace) => boolean): readonly UntiedEvent[] {
    if (!this.#sorted) for (const columns of this.#kinds.values()) sortColumns(columns, this.#files);
    this.#sorted = true;
    const found: UntiedEvent[] = [];
    for (const columns of this.#kinds.values()) {
      const { label, score, times } = columns;
      let taken = 0;
      for (let row = upperBound(times, timeUs) - 1; row >= 0 && taken < wanted && times[row]! >= timeUs - this.#windowUs; row--) {
        const place = this.#place(columns, row);
        if (!accepts(place)) continue;
        found.push({ place, label, score });
        taken++;
      }
    }
    return found;
  }

  #place({ offsets, indexes, times, eventIds, fileIds }: KindColumns, row: number): EventPlace {
    const eventId = eventIds[row]!;
    return {
      file: this.#files[fileIds[row]!]!,
      offset: offsets[row]!,
      index: indexes[row]!,
      timeUs: times[row]!,
      EventID: eventId < 0 ? null : eventId,
    };
  }

  /** Drops what is not among the nearest before the end of any window. */
  #prune(columns: KindColumns): void {
    sortColumns(columns, this.#files);
    const { times } = columns;
    const kept = new Uint8Array(times.length);
    for (const timeUs of this.#times) {
      const end = upperBound(times, timeUs);
      for (let row = end - 1; row >= 0 && row >= end - KEPT_PER_WINDOW && times[row]! >= timeUs - this.#windowUs; row--)
        kept[row] = 1;
    }
    const rows = [...kept.keys()].filter((row) => kept[row] === 1);
    takeRows(columns, rows);
    this.#limits.set(columns, Math.max(ROWS_UNCHECKED, 2 * rows.length));
  }

  #columns(label: string, score: number): KindColumns {
    const key = `${score} ${label}`;
    let columns = this.#kinds.get(key);
    if (columns === undefined) {
      columns = { label, score, times: [], offsets: [], indexes: [], eventIds: [], fileIds: [] };
      this.#kinds.set(key, columns);
    }
    return columns;
  }

  #fileId(file: string): number {
    let id = this.#fileIds.get(file);
    if (id === undefined) {
      id = this.#files.length;
      this.#files.push(file);
      this.#fileIds.set(file, id);
    }
    return id;
  }
}

/** By time; of equal times the first in its file last, since rows are taken from the end. */
function sortColumns(columns: KindColumns, files: readonly string[]): void {
  const { times, offsets, indexes, fileIds } = columns;
  const rows = [...times.keys()].sort((a, b) => {
    if (times[a]! !== times[b]!) return times[a]! - times[b]!;
    const fileA = files[fileIds[a]!]!;
    const fileB = files[fileIds[b]!]!;
    if (fileA !== fileB) return fileA < fileB ? 1 : -1;
    return offsets[b]! - offsets[a]! || indexes[b]! - indexes[a]!;
  });
  takeRows(columns, rows);
}

function takeRows(columns: KindColumns, rows: readonly number[]): void {
  columns.times = rows.map((row) => columns.times[row]!);
  columns.offsets = rows.map((row) => columns.offsets[row]!);
  columns.indexes = rows.map((row) => columns.indexes[row]!);
  columns.eventIds = rows.map((row) => columns.eventIds[row]!);
  columns.fileIds = rows.map((row) => columns.fileIds[row]!);
}
