// HOT: called for every value that a rule asks for.
/**
 * Interns values by their bytes: the same bytes give the same `Atom` as long as it is kept. In: bytes and how to decode them.
 * Out: an `Atom`. Bounded: when the table is full everything is forgotten at once. That is cheaper than choosing what to drop,
 * and a scan soon fills it again.
 */
import { Atom } from '../model/values/atom.ts';
import { rememberedUpTo } from '../model/values/maps.ts';

/** Slots of the open-addressing table; a power of two. Flushed at 60 %. */
const SLOTS = 1 << 16;
const MOST_USED = Math.floor(SLOTS * 0.6);
/** Room for copies of the interned bytes. They are needed to tell values with equal hashes apart. */
const ARENA_BYTES = 24 << 20;
/** A longer value is rarely seen twice and would take the room of many others. */
const LONGEST = 8192;
/**
 * A longer value is kept only when it comes again. Most long values are messages and scripts that occur once. Everything found
 * out about a value lives as long as its atom, so a log of PowerShell events filled hundreds of megabytes.
 */
const LONGEST_AT_ONCE = 1024;
/** How many hashes of long values are remembered until the value comes again; a power of two. */
const SEEN_ONCE = 1 << 12;
/**
 * The most texts kept that have no bytes in the log, because they were joined from several values. They are found by their text.
 */
const TEXTS = 20_000;

/** Numbers per slot, side by side so that a probe touches one cache line: hash, key, offset in the arena; one is unused. */
const ENTRY = 4;
/** The most slots searched for one value. Only values made to collide reach it; the table then starts again. */
const MOST_PROBES = 1024;

/** Any start value other than that of the first sum. */
const SECOND_SEED = 0x27d4_eb2f;

/** A place that values come from (a slot of a layout), with its last value. `Current` is what the reader makes of values. */
export class AtomPlace<Current = Atom | readonly Atom[]> {
  atom: Atom | null = null;
  key = 0;
  /** The table's generation when `offset` was an offset in its arena. */
  generation = -1;
  offset = 0;
  /**
   * These belong to the reader: the unique number of the record in which the value was last asked for, and what the reader made
   * of the value.
   */
  record = -1;
  current: Current | null = null;
}

/** Decodes `length` bytes at `start`. `kind` is the number that the caller passed to `bytes`. */
export type DecodeText = (buffer: Buffer, start: number, length: number, kind: number) => string;

export class AtomTable {
  readonly #entries = new Int32Array(SLOTS * ENTRY);
  readonly #atoms: (Atom | null)[] = new Array<Atom | null>(SLOTS).fill(null);
  readonly #arena = Buffer.allocUnsafeSlow(ARENA_BYTES);
  /** Hashes of long values that came once. They stay when everything else is forgotten. */
  readonly #once = new Int32Array(SEEN_ONCE);
  readonly #arenaView = new DataView(this.#arena.buffer);
  readonly #shortText = rememberedUpTo(TEXTS, (text: string) => new Atom(text));
  /** The last buffer asked about, and a view of it. Callers use one buffer for thousands of values. */
  #buffer: Buffer = this.#arena;
  #view: DataView = this.#arenaView;
  #used = 0;
  #top = 0;
  /** Counts how often everything was forgotten. */
  #generation = 0;

