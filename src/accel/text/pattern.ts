// HOT: one step per value of every event of a text log.
/**
 * Remembers records by what they have in common: a record is literal bytes and holes, where the values stand. A record whose
 * literals have all been seen in this order has the fields of the record that was scanned then: comparing them, and finding where
 * each value ends, is all there is to do. The patterns form a tree, as records of one kind begin alike. Bounded: a tree that
 * has grown past its limit is forgotten.
 */
import type { Holes } from '../../engine/contract.ts';
import { EMPTY_VALUE, NO_HOLE } from '../../logs/text/holes.ts';
import { ByteString } from './byte-string.ts';

/** Nodes of one tree, about a kilobyte each. A kind of event has as many as it has fields, less what begins like others. */
const MAX_NODES = 20_000;
/** Bytes of all literals together. */
const MAX_LITERAL_BYTES = 4 << 20;
/** A longer one (a comment, an attribute made to be long) is not worth it. */
const LONGEST_LITERAL = 2048;
/** What may follow one hole; there are as many as there are kinds of event with the same beginning. */
const MAX_CHILDREN = 64;
/** A longer value is not compared with the next one in its hole. */
const LONGEST_REPEATED = 2048;
/** Beyond this many bytes of values, only what needs no more room is remembered. */
const MAX_REPEATED_BYTES = 4 << 20;
/** A place whose value changes again and again is given up: a change costs one, a repetition gives two back, up to this many. */
const PATIENCE = 16;

/** Of one tree: numbers the values that were remembered, no two have the same; and their bytes together. */
export class RepeatedValues {
  last = 0;
  bytes = 0;
}

/** The last value in a hole: most are the same as the time before. */
export class RepeatedValue {
  /** 0: none. */
  id = 0;
  /** Bytes of the value itself. */
  length = 0;
  /** Of `text-value.ts`. */
  form = 0;
  readonly #bytes = new ByteString();
  readonly #all: RepeatedValues;
  #patience = PATIENCE;

  constructor(all: RepeatedValues) {
    this.#all = all;
  }

  /** True when the value stands at `at`, and what ended it behind it, before `end`. */
  standsAt(view: DataView, at: number, end: number): boolean {
    if (this.id === 0) return false;
    if (at + this.#bytes.length <= end && this.#bytes.standsAt(view, at)) {
      if (this.#patience < PATIENCE) this.#patience += 2;
      return true;
    }
    if (--this.#patience <= 0) this.id = 0;
    return false;
  }

  /** Remembers the value at `at`, which the `ending` bytes behind it end. Returns its number; 0 when it is not remembered. */
  take(view: DataView, at: number, length: number, ending: number, form: number): number {
    if (this.#patience <= 0) return 0;
    this.id = 0;
    const bytes = length + ending;
    const all = this.#all;
    if (bytes > this.#bytes.room + 7) {
      if (bytes > LONGEST_REPEATED || all.bytes > MAX_REPEATED_BYTES) return 0;
      all.bytes -= this.#bytes.room;
      this.#bytes.set(view, at, bytes);
      all.bytes += this.#bytes.room;
    } else this.#bytes.set(view, at, bytes);
    this.length = length;
    this.form = form;
    this.id = ++all.last;
    return this.id;
  }
}

const NO_EMPTIES = new Int32Array(0);

export class PatternNode<T> {
  readonly literal = new ByteString();
  /** What follows the literal. */
  readonly hole: number;
  /** 1 for the bytes that it may begin with. */
  readonly first: Uint8Array;
  readonly value: RepeatedValue;
  /** Places in the literal of values without bytes. */
  readonly empties: Int32Array;
  /** The child taken last. */
  last: PatternNode<T> | null = null;
  readonly children: PatternNode<T>[] = [];
  /** What the scanner found out about the record that ends here. */
  found: T | null = null;

  constructor(hole: number, first: Uint8Array, empties: readonly number[], values: RepeatedValues) {
    this.hole = hole;
    this.value = new RepeatedValue(values);
    this.first = first;
    this.empties = empties.length === 0 ? NO_EMPTIES : Int32Array.from(empties);
  }

  /** True when the literal stands at `at`, whole before `end`, and its hole may begin behind it. */
  standsAt(view: DataView, at: number, end: number): boolean {
    const literal = this.literal;
    const after = at + literal.length;
    return after <= end && literal.standsAt(view, at) && this.first[view.getUint8(after)] === 1;
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

const ANY_BYTE = new Uint8Array(256).fill(1);

export class PatternTree<T> {
  /** Per kind of hole: 1 for the bytes that one may begin with. */
  readonly #firsts: readonly Uint8Array[];
  readonly #values = new RepeatedValues();
  #nodes = 1;
  #literalBytes = 0;
  root: PatternNode<T>;

  /** `firsts[kind]` is left out where any byte will do. */
  constructor(firsts: readonly (Uint8Array | undefined)[]) {
    this.#firsts = Array.from(firsts, (first) => first ?? ANY_BYTE);
    this.root = new PatternNode<T>(NO_HOLE, ANY_BYTE, [], this.#values);
  }

  /** Forgets everything. Call between records only. */
  forget(): void {
    this.root = new PatternNode<T>(NO_HOLE, ANY_BYTE, [], this.#values);
    this.#nodes = 1;
    this.#literalBytes = 0;
    this.#values.bytes = 0;
  }

  /** Keeps what was `found` about the record in [start, after), whose values are `holes`. `view` is of the buffer. */
  learn(view: DataView, start: number, after: number, holes: Holes, found: T): void {
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
      const next = this.#child(node, view, from, at, holes.kinds[i]!, empties);
      if (next === null) return;
      node = next;
      empties = [];
      from = holes.ends[i]!;
    }
    if (after - from > LONGEST_LITERAL) return;
    const last = this.#child(node, view, from, after, NO_HOLE, empties);
    if (last !== null) last.found = found;
  }

  /** The child whose literal is [from, to), made when it is new; null when such a literal cannot be compared. */
  #child(
    node: PatternNode<T>,
    view: DataView,
    from: number,
    to: number,
    hole: number,
    empties: readonly number[],
  ): PatternNode<T> | null {
    const children = node.children;
    const length = to - from;
    // One with other empty values has another literal.
    let child = children.find(
      (each) => each.hole === hole && each.literal.length === length && each.literal.standsAt(view, from),
    );
    if (child === undefined) {
      child = new PatternNode<T>(hole, this.#firsts[hole] ?? ANY_BYTE, empties, this.#values);
      child.literal.set(view, from, length);
      if (!child.literal.standsAt(view, from)) return null;
      this.#nodes++;
      this.#literalBytes += length;
      if (children.length === MAX_CHILDREN) children.pop();
      children.unshift(child);
    }
    node.last = child;
    return child;
  }
}
