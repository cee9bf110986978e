// HOT: runs for every record that the fast path does not know.
/**
 * Walks BinXML tokens into a structure. In: bytes of a chunk. Out: numbers that mean the same in every chunk, and the values
 * found on the way. Refuses, with a fault: unknown tokens, anything that reaches beyond its end, elements nested deeper than
 * MAX_DEPTH.
 */

import { MAX_DEPTH, MAX_NAME, MAX_VALUES } from '../limits.ts';
import { HEAD_LENGTH, HEAD_MASK, HEAD_TYPE_SHIFT, hex, isNested, type RecordValues } from '../values/record-values.ts';
import {
  ANSI_STRING_TYPE,
  ARRAY_FLAG,
  BINARY_TYPE,
  FIXED_SIZES,
  NULL_TYPE,
  SID_TYPE,
  STRING_TYPE,
} from '../values/value-types.ts';
import { valueText } from '../values/values.ts';
import type { Catalog, Plan } from './catalog.ts';
import type { ChunkNames } from './chunk-names.ts';
import { ChunkPlans } from './chunk-plans.ts';
import { COMPLEX_DATA_ID, DATA_ID, NAME_ID } from './names.ts';
import * as op from './ops.ts';
import type { Structure } from './structure.ts';
import * as token from './tokens.ts';

/** The five predefined entities of XML. Logs declare no others. */
const ENTITIES = new Map([
  ['amp', '&'],
  ['lt', '<'],
  ['gt', '>'],
  ['quot', '"'],
  ['apos', "'"],
]);

/** Bytes of a fragment without an element: header, end token and padding. */
const EMPTY_FRAGMENT = 8;

/** [MS-EVEN6] DependencyID: this element depends on no value. */
const NO_DEPENDENCY = 0xffff;

export class Walker {
  readonly #catalog: Catalog;
  readonly #values: RecordValues;
  readonly #names: ChunkNames;
  /** The plans of the same chunk. Their definitions are walked by this class. */
  readonly #plans: ChunkPlans;

  constructor(values: RecordValues, names: ChunkNames, catalog: Catalog) {
    this.#catalog = catalog;
    this.#values = values;
    this.#names = names;
    this.#plans = new ChunkPlans(values, names, this, catalog);
  }

  get plans(): ChunkPlans {
    return this.#plans;
  }

  /** Walks a definition. The indexes of substitutions that hold names of fields are added to `dynamicNames`. */
  walkDefinition(start: number, end: number, out: Structure, dynamicNames: number[]): boolean {
    return this.#walk(start, end, out, dynamicNames, 0);
  }

  walkFragment(start: number, end: number, out: Structure): boolean {
    return this.#walk(start, end, out, null, 0);
  }