  /**
   * The atom of `length` bytes at `start`. `kind` keeps values of different types or encodings apart: 0x00-0x23 are the value
   * types of BinXML, 0x28-0x3f are free for text formats.
   */
  bytes(buffer: Buffer, start: number, length: number, kind: number, decode: DecodeText): Atom {
    if (length > LONGEST) return new Atom(decode(buffer, start, length, kind));
    if (buffer !== this.#buffer) this.#open(buffer);
    // Plus one, because 0 means a free slot.
    const key = (length | (kind << 24)) + 1;
    const slot = this.#find(start, length, kind, key, decode);
    return slot < 0 ? new Atom(decode(buffer, start, length, kind)) : this.#atoms[slot]!;
  }

  /** Does the same for a place whose value is often the same as the last one. Such a value is only compared, not looked up. */
  bytesAt(place: AtomPlace<unknown>, buffer: Buffer, start: number, length: number, kind: number, decode: DecodeText): Atom {
    if (length > LONGEST) return new Atom(decode(buffer, start, length, kind));
    if (buffer !== this.#buffer) this.#open(buffer);
    const key = (length | (kind << 24)) + 1;
    if (place.key === key && place.generation === this.#generation && this.#same(start, length, place.offset)) return place.atom!;
    const slot = this.#find(start, length, kind, key, decode);
    if (slot < 0) return new Atom(decode(buffer, start, length, kind));
    const atom = this.#atoms[slot]!;
    place.key = key;
    place.generation = this.#generation;
    place.offset = this.#entries[slot * ENTRY + 2]!;
    place.atom = atom;
    return atom;
  }

  /** The slot of the value; -1 when it is not kept. */
  #find(start: number, length: number, kind: number, key: number, decode: DecodeText): number {
    const hash = this.#hash(start, length, kind);
    const entries = this.#entries;
    let slot = hash & (SLOTS - 1);
    let probes = 0;
    for (let entry = slot * ENTRY; entries[entry + 1] !== 0; entry = slot * ENTRY) {
      if (entries[entry] === hash && entries[entry + 1] === key && this.#same(start, length, entries[entry + 2]!)) return slot;
      slot = (slot + 1) & (SLOTS - 1);
      if (++probes > MOST_PROBES) {
        this.#flush();
        slot = hash & (SLOTS - 1);
      }
    }
    if (length > LONGEST_AT_ONCE && !this.#cameBefore(hash)) return -1;
    return this.#keep(new Atom(decode(this.#buffer, start, length, kind)), slot, hash, key, start, length);
  }

  /** True when a long value with this hash was asked for not long ago. */
  #cameBefore(hash: number): boolean {
    const at = (hash >>> 16) & (SEEN_ONCE - 1);
    if (this.#once[at] === hash) return true;
    this.#once[at] = hash;
    return false;
  }

  #hash(start: number, length: number, kind: number): number {
    const view = this.#view;
    let at = start;
    // Values start at odd offsets too; a DataView reads at any offset. Two sums are computed side by side, so that neither waits
    // for the other.
    let one = length ^ (kind << 20);
    let two = SECOND_SEED;
    for (const end = start + (length & ~7); at < end; at += 8) {
      one = Math.imul(one ^ view.getInt32(at, true), 0x9e37_79b1) ^ (one >>> 15);
      two = Math.imul(two ^ view.getInt32(at + 4, true), 0x85eb_ca6b) ^ (two >>> 13);
    }
    if ((length & 4) !== 0) {
      one = Math.imul(one ^ view.getInt32(at, true), 0x9e37_79b1) ^ (one >>> 15);
      at += 4;
    }
    for (const end = start + length; at < end; at++) two = Math.imul(two ^ view.getUint8(at), 0x85eb_ca6b) ^ (two >>> 13);
    const hash = Math.imul(one ^ (two << 16) ^ (two >>> 16), 0xc2b2_ae35);
    return hash ^ (hash >>> 16);
  }

  /** The atom of a text that was made (joined or derived), not read from the log. */
  text(text: string): Atom {
    return text.length > LONGEST ? new Atom(text) : this.#shortText(text);
  }

  #open(buffer: Buffer): void {
    this.#buffer = buffer;
    this.#view = new DataView(buffer.buffer, buffer.byteOffset, buffer.length);
  }

  #same(start: number, length: number, offset: number): boolean {
    const view = this.#view;
    const arena = this.#arenaView;
    // Compared from the end, because paths and names begin alike.
    let i = length;
    for (; i >= 8; i -= 8) {
      const value = view.getFloat64(start + i - 8, true);
      // Equal doubles have equal bytes, except for the two zeros. NaN equals nothing although its bytes may be equal. Both are
      // compared as bytes.
      if (value === arena.getFloat64(offset + i - 8, true) && value !== 0) continue;
      if (view.getInt32(start + i - 4, true) !== arena.getInt32(offset + i - 4, true)) return false;
      if (view.getInt32(start + i - 8, true) !== arena.getInt32(offset + i - 8, true)) return false;
    }
    if (i >= 4) {
      if (view.getInt32(start + i - 4, true) !== arena.getInt32(offset + i - 4, true)) return false;
      i -= 4;
    }
    while (i > 0) {
      i--;
      if (view.getUint8(start + i) !== arena.getUint8(offset + i)) return false;
    }
    return true;
  }

  #keep(atom: Atom, freeSlot: number, hash: number, key: number, start: number, length: number): number {
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
    return slot;
  }

  #flush(): void {
    this.#entries.fill(0);
    this.#atoms.fill(null);
    this.#used = 0;
    this.#top = 0;
    this.#generation++;
  }
}
