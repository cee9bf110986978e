// HOT: read for every value that rules look at.
/**
 * What a matcher has found out about one value: kept at the value (`Atom.memo`), so that it is found out once. Bounded: a memo
 * lives as long as its atom, and holds at most one entry per field, per field of a view and per test.
 */
import type { Atom } from '../model/atom.ts';

export class ValueMemo {
  /** The matcher's present generation. Memos of another one are void. */
  readonly owner: object;
  private keyA = -1;
  private listA: Int32Array | undefined = undefined;
  private keyB = -1;
  private listB: Int32Array | undefined = undefined;
  private more: Map<number, Int32Array> | null = null;
  /** Outcome of tests that no index answers, by predicate. */
  private tests: Map<number, boolean> | null = null;
  /** Atoms derived from this value, by derivation. */
  derived: Map<number, Atom | readonly (Atom | null)[] | null | undefined> | null = null;

  constructor(owner: object) {
    this.owner = owner;
  }

  get(key: number): Int32Array | undefined {
    if (this.keyA === key) return this.listA;
    if (this.keyB === key) return this.listB;
    return this.more === null ? undefined : this.more.get(key);
  }

  set(key: number, list: Int32Array): void {
    if (this.keyA < 0) {
      this.keyA = key;
      this.listA = list;
    } else if (this.keyB < 0) {
      this.keyB = key;
      this.listB = list;
    } else {
      this.more ??= new Map();
      this.more.set(key, list);
    }
  }

  tested(predicate: number): boolean | undefined {
    return this.tests === null ? undefined : this.tests.get(predicate);
  }

  setTested(predicate: number, holds: boolean): void {
    this.tests ??= new Map();
    this.tests.set(predicate, holds);
  }
}

export function memoOf(atom: Atom, owner: object): ValueMemo {
  // Only matchers write memos; what another one has written has another owner.
  const known = atom.memo as ValueMemo | null;
  if (known !== null && known.owner === owner) return known;
  const memo = new ValueMemo(owner);
  atom.memo = memo;
  return memo;
}
