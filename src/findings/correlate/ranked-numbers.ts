/**
 * A multiset of numbers that can give the k-th smallest. It is a treap in flat arrays: adding, removing and asking take
 * logarithmic time. Priorities come from a generator with a fixed seed, so that equal input gives equal trees.
 */

/** Means no node. Node 0 is never used. */
const NONE = 0;

export class RankedNumbers {
  readonly #keys: number[] = [0];
  /** For each node, how often its number is in the set. */
  readonly #counts: number[] = [0];
  /** For each node, how many numbers its subtree has, repeats included. */
  readonly #sizes: number[] = [0];
  readonly #priorities: number[] = [0];
  readonly #lefts: number[] = [NONE];
  readonly #rights: number[] = [NONE];
  readonly #free: number[] = [];
  #root = NONE;
  #random = 0x9e3779b9;

  get size(): number {
    return this.#sizes[this.#root]!;
  }

  add(key: number): void {
    this.#root = this.#insert(this.#root, key);
  }

  /** Removes one `key`; does nothing when there is none. */
  remove(key: number): void {
    if (this.#has(key)) this.#root = this.#delete(this.#root, key);
  }

  /** The number with this rank, counted from 0 at the smallest. */
  at(rank: number): number {
    if (!(rank >= 0 && rank < this.size)) throw new RangeError(`rank ${rank} of ${this.size}`);
    let node = this.#root;
    let left = rank;
    for (;;) {
      const before = this.#sizes[this.#lefts[node]!]!;
      if (left < before) {
        node = this.#lefts[node]!;
        continue;
      }
      left -= before;
      if (left < this.#counts[node]!) return this.#keys[node]!;
      left -= this.#counts[node]!;
      node = this.#rights[node]!;
    }
  }

  #has(key: number): boolean {
    let node = this.#root;
    while (node !== NONE && this.#keys[node] !== key) {
      node = key < this.#keys[node]! ? this.#lefts[node]! : this.#rights[node]!;
    }
    return node !== NONE;
  }

  #insert(node: number, key: number): number {
    if (node === NONE) return this.#create(key);
    if (key === this.#keys[node]) {
      this.#counts[node]!++;
      this.#sizes[node]!++;
      return node;
    }
    if (key < this.#keys[node]!) {
      this.#lefts[node] = this.#insert(this.#lefts[node]!, key);
      if (this.#priorities[this.#lefts[node]!]! > this.#priorities[node]!) return this.#liftLeft(node);
    } else {
      this.#rights[node] = this.#insert(this.#rights[node]!, key);
      if (this.#priorities[this.#rights[node]!]! > this.#priorities[node]!) return this.#liftRight(node);
    }
    this.#measure(node);
    return node;
  }

  #delete(node: number, key: number): number {
    if (key < this.#keys[node]!) this.#lefts[node] = this.#delete(this.#lefts[node]!, key);
    else if (key > this.#keys[node]!) this.#rights[node] = this.#delete(this.#rights[node]!, key);
    else if (this.#counts[node]! > 1) this.#counts[node]!--;
    else return this.#sink(node);
    this.#measure(node);
    return node;
  }

  /** Rotates a node down until it is a leaf, then drops it. */
  #sink(node: number): number {
    const left = this.#lefts[node]!;
    const right = this.#rights[node]!;
    if (left === NONE || right === NONE) {
      this.#free.push(node);
      return left === NONE ? right : left;
    }
    const leftUp = this.#priorities[left]! > this.#priorities[right]!;
    const top = leftUp ? this.#liftLeft(node) : this.#liftRight(node);
    if (leftUp) this.#rights[top] = this.#sink(node);
    else this.#lefts[top] = this.#sink(node);
    this.#measure(top);
    return top;
  }

  #liftLeft(node: number): number {
    const top = this.#lefts[node]!;
    this.#lefts[node] = this.#rights[top]!;
    this.#rights[top] = node;
    this.#measure(node);
    this.#measure(top);
    return top;
  }

  #liftRight(node: number): number {
    const top = this.#rights[node]!;
    this.#rights[node] = this.#lefts[top]!;
    this.#lefts[top] = node;
    this.#measure(node);
    this.#measure(top);
    return top;
  }

  #measure(node: number): void {
    this.#sizes[node] = this.#sizes[this.#lefts[node]!]! + this.#counts[node]! + this.#sizes[this.#rights[node]!]!;
  }

  #create(key: number): number {
    const node = this.#free.pop() ?? this.#keys.length;
    this.#keys[node] = key;
    this.#counts[node] = 1;
    this.#sizes[node] = 1;
    this.#lefts[node] = NONE;
    this.#rights[node] = NONE;
    // xorshift32
    this.#random ^= this.#random << 13;
    this.#random ^= this.#random >>> 17;
    this.#random ^= this.#random << 5;
    this.#priorities[node] = this.#random >>> 0;
    return node;
  }
}
