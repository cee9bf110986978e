// HOT: called for every value that a rule asks for.
/**
 * Interns values by their bytes: the same bytes give the same `Atom` while it lives. Bounded: when full, everything is
 * forgotten at once (cheaper than choosing, and a scan soon refills it).
 */
import { Atom } from '../model/atom.ts';

/** Slots of the open-addressing table; a power of two. Flushed at 60 %. */
const SLOTS = 1 << 16;
const MOST_USED = Math.floor(SLOTS * 0.6);
/** Copies of the interned bytes, needed to tell equal hashes apart. */
const ARENA_BYTES = 24 << 20;
/** Longer values are rarely seen twice and would crowd out the rest. */
const LONGEST = 8192;
/** Texts that have no bytes of their own (joined from several values), kept by text. */
const TEXTS = 20_000;

/** Per slot, four numbers side by side (one cache line serves a probe): hash, key, offset in the arena. */
const ENTRY = 4;

/** Decodes `length` bytes at `start`; `kind` is what the caller gave to `bytes`. */
export type DecodeText = (buffer: Buffer, start: number, length: number, kind: number) => string;

export class AtomTable {
  readonly #entries = new Int32Array(SLOTS * ENTRY);
  readonly #atoms: (Atom | null)[] = new Array<Atom | null>(SLOTS).fill(null);
  readonly #arena = Buffer.allocUnsafeSlow(ARENA_BYTES);
  readonly #arenaView = new DataView(this.#arena.buffer);
  readonly #texts = new Map<string, Atom>();
  /** The last buffer that was asked about, and a view of it: callers stay with one for thousands of values. */
  #buffer: Buffer = this.#arena;
  #view: DataView = this.#arenaView;
  #used = 0;
  #top = 0;

  /**
   * The atom of `length` bytes at `start`. `kind` keeps values of different types or encodings apart: 0x00-0x23 are the value
   * types of BinXML, 0x28-0x3f are free for text formats.
   */
  bytes(buffer: Buffer, start: number, length: number, kind: number, decode: DecodeText): Atom {
    if (length > LONGEST) return new Atom(decode(buffer, start, length, kind));
    if (buffer !== this.#buffer) this.#open(buffer);
    const view = this.#view;
    const wordsEnd = start + (length & ~3);
    let hash = (length ^ (kind << 20)) | 0;
    let at = start;
    // Four bytes a step: values start at odd offsets, which a DataView takes as they come.
    for (; at < wordsEnd; at += 4) hash = Math.imul(hash ^ view.getInt32(at, true), 0x9e37_79b1) ^ (hash >>> 15);
    for (const end = start + length; at < end; at++) hash = Math.imul(hash ^ buffer[at]!, 0x9e37_79b1) ^ (hash >>> 15);
    hash ^= hash >>> 16;
    // Plus one, so that 0 means free.
    const key = (length | (kind << 24)) + 1;
    const entries = this.#entries;
    let slot = hash & (SLOTS - 1);
    for (let entry = slot * ENTRY; entries[entry + 1] !== 0; entry = slot * ENTRY) {
      if (entries[entry] === hash && entries[entry + 1] === key && this.#same(start, length, entries[entry + 2]!)) {
        return this.#atoms[slot]!;
      }
      slot = (slot + 1) & (SLOTS - 1);
    }
    const atom = new Atom(decode(buffer, start, length, kind));
    this.#keep(atom, slot, hash, key, start, length);
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

  #open(buffer: Buffer): void {
    this.#buffer = buffer;
    this.#view = new DataView(buffer.buffer, buffer.byteOffset, buffer.length);
  }

  #same(start: number, length: number, offset: number): boolean {
    const view = this.#view;
    const arena = this.#arenaView;
    const words = length & ~3;
    let i = 0;
    for (; i < words; i += 4) if (view.getInt32(start + i, true) !== arena.getInt32(offset + i, true)) return false;
    for (; i < length; i++) if (view.getUint8(start + i) !== arena.getUint8(offset + i)) return false;
    return true;
  }

  #keep(atom: Atom, freeSlot: number, hash: number, key: number, start: number, length: number): void {
    let slot = freeSlot;
    if (this.#used > MOST_USED || this.#top + length > ARENA_BYTES) {
      this.#flush();
      slot = hash & (SLOTS - 1);
    }
    this.#buffer.copy(this.#arena, this.#top, start, start + length);
    const entry = slot * ENTRY;
    this.#entries[entry] = hash;
    this.#entries[entry + 1] = key;
    this.#entries[entry + 2] = this.#top;
    this.#atoms[slot] = atom;
    this.#top += length;
    this.#used++;
  }

  #flush(): void {
    this.#entries.fill(0);
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
