// HOT: one step per value of every event of a text log.
/**
 * Remembers what records have in common. A record consists of literal bytes and of holes, in which the values stand. If a record
 * has the same literals in the same order as one that was scanned, it has the same fields. It is then enough to compare the
 * literals and to find where each value ends. Patterns form a tree, because records of one kind begin alike. Bounded: a tree
 * that grows past its limit is forgotten.
 */
import type { Holes } from '../../engine/contract.ts';
import { EMPTY_VALUE, NO_HOLE } from '../../logs/text/holes.ts';
import { ByteString } from './byte-string.ts';

/** Nodes of one tree, about a kilobyte each. A kind of event needs one node per field, fewer if it begins like another kind. */
const MAX_NODES = 20_000;
/** Bytes of all literals together. */
const MAX_LITERAL_BYTES = 4 << 20;
/** A longer literal (a comment, an attribute made to be long) is not worth comparing; the record is scanned each time. */
const LONGEST_LITERAL = 2048;
/** Literals that may follow one hole: one for each kind of event with the same beginning. */
const MAX_CHILDREN = 64;
/** A longer value is not remembered for comparison with the next value in its hole. */
const LONGEST_REPEATED = 2048;
/** Beyond this many bytes of values, only a value that needs no further room is remembered. */
const MAX_REPEATED_BYTES = 4 << 20;
/** A hole whose value keeps changing is no longer compared. A change costs one, a repetition gives back two, up to this limit. */
const PATIENCE = 16;

/** Belongs to one tree: gives each remembered value a number of its own, and counts the bytes of all of them. */
export class RepeatedValues {
  last = 0;
  bytes = 0;
}

/** The last value in a hole. Most values are the same as the one before. */
export class RepeatedValue {
  /** The number of the value; 0 when there is none. */
  id = 0;
  /** Bytes of the value, without those that end it. */
  length = 0;
  /** A form of `text-value.ts`. */
  form = 0;
  readonly #bytes = new ByteString();
  readonly #all: RepeatedValues;
  #patience = PATIENCE;

  constructor(all: RepeatedValues) {
    this.#all = all;
  }

  /** True when the value, followed by the bytes that end it, stands at `at` and ends before `end`. */
  standsAt(view: DataView, at: number, end: number): boolean {
    if (this.id === 0) return false;
    if (at + this.#bytes.length <= end && this.#bytes.standsAt(view, at)) {
      if (this.#patience < PATIENCE) this.#patience += 2;
      return true;
    }
    if (--this.#patience <= 0) this.id = 0;
    return false;
  }

  /** Remembers the value at `at`, followed by `ending` bytes that end it. Returns its number; 0 when it is not remembered. */
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
  /** The kind of hole that follows the literal. */
  readonly hole: number;
  /** By byte: 1 if the hole may begin with it. */
  readonly first: Uint8Array;
  readonly value: RepeatedValue;
  /** Where values without bytes are in the literal. */
  readonly empties: Int32Array;
  /** The child that was found last. */
  last: PatternNode<T> | null = null;
  /** An array of one to begin with, like the children of a layout's node. */
  children: PatternNode<T>[] | null = null;
  /** What the scanner found out about the record that ends here. */
  found: T | null = null;

  constructor(hole: number, first: Uint8Array, empties: readonly number[], values: RepeatedValues) {
    this.hole = hole;
    this.value = new RepeatedValue(values);
    this.first = first;
    this.empties = empties.length === 0 ? NO_EMPTIES : Int32Array.from(empties);
  }

  /** True when the literal stands at `at`, ends before `end`, and is followed by a byte that its hole may begin with. */
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
    if (children === null) return null;
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
  /** By kind of hole, then by byte: 1 if such a hole may begin with it. */
  readonly #firsts: readonly Uint8Array[];
  readonly #values = new RepeatedValues();
  #nodes = 1;
  #literalBytes = 0;
  root: PatternNode<T>;

  /** `firsts[kind]` is left out where a hole may begin with any byte. */
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

  /** Remembers what was `found` about the record in [start, after) with the values `holes`. `view` is a view of its buffer. */
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

  /** The child whose literal is [from, to), made if it is new. Null when the literal is too long or there is no room. */
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
    // The same bytes with empty values elsewhere are another literal.
    let child = children?.find(
      (each) => each.hole === hole && each.literal.length === length && each.literal.standsAt(view, from),
    );
    if (child === undefined) {
      child = new PatternNode<T>(hole, this.#firsts[hole] ?? ANY_BYTE, empties, this.#values);
      child.literal.set(view, from, length);
      if (!child.literal.standsAt(view, from)) return null;
      this.#nodes++;
      this.#literalBytes += length;
      if (children === null) node.children = [child];
      else {
        if (children.length === MAX_CHILDREN) children.pop();
        children.unshift(child);
      }
    }
    node.last = child;
    return child;
  }
}
