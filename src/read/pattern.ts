// HOT: one step per value of every event of a text log.
/**
 * Remembers records by what they have in common: a record is literal bytes and holes, where the values stand. A record whose
 * literals have all been seen in this order has the fields of the record that was scanned then: comparing them, and finding where each
 * value ends, is all there is to do. The patterns form a tree, as records of one kind begin alike. Bounded: a tree that has
 * grown past its limit is forgotten.
 */

/** Kinds of holes are the scanner's own numbers, but for these two. No hole: the record ends here. */
export const NO_HOLE = 0;
/** A value of no bytes inside of a literal (`<Data Name="x"/>`): noted by its place only. */
export const EMPTY_VALUE = 1;

/** Nodes of one tree. */
const MAX_NODES = 50_000;
/** Bytes of all literals together. */
const MAX_LITERAL_BYTES = 4 << 20;
/** A longer one (a comment, an attribute made to be long) is not worth it. */
const LONGEST_LITERAL = 2048;
/** What may follow one hole; there are as many as there are kinds of event with the same beginning. */
const MAX_CHILDREN = 64;
/** Values of one record; a longer one is scanned. */
const MAX_HOLES = 512;

/** Where the values of the record in hand stand, in the order of the bytes. Filled by scanners. */
export class Holes {
  readonly kinds = new Uint8Array(MAX_HOLES);
  readonly starts = new Int32Array(MAX_HOLES);
  readonly ends = new Int32Array(MAX_HOLES);
  count = 0;
  /** False for a record that holds what no pattern can say. */
  learnable = true;

  clear(): void {
    this.count = 0;
    this.learnable = true;
  }

  add(kind: number, start: number, end: number): void {
    if (this.count === MAX_HOLES) {
      this.learnable = false;
      return;
    }
    this.kinds[this.count] = kind;
    this.starts[this.count] = start;
    this.ends[this.count] = end;
    this.count++;
  }
}

export class PatternNode<T> {
  /** Bytes of the literal. */
  readonly length: number;
  /** The literal up to its last 0-7 bytes, eight bytes each. */
  readonly doubles: Float64Array;
  /** Its last bytes, filled up with zeros, and which bits of them count. */
  readonly tail: number;
  readonly tailMask: number;
  readonly tail2: number;
  readonly tail2Mask: number;
  /** What follows the literal. */
  readonly hole: number;
  /** 1 for the bytes that it may begin with. */
  readonly first: Uint8Array;
  /** Places in the literal of values without bytes. */
  readonly empties: Int32Array;
  /** The child taken last. */
  last: PatternNode<T> | null = null;
  readonly children: PatternNode<T>[] = [];
  /** What the scanner found out about the record that ends here. */
  found: T | null = null;

  constructor(literal: Uint8Array, hole: number, first: Uint8Array, empties: readonly number[]) {
    this.length = literal.length;
    const padded = new Uint8Array(literal.length + 8);
    padded.set(literal);
    const view = new DataView(padded.buffer);
    const end = literal.length & ~7;
    this.doubles = Float64Array.from({ length: end / 8 }, (_, i) => view.getFloat64(i * 8, true));
    this.tail = view.getInt32(end, true);
    this.tail2 = view.getInt32(end + 4, true);
    this.tailMask = maskOf(literal.length - end);
    this.tail2Mask = maskOf(literal.length - end - 4);
    this.hole = hole;
    this.first = first;
    this.empties = Int32Array.from(empties);
  }

  /** True when the literal stands at `at`, whole before `end`, and its hole may begin behind it. Reads 8 bytes beyond `end`. */
  standsAt(view: DataView, at: number, end: number): boolean {
    if (at + this.length > end) return false;
    const doubles = this.doubles;
    const tail = at + doubles.length * 8;
    // The end first: the literals after one hole begin alike.
    if (((view.getInt32(tail, true) ^ this.tail) & this.tailMask) !== 0) return false;
    if (((view.getInt32(tail + 4, true) ^ this.tail2) & this.tail2Mask) !== 0) return false;
    for (let i = 0, place = at; i < doubles.length; i++, place += 8) {
      // No literal with a zero or a NaN is learned: for other numbers, equal is equal in every bit.
      if (view.getFloat64(place, true) !== doubles[i]) return false;
    }
    return this.first[view.getUint8(at + this.length)] === 1;
  }