  /**
   * With `dynamicNames` this is a definition: its values are literals, and substitutions stay unresolved. Otherwise values are
   * those of the record. Elements still open at the end are closed.
   */
  #walk(start: number, end: number, out: Structure, dynamicNames: number[] | null, depth: number): boolean {
    const values = this.#values;
    const { bytes } = values;
    const names = this.#catalog.names;
    const definition = dynamicNames !== null;
    let at = start;
    let open = 0;
    let inTag = false;
    let element = -1;
    /** True inside the Name attribute of a Data element. */
    let naming = false;
    let ok = true;
    while (at < end && ok) {
      const code = bytes[at]!;
      const kind = code & ~token.MORE_FLAG;
      if (code === token.END_OF_FRAGMENT) break;
      at++;
      switch (kind) {
        case token.OPEN_ELEMENT: {
          if (inTag) ok = out.add1(op.CLOSE_START);
          let depends = NO_DEPENDENCY;
          if (definition) {
            if (at + 2 > end) return values.cut(at);
            depends = bytes[at]! | (bytes[at + 1]! << 8);
            at += 2;
          }
          // Skips the element's size; the end of the element follows from its tokens.
          at += 4;
          element = this.#names.read(at, end);
          if (element < 0) return false;
          at = this.#names.next + (code === kind ? 0 : 4);
          open++;
          if (depth + open > MAX_DEPTH) return values.fail('evtx/too-deep', at, `elements deeper than ${MAX_DEPTH}`);
          ok = ok && out.add2(op.OPEN, element);
          if (depends !== NO_DEPENDENCY) ok = ok && out.add2(op.DEPENDS, depends);
          inTag = true;
          naming = false;
          break;
        }
        case token.CLOSE_START:
          if (inTag) ok = out.add1(op.CLOSE_START);
          inTag = false;
          naming = false;
          break;
        case token.CLOSE_EMPTY:
        case token.END_ELEMENT:
          if (open > 0) {
            if (inTag && kind === token.END_ELEMENT) ok = out.add1(op.CLOSE_START);
            ok = ok && out.add1(inTag && kind === token.CLOSE_EMPTY ? op.CLOSE_EMPTY : op.END);
            open--;
          }
          inTag = false;
          naming = false;
          break;
        case token.ATTRIBUTE: {
          const name = this.#names.read(at, end);
          if (name < 0) return false;
          at = this.#names.next;
          naming = name === NAME_ID && (element === DATA_ID || element === COMPLEX_DATA_ID);
          ok = !inTag || out.add2(op.ATTRIBUTE, name);
          break;
        }
        case token.VALUE:
          if (at >= end) return values.cut(at);
          at = this.#value(at, end, out, definition || naming);
          if (at < 0) return false;
          break;
        case token.CDATA:
          at = this.#counted(at, end, out, STRING_TYPE, definition || naming);
          if (at < 0) return false;
          break;
        case token.CHARACTER_REFERENCE:
          if (at + 2 > end) return values.cut(at);
          ok = out.add2(op.TEXT, names.idOf(String.fromCharCode(bytes[at]! | (bytes[at + 1]! << 8))));
          at += 2;
          break;
        case token.ENTITY_REFERENCE: {
          const name = this.#names.read(at, end);
          if (name < 0) return false;
          at = this.#names.next;
          const text = names.text(name);
          ok = out.add2(op.TEXT, names.idOf(ENTITIES.get(text) ?? `&${text};`));
          break;
        }
        case token.PI_TARGET: {
          const target = this.#names.read(at, end);
          if (target < 0) return false;
          at = this.#names.next;
          ok = out.add3(op.PI, target, names.idOf(''));
          break;
        }
        case token.PI_DATA: {
          if (at + 2 > end) return values.cut(at);
          const length = 2 * (bytes[at]! | (bytes[at + 1]! << 8));
          if (at + 2 + length > end) return values.cut(at);
          const last = out.length - 3;
          // PI data belongs to the PI target before it. Without a target it is ignored.
          if (last >= 0 && out.ops[last] === op.PI) out.ops[last + 2] = names.idOf(valueText(bytes, at + 2, length, STRING_TYPE));
          at += 2 + length;
          break;
        }
        case token.SUBSTITUTION:
        case token.OPTIONAL_SUBSTITUTION: {
          if (dynamicNames === null)
            return values.fail('evtx/token-place', at - 1, 'a substitution outside a template definition');
          if (at + 3 > end) return values.cut(at);
          const index = bytes[at]! | (bytes[at + 1]! << 8);
          if (naming && !dynamicNames.includes(index)) dynamicNames.push(index);
          ok = out.add2(kind === token.SUBSTITUTION ? op.VALUE : op.OPTIONAL, index);
          at += 3;
          break;
        }
        case token.TEMPLATE_INSTANCE:
          if (definition) return values.fail('evtx/token-place', at - 1, 'a template instance inside a template definition');
          if (inTag) ok = out.add1(op.CLOSE_START);
          inTag = false;
          at = ok ? this.#instance(at - 1, end, out, depth + open) : -1;
          if (at < 0) return ok ? false : values.tooComplex(start);
          // After the only template of a record there is just padding.
          if (open === 0) return true;
          break;
        case token.FRAGMENT_HEADER:
          at += 3;
          break;
        default:
          return values.fail('evtx/token', at - 1, `expected a BinXML token, found ${hex(code)}`);
      }
    }
    if (!ok) return values.tooComplex(start);
    if (definition && open > 0) return values.fail('evtx/template', at, 'the template definition ends inside of an element');
    if (inTag && !out.add1(op.CLOSE_START)) return values.tooComplex(start);
    for (; open > 0; open--) if (!out.add1(op.END)) return values.tooComplex(start);
    return true;
  }

  /** Reads an inline value whose type stands at `at`. Returns where it ends, or -1. */
  #value(at: number, end: number, out: Structure, literal: boolean): number {
    const type = this.#values.bytes[at]!;
    const start = at + 1;
    const fixed = FIXED_SIZES[type]!;
    if (fixed > 0) return this.#keep(start, fixed, type, end, out, literal);
    if (type === NULL_TYPE) return this.#keep(start, 0, type, end, out, literal);
    if (type === SID_TYPE) {
      if (start + 2 > end) return this.#keep(start, 2, type, end, out, literal);
      return this.#keep(start, 8 + 4 * this.#values.bytes[start + 1]!, type, end, out, literal);
    }
    if (type === STRING_TYPE || type === ANSI_STRING_TYPE || type === BINARY_TYPE || (type & ARRAY_FLAG) !== 0) {
      return this.#counted(start, end, out, type, literal);
    }
    this.#values.fail('evtx/value-type', at, `expected a value type, found ${hex(type)}`);
    return -1;
  }

  /** Reads a value after its length u16, which counts characters for UTF-16 strings and bytes otherwise. */
  #counted(at: number, end: number, out: Structure, type: number, literal: boolean): number {
    if (at + 2 > end) {
      this.#values.cut(at);
      return -1;
    }
    const count = this.#values.bytes[at]! | (this.#values.bytes[at + 1]! << 8);
    return this.#keep(at + 2, type === STRING_TYPE ? 2 * count : count, type, end, out, literal);
  }

  #keep(start: number, length: number, type: number, end: number, out: Structure, literal: boolean): number {
    if (start + length > end) {
      this.#values.cut(start);
      return -1;
    }
    let ok: boolean;
    if (literal) ok = out.add2(op.TEXT, this.#catalog.names.idOf(valueText(this.#values.bytes, start, length, type)));
    else {
      ok = this.#values.count < MAX_VALUES && out.add2(op.VALUE, this.#values.count);
      if (ok) {
        this.#values.offsets[this.#values.count] = start;
        this.#values.heads[this.#values.count++] = length | (type << HEAD_TYPE_SHIFT);
      }
    }
    if (ok) return start + length;
    this.#values.tooComplex(start);
    return -1;
  }

  /**
   * Reads the template instance whose token stands at `at`: its values, and what is nested in them. Returns where it ends, or
   * -1.
   */
  #instance(at: number, end: number, out: Structure, depth: number): number {
    const { view } = this.#values;
    if (at + 14 > end) {
      this.#values.cut(at);
      return -1;
    }
    const offset = view.getUint32(at + 6, true);
    let plan = this.#plans.planAt(offset, at);
    // The definition is lost, but the values are still there, because they stand in the record itself.
    const nameless = plan === null && depth > 0 && this.#plans.strict;
    if (plan === null && !nameless) return -1;
    let p = at + 10;
    if (offset === p && p + token.DEFINITION_HEADER <= end) p += token.DEFINITION_HEADER + view.getUint32(p + 20, true);
    const count = p + 4 <= end ? view.getUint32(p, true) : -1;
    p += 4;
    let value = p + count * 4;
    if (count < 0 || value > end) {
      this.#values.fail('evtx/record-values', p - 4, `${count} values do not fit`);
      return -1;
    }
    if (nameless) plan = this.#plans.nameless(count);
    if (plan === null) return -1;
    if (count === 0 && plan.wantsValues) {
      this.#values.refuseEmpty(p - 4);
      return -1;
    }
    const base = this.#values.count;
    if (base + count > MAX_VALUES || !out.add4(op.INSTANCE, plan.id, base, count)) {
      this.#values.tooComplex(at);
      return -1;
    }
    for (let i = base; i < base + count; i++, p += 4) {
      const head = view.getInt32(p, true) & HEAD_MASK;
      this.#values.offsets[i] = value;
      this.#values.heads[i] = head;
      value += head & HEAD_LENGTH;
    }
    if (value > end) {
      this.#values.fail('evtx/record-values', at, `values end ${value - end} bytes past their place`);
      return -1;
    }
    this.#values.count = base + count;
    if (!this.#nested(plan, base, count, out, depth)) return -1;
    return value;
  }

  #nested(plan: Plan, base: number, count: number, out: Structure, depth: number): boolean {
    let ok = true;
    for (const index of plan.dynamicNames) {
      if (index >= count) continue;
      const head = this.#values.heads[base + index]!;
      const length = Math.min(head & HEAD_LENGTH, 2 * MAX_NAME);
      const name = valueText(this.#values.bytes, this.#values.offsets[base + index]!, length, head >> HEAD_TYPE_SHIFT);
      ok = ok && out.add3(op.DYNAMIC_NAME, base + index, this.#catalog.names.idOf(name));
    }
    for (let i = base; i < base + count && ok; i++) {
      const head = this.#values.heads[i]!;
      if (!isNested(head)) continue;
      if (depth + 1 > MAX_DEPTH)
        return this.#values.fail('evtx/too-deep', this.#values.offsets[i]!, `fragments deeper than ${MAX_DEPTH}`);
      const start = this.#values.offsets[i]!;
      const length = head & HEAD_LENGTH;
      ok = out.add2(op.NESTED, i);
      const before = out.length;
      if (ok && !this.#walk(start, start + length, out, null, depth + 1)) return false;
      if (ok && out.length === before && length > EMPTY_FRAGMENT) {
        return this.#values.fail('evtx/record-empty', start, `there is no element in the ${length} bytes of a nested fragment`);
      }
      ok = ok && out.add1(op.NESTED_END);
    }
    return (ok && out.add1(op.INSTANCE_END)) || this.#values.tooComplex(this.#values.offsets[base] ?? 0);
  }
}
