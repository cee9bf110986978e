// HOT: asked for every name of every template-free record.
/**
 * Turns names of elements and attributes, and literal texts, into small numbers that mean the same in every chunk of a thread.
 * In: bytes. Out: ids. Refuses (-1) bytes that are no name.
 */

import { MAX_KEPT_CHARACTERS, MAX_KEPT_TEXTS } from '../limits.ts';

interface NameEntry {
  readonly id: number;
  readonly bytes: Buffer;
}

/** Ids of names that the walker looks for. */
export const NAME_ID = 0;
export const DATA_ID = 1;
export const COMPLEX_DATA_ID = 2;
const KNOWN = ['Name', 'Data', 'ComplexData'];

/** What a wiped name looks like: no characters at all, or characters that occur in no name. */
const NO_NAME = /^$|[\0\uffff]/;

export class Names {
  readonly #texts: string[] = [];
  readonly #ids = new Map<string, number>();
  /** By the hash and length that the log stores with a name. Made-up hashes can only make these lists longer. */
  readonly #byHash = new Map<number, NameEntry[]>();

  constructor() {
    for (const text of KNOWN) this.idOf(text);
  }

  /** Characters of all texts together. */
  #characters = 0;

  get isFull(): boolean {
    return this.#texts.length > MAX_KEPT_TEXTS || this.#characters > MAX_KEPT_CHARACTERS;
  }

  text(id: number): string {
    return this.#texts[id]!;
  }

  idOf(text: string): number {
    let id = this.#ids.get(text);
    if (id === undefined) {
      id = this.#texts.length;
      this.#texts.push(text);
      this.#characters += text.length;
      this.#ids.set(text, id);
    }
    return id;
  }

  /** The id of `length` bytes of UTF-16LE that the log stores with `hash`; -1 when they are no name. */
  idOfBytes(buffer: Buffer, start: number, length: number, hash: number): number {
    const key = hash | (length << 16);
    let list = this.#byHash.get(key);
    if (list === undefined) {
      list = [];
      this.#byHash.set(key, list);
    }
    for (const entry of list) {
      let i = 0;
      while (i < length && buffer[start + i] === entry.bytes[i]) i++;
      if (i === length) return entry.id;
    }
    const text = buffer.toString('utf16le', start, start + length);
    if (NO_NAME.test(text)) return -1;
    const id = this.idOf(text);
    if (list.length < 8) list.push({ id, bytes: Buffer.from(buffer.subarray(start, start + length)) });
    return id;
  }
}