  /** The child that stands at `at`; null when there is none. */
  next(view: DataView, at: number, end: number): PatternNode<T> | null {
    const last = this.last;
    if (last?.standsAt(view, at, end)) return last;
    const children = this.children;
    for (let i = 0; i < children.length; i++) {
      const child = children[i]!;
      if (child === last || !child.standsAt(view, at, end)) continue;
      this.last = child;
      return child;
    }
    return null;
  }
}

/** The bits of `bytes` bytes of a word, from the lowest. */
function maskOf(bytes: number): number {
  return bytes >= 4 ? -1 : bytes <= 0 ? 0 : (1 << (bytes * 8)) - 1;
}

const ANY_BYTE = new Uint8Array(256).fill(1);

export class PatternTree<T> {
  /** Per kind of hole: 1 for the bytes that one may begin with. */
  readonly #firsts: readonly Uint8Array[];
  #nodes = 1;
  #literalBytes = 0;
  root: PatternNode<T>;

  /** `firsts[kind]` is left out where any byte will do. */
  constructor(firsts: readonly (Uint8Array | undefined)[]) {
    this.#firsts = Array.from(firsts, (first) => first ?? ANY_BYTE);
    this.root = new PatternNode<T>(new Uint8Array(0), NO_HOLE, ANY_BYTE, []);
  }

  /** Forgets everything. Call between records only. */
  forget(): void {
    this.root = new PatternNode<T>(new Uint8Array(0), NO_HOLE, ANY_BYTE, []);
    this.#nodes = 1;
    this.#literalBytes = 0;
  }

  /** Keeps what was `found` about the record in [start, after), whose values are `holes`. */
  learn(buffer: Buffer, start: number, after: number, holes: Holes, found: T): void {
    if (!holes.learnable) return;
    if (this.#nodes > MAX_NODES || this.#literalBytes > MAX_LITERAL_BYTES) this.forget();
    let node = this.root;
    let from = start;
    let empties: number[] = [];
    for (let i = 0; i < holes.count; i++) {
      const at = holes.starts[i]!;
      if (holes.kinds[i] === EMPTY_VALUE) {
        empties.push(at - from);
        continue;
      }
      if (at - from > LONGEST_LITERAL) return;
      const next = this.#child(node, buffer.subarray(from, at), holes.kinds[i]!, empties);
      if (next === null) return;
      node = next;
      empties = [];
      from = holes.ends[i]!;
    }
    if (after - from > LONGEST_LITERAL) return;
    const last = this.#child(node, buffer.subarray(from, after), NO_HOLE, empties);
    if (last !== null) last.found = found;
  }

  #child(node: PatternNode<T>, literal: Uint8Array, hole: number, empties: readonly number[]): PatternNode<T> | null {
    const made = new PatternNode<T>(literal, hole, this.#firsts[hole] ?? ANY_BYTE, empties);
    if (made.doubles.some((number) => number === 0 || Number.isNaN(number))) return null;
    const children = node.children;
    let child = children.find((each) => isSame(each, made));
    if (child === undefined) {
      child = made;
      this.#nodes++;
      this.#literalBytes += literal.length;
      if (children.length === MAX_CHILDREN) children.pop();
      children.unshift(child);
    }
    node.last = child;
    return child;
  }
}

function isSame<T>(one: PatternNode<T>, other: PatternNode<T>): boolean {
  if (one.hole !== other.hole || one.length !== other.length || one.tail !== other.tail || one.tail2 !== other.tail2)
    return false;
  if (one.empties.length !== other.empties.length || one.empties.some((at, i) => at !== other.empties[i])) return false;
  return one.doubles.every((number, i) => number === other.doubles[i]);
}
