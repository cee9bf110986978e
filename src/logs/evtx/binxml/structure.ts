// HOT: filled for every record that the fast path does not know.
/**
 * The structure of a record or of a template definition, as a list of numbers. It is the same for all records of a layout, so
 * plans and layouts are found by it, and trees are built from it. Names and literals are ids of `Names`, so it means the same in
 * every chunk. Refuses more than MAX_STRUCTURE numbers.
 */
import { MAX_STRUCTURE } from '../limits.ts';

/** name id */
export const OP_OPEN = 1;
/** index of the value without which the element is not printed; directly behind OP_OPEN */
export const OP_DEPENDS = 15;
/** name id; its values follow until OP_CLOSE_START or OP_CLOSE_EMPTY */
export const OP_ATTRIBUTE = 2;
export const OP_CLOSE_START = 3;
export const OP_CLOSE_EMPTY = 4;
export const OP_END = 5;
/** text id */
export const OP_TEXT = 6;
/** index of a value: in a definition that of the substitution, elsewhere that among the record's values */
export const OP_VALUE = 7;
export const OP_OPTIONAL = 8;
/** text id of the target, text id of the data */
export const OP_PI = 9;
/** plan id, first value, count of values; nested content and names follow until OP_INSTANCE_END */
export const OP_INSTANCE = 10;
/** value that holds BinXML; its structure follows until OP_NESTED_END */
export const OP_NESTED = 11;
export const OP_NESTED_END = 12;
/** value that holds the name of a Data element, text id of that name */
export const OP_DYNAMIC_NAME = 13;
export const OP_INSTANCE_END = 14;

export class Structure {
  readonly ops = new Int32Array(MAX_STRUCTURE);
  length = 0;

  /** Adds an operation. False when the limit is reached. */
  add1(op: number): boolean {
    if (this.length + 1 > MAX_STRUCTURE) return false;
    this.ops[this.length++] = op;
    return true;
  }

  add2(op: number, a: number): boolean {
    const at = this.length;
    if (at + 2 > MAX_STRUCTURE) return false;
    this.ops[at] = op;
    this.ops[at + 1] = a;
    this.length = at + 2;
    return true;
  }

  add3(op: number, a: number, b: number): boolean {
    return this.add2(op, a) && this.add1(b);
  }

  add4(op: number, a: number, b: number, c: number): boolean {
    return this.add2(op, a) && this.add2(b, c);
  }

  hash(): number {
    let hash = this.length;
    for (let i = 0; i < this.length; i++) hash = Math.imul(hash ^ this.ops[i]!, 0x9e37_79b1) ^ (hash >>> 15);
    return hash;
  }

  equals(other: Int32Array): boolean {
    if (other.length !== this.length) return false;
    for (let i = 0; i < other.length; i++) if (other[i] !== this.ops[i]) return false;
    return true;
  }

  copy(): Int32Array {
    return this.ops.slice(0, this.length);
  }
}

/** How many numbers follow an operation. */
const OPERANDS: Readonly<Record<number, number>> = {
  [OP_OPEN]: 1,
  [OP_DEPENDS]: 1,
  [OP_ATTRIBUTE]: 1,
  [OP_TEXT]: 1,
  [OP_VALUE]: 1,
  [OP_OPTIONAL]: 1,
  [OP_PI]: 2,
};

/** Whether a definition has substitutions. */
export function wantsValues(ops: Int32Array): boolean {
  for (let at = 0; at < ops.length; at += 1 + (OPERANDS[ops[at]!] ?? 0)) {
    if (ops[at] === OP_VALUE || ops[at] === OP_OPTIONAL) return true;
  }
  return false;
}
