// HOT: read for every value that rules look at.
/**
 * What a matcher has found out about one value. It is kept at the value (`Atom.memo`), so that it is found out only once.
 * Bounded: a memo lives as long as its atom, has at most one entry per field, per field of a view and per test, and an atom has
 * only a few memos.
 */
import type { Atom } from '../../../model/values/atom.ts';

const SMALLEST_TABLE = 8;
const NO_LIST = new Int32Array(0);
const NO_LISTS: Int32Array[] = [];

/** The owner of memos: a matcher until it forgets, then a new object. */
export interface MemoOwner {
  gone: boolean;
}

export class ValueMemo {
  /** The current owner object of the matcher. */
  readonly owner: MemoOwner;
  /** The memo of another matcher at the same value. */
  next: ValueMemo | null = null;
  /** The first four entries. Most values have no more. */
  private keyA = -1;
  private keyB = -1;
  private keyC = -1;
  private keyD = -1;
  private listA: Int32Array | undefined = undefined;
  private listB: Int32Array | undefined = undefined;
  private listC: Int32Array | undefined = undefined;
  private listD: Int32Array | undefined = undefined;
  /**
   * Further entries: an open-addressing table whose length is a power of two and which is at most half full (-1: free). Values
   * such as `-` and `0` occur in every field.
   */
  private keys: Int32Array | null = null;
  private lists: Int32Array[] = NO_LISTS;
  private used = 0;
  /** Results of tests that no index can answer, by predicate. */
  private tests: Map<number, boolean> | null = null;
  /** Atoms derived from this value, by derivation. */
  derived: Map<number, Atom | readonly (Atom | null)[] | null | undefined> | null = null;

  constructor(owner: MemoOwner) {
    this.owner = owner;
  }

  get(key: number): Int32Array | undefined {
    if (this.keyA === key) return this.listA;
    if (this.keyB === key) return this.listB;
    if (this.keyC === key) return this.listC;
    if (this.keyD === key) return this.listD;
    const keys = this.keys;
    if (keys === null) return undefined;
    const mask = keys.length - 1;
    // Keys are small and dense, so their low bits rarely clash.
    let at = key & mask;
    while (keys[at] !== key) {
      if (keys[at]! < 0) return undefined;
      at = (at + 1) & mask;
    }
    return this.lists[at];
  }

  /** Stores a list. Call it once per key. */
  set(key: number, list: Int32Array): void {
    if (this.keyA < 0) {
      this.keyA = key;
      this.listA = list;
    } else if (this.keyB < 0) {
      this.keyB = key;
      this.listB = list;
    } else if (this.keyC < 0) {
      this.keyC = key;
      this.listC = list;
    } else if (this.keyD < 0) {
      this.keyD = key;
      this.listD = list;
    } else {
      if (this.keys === null || 2 * this.used >= this.keys.length) this.grow();
      this.put(key, list);
    }
  }

  private put(key: number, list: Int32Array): void {
    const keys = this.keys!;
    let at = key & (keys.length - 1);
    while (keys[at]! >= 0) at = (at + 1) & (keys.length - 1);
    keys[at] = key;
    this.lists[at] = list;
    this.used++;
  }

  private grow(): void {
    const { keys, lists } = this;
    const size = keys === null ? SMALLEST_TABLE : 2 * keys.length;
    this.keys = new Int32Array(size).fill(-1);
    this.lists = new Array<Int32Array>(size).fill(NO_LIST);
    this.used = 0;
    keys?.forEach((key, at) => {
      if (key >= 0) this.put(key, lists[at]!);
    });
  }

  tested(predicate: number): boolean | undefined {
    return this.tests === null ? undefined : this.tests.get(predicate);
  }

  setTested(predicate: number, holds: boolean): void {
    this.tests ??= new Map();
    this.tests.set(predicate, holds);
  }
}

/** Memos kept at one value, for several matchers of a thread that look at the same logs in turns. */
const MOST_OWNERS = 4;

/**
 * The owner's memo at a value, made when there is none. Memos of other owners stay, so that matchers do not disturb each other.
 */
export function memoOf(atom: Atom, owner: MemoOwner): ValueMemo {
  // The cast holds because only matchers write `memo`.
  const first = atom.memo as ValueMemo | null;
  if (first !== null && first.owner === owner) return first;
  return memoBehind(atom, first, owner);
}

function memoBehind(atom: Atom, first: ValueMemo | null, owner: MemoOwner): ValueMemo {
  let memo: ValueMemo | null = null;
  let others: ValueMemo | null = null;
  let count = 1;
  for (let each = first; each !== null; ) {
    const next: ValueMemo | null = each.next;
    if (each.owner === owner) memo = each;
    else if (!each.owner.gone && count < MOST_OWNERS) {
      each.next = others;
      others = each;
      count++;
    }
    each = next;
  }
  memo ??= new ValueMemo(owner);
  // Put in front, because a matcher asks about one event's values in a row.
  memo.next = others;
  atom.memo = memo;
  return memo;
}
