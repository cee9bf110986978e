// HOT: one step per field of every event of a text log.
/**
 * Remembers the order of fields of the events seen. Readers walk this tree while they scan: each field name is compared with
 * the one that came next the last time, so that a log of few kinds of event is recognised at the speed of comparing bytes.
 * Bounded: a tree that has grown past its limit is forgotten.
 */

/** Nodes of one tree. Real logs need a few thousand; more is a log made to exhaust memory. */
const MAX_NODES = 100_000;
/** Bytes of all names together: names may be as long as records. */
const MAX_KEY_BYTES = 8 << 20;
/** Fields of all layouts together: many layouts of many fields each share nearly all of their nodes. */
const MAX_LAYOUT_FIELDS = 400_000;
/** What a layout costs beside its fields, in fields. */
const LAYOUT_COST = 30;
/** Steps of one record; a longer one is remembered up to there. */
export const MAX_STEPS = 20_000;
/** Children looked through one by one; more go into a map. */
const FEW = 12;

export class LayoutNode<T> {
  /** The field name as written. */
  readonly key: Uint8Array;
  /** What the reader means by the step: attribute, element, object, end ... */
  readonly code: number;
  readonly parent: LayoutNode<T> | null;
  /** The child taken last. */
  last: LayoutNode<T> | null = null;
  readonly children: LayoutNode<T>[] = [];
  byName: Map<string, LayoutNode<T>> | null = null;
  /** What the reader made of the layout that ends here. */
  layout: T | null = null;

  constructor(key: Uint8Array, code: number, parent: LayoutNode<T> | null) {
    this.key = key;
    this.code = code;
    this.parent = parent;
  }
}

const NO_KEY = new Uint8Array(0);

/** True when `key` stands at `at`. The caller makes sure that the buffer is long enough or pays with a false answer. */
export function keyAt(buffer: Buffer, at: number, key: Uint8Array): boolean {
  for (let i = 0; i < key.length; i++) if (buffer[at + i] !== key[i]) return false;
  return true;
}

export class LayoutTree<T> {
  root: LayoutNode<T> = new LayoutNode<T>(NO_KEY, 0, null);
  #nodes = 1;
  #keyBytes = 0;
  #layoutFields = 0;

  /** Call between events only: forgets everything when the tree has grown too large; true when it has. */
  trim(): boolean {
    if (this.#nodes <= MAX_NODES && this.#keyBytes <= MAX_KEY_BYTES && this.#layoutFields <= MAX_LAYOUT_FIELDS) return false;
    this.root = new LayoutNode<T>(NO_KEY, 0, null);
    this.#nodes = 1;
    this.#keyBytes = 0;
    this.#layoutFields = 0;
    return true;
  }

  /** Keeps what the reader made of the layout that ends at `node`. */
  remember(node: LayoutNode<T>, layout: T, fields: number): T {
    node.layout = layout;
    this.#layoutFields += fields + LAYOUT_COST;
    return layout;
  }

  /** The child for the name in [start, end) under `code`, made when it is new. */
  step(node: LayoutNode<T>, code: number, buffer: Buffer, start: number, end: number): LayoutNode<T> {
    const last = node.last;
    const length = end - start;
    if (last !== null && last.code === code && last.key.length === length && keyAt(buffer, start, last.key)) return last;
    const found = this.#find(node, code, buffer, start, end) ?? this.#add(node, code, buffer, start, end);
    node.last = found;
    return found;
  }

  /** The child for a step without a name. */
  mark(node: LayoutNode<T>, code: number): LayoutNode<T> {
    const last = node.last;
    if (last !== null && last.code === code && last.key.length === 0) return last;
    return this.step(node, code, EMPTY, 0, 0);
  }

  #find(node: LayoutNode<T>, code: number, buffer: Buffer, start: number, end: number): LayoutNode<T> | undefined {
    const length = end - start;
    if (node.byName !== null) return node.byName.get(`${code} ${buffer.toString('latin1', start, end)}`);
    const children = node.children;
    for (let i = 0; i < children.length; i++) {
      const child = children[i]!;
      if (child.code === code && child.key.length === length && keyAt(buffer, start, child.key)) return child;
    }
    return undefined;
  }

  #add(node: LayoutNode<T>, code: number, buffer: Buffer, start: number, end: number): LayoutNode<T> {
    const child = new LayoutNode<T>(Uint8Array.prototype.slice.call(buffer, start, end), code, node);
    this.#nodes++;
    this.#keyBytes += end - start;
    node.children.push(child);
    if (node.children.length > FEW) {
      node.byName ??= new Map(node.children.map((each) => [`${each.code} ${Buffer.from(each.key).toString('latin1')}`, each]));
      node.byName.set(`${code} ${buffer.toString('latin1', start, end)}`, child);
    }
    return child;
  }
}

const EMPTY = Buffer.alloc(0);

/** The steps from the root to `node`, root left out. */
export function pathTo<T>(node: LayoutNode<T>): LayoutNode<T>[] {
  const path: LayoutNode<T>[] = [];
  for (let at: LayoutNode<T> = node; at.parent !== null; at = at.parent) path.push(at);
  return path.reverse();
}
