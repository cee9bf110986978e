// HOT: filled for every record that the fast path does not know.
/**
 * The structure of a record or of a template definition, as a list of numbers. It is the same for all records of a layout, so
 * plans and layouts are found by it, and trees are built from it. Names and literals are ids of `Names`, so it means the same in
 * every chunk. Refuses more than MAX_STRUCTURE numbers.
 */
import { MAX_STRUCTURE } from '../limits.ts';
import * as op from './ops.ts';

export class Structure {
  readonly ops = new Int32Array(MAX_STRUCTURE);
  length = 0;

  /** Adds an operation. False when the limit is reached. */
  add1(code: number): boolean {
    if (this.length + 1 > MAX_STRUCTURE) return false;
    this.ops[this.length++] = code;
    return true;
  }

  add2(code: number, a: number): boolean {
    const at = this.length;
    if (at + 2 > MAX_STRUCTURE) return false;
    this.ops[at] = code;
    this.ops[at + 1] = a;
    this.length = at + 2;
    return true;
  }

  add3(code: number, a: number, b: number): boolean {
    return this.add2(code, a) && this.add1(b);
  }

  add4(code: number, a: number, b: number, c: number): boolean {
    return this.add2(code, a) && this.add2(b, c);
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
  [op.OPEN]: 1,
  [op.DEPENDS]: 1,
  [op.ATTRIBUTE]: 1,
  [op.TEXT]: 1,
  [op.VALUE]: 1,
  [op.OPTIONAL]: 1,
  [op.PI]: 2,
};

/** Whether a definition has substitutions. */
export function wantsValues(ops: Int32Array): boolean {
  for (let at = 0; at < ops.length; at += 1 + (OPERANDS[ops[at]!] ?? 0)) {
    if (ops[at] === op.VALUE || ops[at] === op.OPTIONAL) return true;
  }
  return false;
}
