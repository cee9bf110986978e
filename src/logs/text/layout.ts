// HOT: one step per field of every event of a text log.
/**
 * Remembers the order of fields in the events seen. In: field names, as a reader scans them. Out: the layout for their sequence.
 * Readers walk this tree while they scan: each field name is compared with the one that followed last time. A log with few kinds
 * of events is thus recognised as fast as bytes can be compared. Bounded: a tree that grows past its limit is forgotten.
 */

/** Nodes of one tree. Real logs need a few thousand; a log that needs more was made to exhaust memory. */
const MAX_NODES = 100_000;
/** Bytes of all names together. Limited, because a name may be as long as a record. */
const MAX_KEY_BYTES = 8 << 20;
/** Fields of all layouts together. Limited, because many long layouts may share nearly all of their nodes. */
const MAX_LAYOUT_FIELDS = 400_000;
/** What a layout costs in addition to its fields, counted in fields. */
const LAYOUT_COST = 30;
/** Steps of one record. A longer record is remembered only up to there. */
export const MAX_STEPS = 20_000;
/** This many children are searched one by one; more are put into a map. */
const FEW = 12;

export class LayoutNode<T> {
  /** The field's name as written. */
  readonly key: Uint8Array;
  /** What the reader means by the step: attribute, element, object, end and so on. */
  readonly code: number;
  readonly parent: LayoutNode<T> | null;
  /** The child that was found last. */
  last: LayoutNode<T> | null = null;
  /** An array of one to begin with: most nodes have one child, and `push` onto an empty array makes room for seventeen. */
  children: LayoutNode<T>[] | null = null;
  byName: Map<string, LayoutNode<T>> | null = null;
  /** What the reader made for the layout that ends here. */
  layout: T | null = null;

  constructor(key: Uint8Array, code: number, parent: LayoutNode<T> | null) {
    this.key = key;
    this.code = code;
    this.parent = parent;
  }
}

const NO_KEY = new Uint8Array(0);

/**
 * True when `key` stands at `at`. The caller must make sure that the buffer is long enough; otherwise the answer may be wrong.
 */
export function keyAt(buffer: Buffer, at: number, key: Uint8Array): boolean {
  for (let i = 0; i < key.length; i++) if (buffer[at + i] !== key[i]) return false;
  return true;
}

export class LayoutTree<T> {
  root: LayoutNode<T> = new LayoutNode<T>(NO_KEY, 0, null);
  #nodes = 1;
  #keyBytes = 0;
  #layoutFields = 0;
  /** One copy of each name. If records have their fields in ever different orders, thousands of nodes have the same few names. */
  readonly #keys = new Map<string, Uint8Array>();

  /** Call between events only. Forgets everything when the tree has grown too large, and then returns true. */
  trim(): boolean {
    if (this.#nodes <= MAX_NODES && this.#keyBytes <= MAX_KEY_BYTES && this.#layoutFields <= MAX_LAYOUT_FIELDS) return false;
    this.root = new LayoutNode<T>(NO_KEY, 0, null);
    this.#nodes = 1;
    this.#keyBytes = 0;
    this.#layoutFields = 0;
    this.#keys.clear();
    return true;
  }

  /** Remembers what the reader made for the layout that ends at `node`. */
  remember(node: LayoutNode<T>, layout: T, fields: number): T {
    node.layout = layout;
    this.#layoutFields += fields + LAYOUT_COST;
    return layout;
  }

  /** The child for the name in [start, end) with `code`; made if it is new. */
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
    if (children === null) return undefined;
    for (let i = 0; i < children.length; i++) {
      const child = children[i]!;
      if (child.code === code && child.key.length === length && keyAt(buffer, start, child.key)) return child;
    }
    return undefined;
  }

  #add(node: LayoutNode<T>, code: number, buffer: Buffer, start: number, end: number): LayoutNode<T> {
    const name = buffer.toString('latin1', start, end);
    let key = this.#keys.get(name);
    if (key === undefined) {
      key = Uint8Array.prototype.slice.call(buffer, start, end);
      this.#keys.set(name, key);
      this.#keyBytes += key.length;
    }
    const child = new LayoutNode<T>(key, code, node);
    this.#nodes++;
    if (node.children === null) node.children = [child];
    else if (node.children.push(child) > FEW) {
      node.byName ??= new Map(node.children.map((each) => [`${each.code} ${Buffer.from(each.key).toString('latin1')}`, each]));
      node.byName.set(`${code} ${name}`, child);
    }
    return child;
  }
}

const EMPTY = Buffer.alloc(0);

/** The steps from the root to `node`, without the root. */
export function pathTo<T>(node: LayoutNode<T>): LayoutNode<T>[] {
  const path: LayoutNode<T>[] = [];
  for (let at: LayoutNode<T> = node; at.parent !== null; at = at.parent) path.push(at);
  return path.reverse();
}
