// HOT: called for every value that a rule asks for.
/**
 * Interns values by their bytes: the same bytes give the same `Atom` while it lives. Bounded: when full, everything is
 * forgotten at once (cheaper than choosing, and a scan soon refills it).
 */
import { Atom } from '../model/atom.ts';

/** Slots of the open-addressing table; a power of two. Flushed at 60 %. */
const SLOTS = 1 << 16;
/** Copies of the interned bytes, needed to tell equal hashes apart. */
const ARENA_BYTES = 24 << 20;
/** Longer values are rarely seen twice and would crowd out the rest. */
const LONGEST = 8192;
/** Texts that have no bytes of their own (numbers, GUIDs made from binary), kept by text. */
const TEXTS = 20_000;

/** Decodes `length` bytes at `start`; `kind` is what the caller gave to `bytes`. */
export type DecodeText = (buffer: Buffer, start: number, length: number, kind: number) => string;

export class AtomTable {
  readonly #hash = new Int32Array(SLOTS);
  /** length | kind << 24, plus one so that 0 means free. */
  readonly #key = new Int32Array(SLOTS);
  readonly #offset = new Int32Array(SLOTS);
  readonly #atoms: (Atom | null)[] = new Array<Atom | null>(SLOTS).fill(null);
  readonly #arena = Buffer.alloc(ARENA_BYTES);
  readonly #texts = new Map<string, Atom>();
  #used = 0;
  #top = 0;

  /** The atom of `length` bytes at `start`. `kind` (0..63) keeps values of different types or encodings apart. */
  bytes(buffer: Buffer, start: number, length: number, kind: number, decode: DecodeText): Atom {
    if (length > LONGEST) return new Atom(decode(buffer, start, length, kind));
    const end = start + length;
    let hash = (length ^ (kind << 20)) | 0;
    let at = start;
    // Four bytes a step: values start at odd offsets, so typed views are of no use.
    for (; at + 4 <= end; at += 4) {
      const word = buffer[at]! | (buffer[at + 1]! << 8) | (buffer[at + 2]! << 16) | (buffer[at + 3]! << 24);
      hash = Math.imul(hash ^ word, 0x9e3779b1) ^ (hash >>> 15);
    }
    for (; at < end; at++) hash = Math.imul(hash ^ buffer[at]!, 0x9e3779b1) ^ (hash >>> 15);
    hash ^= hash >>> 16;
    const key = (length | (kind << 24)) + 1;
    let slot = hash & (SLOTS - 1);
    while (this.#key[slot] !== 0) {
      if (this.#hash[slot] === hash && this.#key[slot] === key && this.#same(buffer, start, length, this.#offset[slot]!)) {
        return this.#atoms[slot]!;
      }
      slot = (slot + 1) & (SLOTS - 1);
    }
    const atom = new Atom(decode(buffer, start, length, kind));
    if (this.#used > SLOTS * 0.6 || this.#top + length > ARENA_BYTES) {
      this.#flush();
      slot = hash & (SLOTS - 1);
    }
    buffer.copy(this.#arena, this.#top, start, end);
    this.#hash[slot] = hash;
    this.#key[slot] = key;
    this.#offset[slot] = this.#top;
    this.#atoms[slot] = atom;
    this.#top += length;
    this.#used++;
    return atom;
  }

  /** The atom of a text that was made rather than read. */
  text(text: string): Atom {
    let atom = this.#texts.get(text);
    if (atom === undefined) {
      if (this.#texts.size >= TEXTS) this.#texts.clear();
      atom = new Atom(text);
      this.#texts.set(text, atom);
    }
    return atom;
  }

  #same(buffer: Buffer, start: number, length: number, offset: number): boolean {
    const arena = this.#arena;
    for (let i = 0; i < length; i++) if (buffer[start + i] !== arena[offset + i]) return false;
    return true;
  }

  #flush(): void {
    this.#key.fill(0);
    this.#atoms.fill(null);
    this.#used = 0;
    this.#top = 0;
  }
}

let table: AtomTable | null = null;

/** The thread's own table: one for all readers, so that a value is one atom whatever file it came from. */
export function threadAtoms(): AtomTable {
  table ??= new AtomTable();
  return table;
}
