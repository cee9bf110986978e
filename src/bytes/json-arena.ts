// HOT: read for every value of every event that matches.
/**
 * Keeps JSON that is written again and again, as bytes. Each thread keeps at most ARENA_BYTES and forgets everything when there
 * is more. In: harmless JSON. Out: its place, valid until everything is forgotten.
 */
import type { Atom } from '../model/values/atom.ts';
import { encodeJsonString, jsonStringBytes } from './json-string.ts';

const ARENA_BYTES = 4 << 20;
/** Before each JSON text stands its length in this many bytes. */
const HEADER_BYTES = 4;
/** Readers copy eight bytes at a time, up to seven beyond the last. */
const SPARE = 7;
/** Longer texts (UTF-16 units) and copies (bytes) are not kept, because they repeat less and take more room. */
const LONGEST_KEPT = 4096;
const LONGEST_COPY = 4096;

class JsonArena {
  readonly #bytes = Buffer.alloc(ARENA_BYTES + SPARE);
  readonly view = new DataView(this.#bytes.buffer);
  /** Places count on when everything is forgotten. Those below `base` are no longer valid, the others are at `place - base`. */
  base = 0;
  #top = 0;

  /** The place of the JSON of `atom`; -1 when it is not kept. */
  place(atom: Atom): number {
    if (atom.json >= this.base) return atom.json;
    const { text } = atom;
    if (text.length > LONGEST_KEPT) return -1;
    const start = this.#room(jsonStringBytes(text));
    const place = this.#keep(start, encodeJsonString(text, this.#bytes, this.view, start));
    atom.json = place;
    return place;
  }

  /** The place of a copy of harmless JSON; -1 when it is too long. */
  copy(buffer: Buffer, from: number, to: number): number {
    if (to - from > LONGEST_COPY) return -1;
    const start = this.#room(to - from);
    buffer.copy(this.#bytes, start, from, to);
    return this.#keep(start, start + to - from);
  }

  /** False when the place has been forgotten, and for -1. */
  has(place: number): boolean {
    return place >= this.base;
  }

  /** The length of the JSON at `place`. Its first byte is at {@link start}. */
  length(place: number): number {
    return this.view.getInt32(place - this.base, true);
  }

  start(place: number): number {
    return place - this.base + HEADER_BYTES;
  }

  #room(bytes: number): number {
    if (this.#top + HEADER_BYTES + bytes > ARENA_BYTES) {
      this.base += ARENA_BYTES;
      this.#top = 0;
    }
    return this.#top + HEADER_BYTES;
  }

  #keep(start: number, end: number): number {
    this.view.setInt32(start - HEADER_BYTES, end - start, true);
    this.#top = end;
    return this.base + start - HEADER_BYTES;
  }
}

/** The only one of this thread, so that all writers share what is known of an atom. */
export const jsonArena = new JsonArena();
