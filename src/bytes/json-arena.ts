// HOT: read for every value of every event that matches.
/**
 * JSON that is written again and again, as bytes: at most ARENA_BYTES of it per thread, forgotten all at once when there is more.
 * In: harmless JSON. Out: a place, good until everything is forgotten.
 */
import type { Atom } from '../model/values/atom.ts';
import { encodeJsonString, jsonStringBytes } from './json-string.ts';

const ARENA_BYTES = 4 << 20;
/** In front of each: how many bytes it has. */
const HEADER_BYTES = 4;
/** Readers take eight bytes at a time, up to seven behind the last. */
const SPARE = 7;
/** Longer texts (UTF-16 units) and copies (bytes) are not kept: they repeat less, and weigh more. */
const LONGEST_KEPT = 4096;
const LONGEST_COPY = 4096;

class JsonArena {
  readonly #bytes = Buffer.alloc(ARENA_BYTES + SPARE);
  readonly view = new DataView(this.#bytes.buffer);
  /** Places are counted on when everything is forgotten: those below `base` are gone, the others are at `place - base`. */
  base = 0;
  #top = 0;

  /** Where the JSON of `atom` is; -1 when it is not kept. */
  place(atom: Atom): number {
    if (atom.json >= this.base) return atom.json;
    const { text } = atom;
    if (text.length > LONGEST_KEPT) return -1;
    const start = this.#room(jsonStringBytes(text));
    const place = this.#keep(start, encodeJsonString(text, this.#bytes, this.view, start));
    atom.json = place;
    return place;
  }

  /** Where a copy of harmless JSON is; -1 when it is too long. */
  copy(buffer: Buffer, from: number, to: number): number {
    if (to - from > LONGEST_COPY) return -1;
    const start = this.#room(to - from);
    buffer.copy(this.#bytes, start, from, to);
    return this.#keep(start, start + to - from);
  }

  /** False once what was kept there is forgotten, and for -1. */
  has(place: number): boolean {
    return place >= this.base;
  }

  /** Bytes of what is kept at `place`; the first is at {@link start}. */
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

/** The thread's own: what is known of an atom is known to all that write it. */
export const jsonArena = new JsonArena();
