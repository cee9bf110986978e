// HOT: runs for every record.
/**
 * One chunk's BinXML: a record's bytes become its layout (what it is made of) and its values (where they are). Nothing is
 * decoded. Records made of one template in another, which nearly all are, take `read`'s short way; everything else is walked
 * token by token into a structure first.
 *
 * In: a chunk, a record's place in it. Out: a `Layout` and the arrays `offsets` and `heads`; null and a `fault` when the record
 * cannot be read. Nothing is thrown and nothing outside the chunk is touched, whatever the bytes are.
 */
import { type Catalog, catalog, type Layout, type Plan } from './catalog.ts';
import { CHUNK_BYTES, MAX_CHUNK_NODES, MAX_DEFINITION_BYTES, MAX_DEPTH, MAX_NAME, MAX_VALUES } from './limits.ts';
import { COMPLEX_DATA_ID, DATA_ID, NAME_ID } from './names.ts';
import {
  OP_ATTRIBUTE,
  OP_CLOSE_EMPTY,
  OP_CLOSE_START,
  OP_DEPENDS,
  OP_DYNAMIC_NAME,
  OP_END,
  OP_INSTANCE,
  OP_INSTANCE_END,
  OP_NESTED,
  OP_NESTED_END,
  OP_OPEN,
  OP_OPTIONAL,
  OP_PI,
  OP_TEXT,
  OP_VALUE,
  Structure,
} from './structure.ts';
import * as token from './tokens.ts';
import {
  ANSI_STRING_TYPE,
  ARRAY_FLAG,
  BINARY_TYPE,
  BINXML_TYPE,
  FIXED_SIZES,
  NULL_TYPE,
  SID_TYPE,
  STRING_TYPE,
} from './value-types.ts';
import { valueText } from './values.ts';

/** Why a record could not be read: a diagnostic code, an offset in the chunk, what was seen. */
export interface Fault {
  readonly code: string;
  readonly offset: number;
  readonly message: string;
}

/** The five entities of XML; no log declares others. */
const ENTITIES = new Map([
  ['amp', '&'],
  ['lt', '<'],
  ['gt', '>'],
  ['quot', '"'],
  ['apos', "'"],
]);

/** Head of a value: bytes in the low half, type above. */
export const HEAD_LENGTH = 0xffff;
export const HEAD_TYPE_SHIFT = 16;
const HEAD_BINXML = BINXML_TYPE << HEAD_TYPE_SHIFT;
const HEAD_TYPE_MASK = 0xff << HEAD_TYPE_SHIFT;
/** The reserved byte of a descriptor is not part of the head. */
const HEAD_MASK = HEAD_LENGTH | HEAD_TYPE_MASK;

/** [MS-EVEN6] DependencyID: this element depends on no value. */
const NO_DEPENDENCY = 0xffff;

/** Layouts looked through on the fast path. */
const MAX_FAST_LAYOUTS = 16;

export class BinXml {
  /** Offset in the chunk of each value of the record. */
  readonly offsets = new Int32Array(MAX_VALUES);
  /** Length and type of each value, see HEAD_LENGTH. */
  readonly heads = new Int32Array(MAX_VALUES);
  /** How many values the record has. */
  count = 0;
  bytes: Buffer = Buffer.alloc(0);
  view: DataView = new DataView(new ArrayBuffer(0));
  fault: Fault | null = null;
  /**
   * For what is left in slack: definitions and names that it points at may have been overwritten since. They must be what the
   * record says they are, and a definition that is gone is taken from another record of the chunk with the same template id.
   */
  strict = false;
  /** Keep plans by template id, for `strict`. */
  keepPlans = false;

  readonly #catalog: Catalog = catalog;
  #generation = -1;
  // Per chunk: plans and names by offset, valid where the stamp is the chunk's.
  #stamp = 0;
  readonly #planStamps = new Int32Array(CHUNK_BYTES);
  readonly #plans: (Plan | null)[] = new Array<Plan | null>(CHUNK_BYTES).fill(null);
  readonly #nameStamps = new Int32Array(CHUNK_BYTES);
  readonly #names = new Int32Array(CHUNK_BYTES);
  readonly #plansById = new Map<number, Plan>();
  #definitionBudget = 0;
  #nodeBudget = 0;

  readonly #record = new Structure();
  readonly #definition = new Structure();
  /** Set while a definition is walked. */
  #definitionStart = 0;
  #definitionEnd = 0;
  #outsideNames: { offset: number; id: number }[] = [];
  #dynamicNames: number[] = [];
  /** After `#nameAt`: where the token goes on. */
  #next = 0;

  /** `bytes` starts at the chunk header; at most CHUNK_BYTES. */
  openChunk(bytes: Buffer): void {
    this.bytes = bytes;
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
    this.#catalog.trim();
    this.#stamp++;
    this.#plansById.clear();
    this.#definitionBudget = MAX_DEFINITION_BYTES;
    this.#nodeBudget = MAX_CHUNK_NODES;
  }

  /** The layout of the BinXML in [start, end) of the chunk. */
  read(start: number, end: number): Layout | null {
    if (this.#generation !== this.#catalog.generation) this.#forget();
    const bytes = this.bytes;
    const view = this.view;
    let at = start;
    if (at + 18 > end) return this.#readAny(start, end);
    if (bytes[at] === token.FRAGMENT_HEADER) at += 4;
    if (bytes[at] !== token.TEMPLATE_INSTANCE) return this.#readAny(start, end);
    const outerOffset = view.getUint32(at + 6, true);
    const outer = this.#planAt(outerOffset, at);
    if (outer === null) return null;
    at += 10;
    if (outerOffset === at) at += token.DEFINITION_HEADER + view.getUint32(at + 20, true);
    if (at + 4 > end) return this.#refuse('evtx/record-values', at, 'the record ends before its values');
    const outerCount = view.getUint32(at, true);
    at += 4;
    let value = at + outerCount * 4;
    if (value > end) return this.#refuse('evtx/record-values', at - 4, `${outerCount} values do not fit in the record`);
    const offsets = this.offsets;
    const heads = this.heads;
    let nestedIndex = -1;
    let nestedCount = 0;
    for (let i = 0; i < outerCount; i++, at += 4) {
      const head = view.getInt32(at, true) & HEAD_MASK;
      offsets[i] = value;
      heads[i] = head;
      value += head & HEAD_LENGTH;
      if ((head & HEAD_TYPE_MASK) === HEAD_BINXML && head !== HEAD_BINXML) {
        nestedIndex = i;
        nestedCount++;
      }
    }
    if (value > end) return this.#refuse('evtx/record-values', start, `values end ${value - end} bytes past the record`);
    this.count = outerCount;
    if (nestedCount > 1 || outer.dynamicNames.length > 0) return this.#readAny(start, end);
    if (nestedCount === 0) return this.#fastLayout(outer, outer, outerCount, -1, 0, start, end);

    at = offsets[nestedIndex]!;
    const nestedEnd = at + (heads[nestedIndex]! & HEAD_LENGTH);
    if (at + 18 > nestedEnd) return this.#readAny(start, end);
    if (bytes[at] === token.FRAGMENT_HEADER) at += 4;
    if (bytes[at] !== token.TEMPLATE_INSTANCE) return this.#readAny(start, end);
    const innerOffset = view.getUint32(at + 6, true);
    const inner = this.#planAt(innerOffset, at);
    if (inner === null) return null;
    if (inner.dynamicNames.length > 0) return this.#readAny(start, end);
    at += 10;
    if (innerOffset === at) at += token.DEFINITION_HEADER + view.getUint32(at + 20, true);
    if (at + 4 > nestedEnd) return this.#refuse('evtx/record-values', at, 'the nested template ends before its values');
    const innerCount = view.getUint32(at, true);
    at += 4;
    value = at + innerCount * 4;
    if (value > nestedEnd)
      return this.#refuse('evtx/record-values', at - 4, `${innerCount} values do not fit in the nested template`);
    const count = outerCount + innerCount;
    for (let i = outerCount; i < count; i++, at += 4) {
      const head = view.getInt32(at, true) & HEAD_MASK;
      offsets[i] = value;
      heads[i] = head;
      value += head & HEAD_LENGTH;
      if ((head & HEAD_TYPE_MASK) === HEAD_BINXML && head !== HEAD_BINXML) return this.#readAny(start, end);
    }
    if (value > nestedEnd) {
      return this.#refuse('evtx/record-values', start, `nested values end ${value - nestedEnd} bytes past their place`);
    }
    this.count = count;
    return this.#fastLayout(inner, outer, outerCount, nestedIndex, innerCount, start, end);
  }

  /** Another reader of this thread has let the catalog forget: its ids of before mean nothing. */
  #forget(): void {
    this.#generation = this.#catalog.generation;
    this.#plans.fill(null);
    this.#plansById.clear();
    this.#stamp++;
  }

  #fastLayout(
    innermost: Plan,
    outer: Plan,
    outerCount: number,
    nestedIndex: number,
    innerCount: number,
    start: number,
    end: number,
  ): Layout | null {
    const layouts = innermost.layouts;
    for (let i = 0; i < layouts.length; i++) {
      const layout = layouts[i]!;
      if (
        layout.outer === outer &&
        layout.nestedIndex === nestedIndex &&
        layout.outerCount === outerCount &&
        layout.innerCount === innerCount
      ) {
        return layout;
      }
    }
    const layout = this.#readAny(start, end);
    if (layout === null) return null;
    layout.outer = outer;
    layout.outerCount = outerCount;
    layout.nestedIndex = nestedIndex;
    layout.innerCount = innerCount;
    if (layouts.length >= MAX_FAST_LAYOUTS) layouts.shift();
    layouts.push(layout);
    return layout;
  }

  /** Any record: structure first, then the layout that has it. */
  #readAny(start: number, end: number): Layout | null {
    this.count = 0;
    this.#record.length = 0;
    if (!this.#walk(start, end, this.#record, false, 0)) return null;
    const layout = this.#catalog.layoutOf(this.#record, (nodes) => {
      this.#nodeBudget -= nodes;
      return this.#nodeBudget >= 0;
    });
    return layout ?? this.#refuse('evtx/too-complex', start, 'the record has too many elements');
  }

  #refuse(code: string, offset: number, message: string): null {
    this.fault = { code, offset, message };
    return null;
  }

  #fail(code: string, offset: number, message: string): false {
    this.fault = { code, offset, message };
    return false;
  }

  #tooComplex(at: number): false {
    return this.#fail('evtx/too-complex', at, 'the record has too many parts');
  }

  #cut(at: number): false {
    return this.#fail('evtx/token-cut', at, 'a token ends past its fragment');
  }

  #planAt(offset: number, instance: number): Plan | null {
    if (offset < CHUNK_BYTES && this.#planStamps[offset] === this.#stamp) {
      const plan = this.#plans[offset]!;
      if (!this.strict || this.#sameTemplate(offset, instance)) return plan;
    }
    const plan = this.#loadPlan(offset, instance);
    if (!this.keepPlans) return plan;
    const id = this.view.getInt32(instance + 2, true);
    if (plan === null) return (this.strict && this.#plansById.get(id)) || null;
    this.#plansById.set(id, plan);
    return plan;
  }

  /** An instance repeats the first four bytes of its template's GUID. */
  #sameTemplate(offset: number, instance: number): boolean {
    return this.view.getInt32(offset + 4, true) === this.view.getInt32(instance + 2, true);
  }

  #loadPlan(offset: number, instance: number): Plan | null {
    const { view, bytes } = this;
    const start = offset + token.DEFINITION_HEADER;
    if (start > bytes.length) {
      return this.#refuse('evtx/template-offset', instance, `template definition at ${hex(offset)} is outside the chunk`);
    }
    const size = view.getUint32(offset + 20, true);
    const end = start + size;
    if (end > bytes.length) {
      return this.#refuse(
        'evtx/template-size',
        instance,
        `template definition at ${hex(offset)} of ${size} bytes ends outside the chunk`,
      );
    }
    if (this.strict && !this.#sameTemplate(offset, instance)) {
      return this.#refuse('evtx/template-id', instance, `the definition at ${hex(offset)} is of another template`);
    }
    const key = view.getInt32(offset + 4, true) ^ Math.imul(view.getInt32(offset + 8, true), 0x0100_0193) ^ (size << 3);
    const plan = this.#seenPlan(key, start, end) ?? this.#walkPlan(key, start, end);
    if (plan === null) return null;
    this.#planStamps[offset] = this.#stamp;
    this.#plans[offset] = plan;
    return plan;
  }

  /** The plan of the same bytes, if the names that they refer to outside of themselves are the same here too. */
  #seenPlan(key: number, start: number, end: number): Plan | null {
    const list = this.#catalog.seenDefinitions(key);
    if (list === undefined) return null;
    search: for (const seen of list) {
      if (seen.bytes.length !== end - start) continue;
      if (this.bytes.compare(seen.bytes, 0, seen.bytes.length, start, end) !== 0) continue;
      for (const { offset, id } of seen.outsideNames) if (this.#nameId(offset) !== id) continue search;
      return seen.plan;
    }
    return null;
  }

  #walkPlan(key: number, start: number, end: number): Plan | null {
    this.#definitionBudget -= end - start;
    if (this.#definitionBudget < 0) {
      return this.#refuse('evtx/too-complex', start, 'the chunk has more template definitions than it has room for');
    }
    this.#definitionStart = start;
    this.#definitionEnd = end;
    this.#outsideNames = [];
    this.#dynamicNames = [];
    this.#definition.length = 0;
    if (!this.#walk(start, end, this.#definition, true, 0)) return null;
    const plan = this.#catalog.planOf(this.#definition, this.#dynamicNames);
    this.#catalog.rememberDefinition(key, this.bytes.subarray(start, end), this.#outsideNames, plan);
    return plan;
  }

  /** The id of the name at an offset of the chunk; -1 when it is not one. */
  #nameId(offset: number): number {
    const { bytes } = this;
    if (offset + token.NAME_HEADER > bytes.length) return -1;
    if (this.#nameStamps[offset] === this.#stamp) return this.#names[offset]!;
    const start = offset + token.NAME_HEADER;
    const length = 2 * (bytes[offset + 6]! | (bytes[offset + 7]! << 8));
    if (start + length > bytes.length || length > 2 * MAX_NAME) return -1;
    const hash = bytes[offset + 4]! | (bytes[offset + 5]! << 8);
    if (this.strict && hash !== nameHash(bytes, start, length)) return -1;
    const id = this.#catalog.names.idOfBytes(bytes, start, length, hash);
    this.#nameStamps[offset] = this.#stamp;
    this.#names[offset] = id;
    return id;
  }

  /** The name whose offset stands at `at`; `#next` is then behind it. -1 and a fault when there is none. */
  #nameAt(at: number, end: number, definition: boolean): number {
    if (at + 4 > end) {
      this.#cut(at);
      return -1;
    }
    const offset = this.view.getUint32(at, true);
    const id = this.#nameId(offset);
    if (id < 0) {
      this.#fail('evtx/name-offset', at, `expected a name at ${hex(offset)}, which is outside the chunk or too long`);
      return -1;
    }
    this.#next = at + 4;
    if (offset === this.#next) {
      const count = this.bytes[offset + 6]! | (this.bytes[offset + 7]! << 8);
      this.#next += token.NAME_HEADER + 2 * count + 2;
    } else if (definition && (offset < this.#definitionStart || offset >= this.#definitionEnd)) {
      this.#outsideNames.push({ offset, id });
    }
    return id;
  }

  /**
   * Walks the tokens in [start, end). In a definition values are literals and substitutions stay open; elsewhere values are
   * values of the record. What is still open at the end is closed.
   */
  #walk(start: number, end: number, out: Structure, definition: boolean, depth: number): boolean {
    const { bytes } = this;
    const names = this.#catalog.names;
    let at = start;
    let open = 0;
    let inTag = false;
    let element = -1;
    /** True in the Name attribute of a Data element. */
    let naming = false;
    let ok = true;
    while (at < end && ok) {
      const code = bytes[at]!;
      const kind = code & ~token.MORE_FLAG;
      if (code === token.END_OF_FRAGMENT) break;
      at++;
      switch (kind) {
        case token.OPEN_ELEMENT: {
          if (inTag) ok = out.add1(OP_CLOSE_START);
          let depends = NO_DEPENDENCY;
          if (definition) {
            if (at + 2 > end) return this.#cut(at);
            depends = bytes[at]! | (bytes[at + 1]! << 8);
            at += 2;
          }
          // The element's size, which its own tokens say better.
          at += 4;
          element = this.#nameAt(at, end, definition);
          if (element < 0) return false;
          at = this.#next + (code === kind ? 0 : 4);
          open++;
          if (depth + open > MAX_DEPTH) return this.#fail('evtx/too-deep', at, `elements deeper than ${MAX_DEPTH}`);
          ok = ok && out.add2(OP_OPEN, element);
          if (depends !== NO_DEPENDENCY) ok = ok && out.add2(OP_DEPENDS, depends);
          inTag = true;
          naming = false;
          break;
        }
        case token.CLOSE_START:
          if (inTag) ok = out.add1(OP_CLOSE_START);
          inTag = false;
          naming = false;
          break;
        case token.CLOSE_EMPTY:
        case token.END_ELEMENT:
          if (open > 0) {
            if (inTag && kind === token.END_ELEMENT) ok = out.add1(OP_CLOSE_START);
            ok = ok && out.add1(inTag && kind === token.CLOSE_EMPTY ? OP_CLOSE_EMPTY : OP_END);
            open--;
          }
          inTag = false;
          naming = false;
          break;
        case token.ATTRIBUTE: {
          const name = this.#nameAt(at, end, definition);
          if (name < 0) return false;
          at = this.#next;
          naming = name === NAME_ID && (element === DATA_ID || element === COMPLEX_DATA_ID);
          ok = !inTag || out.add2(OP_ATTRIBUTE, name);
          break;
        }
        case token.VALUE:
          if (at >= end) return this.#cut(at);
          at = this.#value(at, end, out, definition || naming);
          if (at < 0) return false;
          break;
        case token.CDATA:
          at = this.#counted(at, end, out, STRING_TYPE, definition || naming);
          if (at < 0) return false;
          break;
        case token.CHARACTER_REFERENCE:
          if (at + 2 > end) return this.#cut(at);
          ok = out.add2(OP_TEXT, names.idOf(String.fromCharCode(bytes[at]! | (bytes[at + 1]! << 8))));
          at += 2;
          break;
        case token.ENTITY_REFERENCE: {
          const name = this.#nameAt(at, end, definition);
          if (name < 0) return false;
          at = this.#next;
          const text = names.text(name);
          ok = out.add2(OP_TEXT, names.idOf(ENTITIES.get(text) ?? `&${text};`));
          break;
        }
        case token.PI_TARGET: {
          const target = this.#nameAt(at, end, definition);
          if (target < 0) return false;
          at = this.#next;
          ok = out.add3(OP_PI, target, names.idOf(''));
          break;
        }
        case token.PI_DATA: {
          if (at + 2 > end) return this.#cut(at);
          const length = 2 * (bytes[at]! | (bytes[at + 1]! << 8));
          if (at + 2 + length > end) return this.#cut(at);
          const last = out.length - 3;
          // Data belongs to the target before it; without one it is nothing.
          if (last >= 0 && out.ops[last] === OP_PI) out.ops[last + 2] = names.idOf(valueText(bytes, at + 2, length, STRING_TYPE));
          at += 2 + length;
          break;
        }
        case token.SUBSTITUTION:
        case token.OPTIONAL_SUBSTITUTION: {
          if (!definition) return this.#fail('evtx/token-place', at - 1, 'a substitution outside a template definition');
          if (at + 3 > end) return this.#cut(at);
          const index = bytes[at]! | (bytes[at + 1]! << 8);
          if (naming && !this.#dynamicNames.includes(index)) this.#dynamicNames.push(index);
          ok = out.add2(kind === token.SUBSTITUTION ? OP_VALUE : OP_OPTIONAL, index);
          at += 3;
          break;
        }
        case token.TEMPLATE_INSTANCE:
          if (definition) return this.#fail('evtx/token-place', at - 1, 'a template instance inside a template definition');
          if (inTag) ok = out.add1(OP_CLOSE_START);
          inTag = false;
          at = ok ? this.#instance(at - 1, end, out, depth + open) : -1;
          if (at < 0) return ok ? false : this.#tooComplex(start);
          // What follows the only template of a record is padding.
          if (open === 0) return true;
          break;
        case token.FRAGMENT_HEADER:
          at += 3;
          break;
        default:
          return this.#fail('evtx/token', at - 1, `expected a BinXML token, found ${hex(code)}`);
      }
    }
    if (!ok) return this.#tooComplex(start);
    if (inTag && !out.add1(OP_CLOSE_START)) return this.#tooComplex(start);
    for (; open > 0; open--) if (!out.add1(OP_END)) return this.#tooComplex(start);
    return true;
  }

  /** An inline value whose type stands at `at`; where it ends, or -1. */
  #value(at: number, end: number, out: Structure, literal: boolean): number {
    const type = this.bytes[at]!;
    const start = at + 1;
    const fixed = FIXED_SIZES[type]!;
    if (fixed > 0) return this.#keep(start, fixed, type, end, out, literal);
    if (type === NULL_TYPE) return this.#keep(start, 0, type, end, out, literal);
    if (type === SID_TYPE) {
      if (start + 2 > end) return this.#keep(start, 2, type, end, out, literal);
      return this.#keep(start, 8 + 4 * this.bytes[start + 1]!, type, end, out, literal);
    }
    if (type === STRING_TYPE || type === ANSI_STRING_TYPE || type === BINARY_TYPE || (type & ARRAY_FLAG) !== 0) {
      return this.#counted(start, end, out, type, literal);
    }
    this.#fail('evtx/value-type', at, `expected a value type, found ${hex(type)}`);
    return -1;
  }

  /** A value behind its length u16: characters for UTF-16 strings, else bytes. */
  #counted(at: number, end: number, out: Structure, type: number, literal: boolean): number {
    if (at + 2 > end) {
      this.#cut(at);
      return -1;
    }
    const count = this.bytes[at]! | (this.bytes[at + 1]! << 8);
    return this.#keep(at + 2, type === STRING_TYPE ? 2 * count : count, type, end, out, literal);
  }

  #keep(start: number, length: number, type: number, end: number, out: Structure, literal: boolean): number {
    if (start + length > end) {
      this.#cut(start);
      return -1;
    }
    let ok: boolean;
    if (literal) ok = out.add2(OP_TEXT, this.#catalog.names.idOf(valueText(this.bytes, start, length, type)));
    else {
      ok = this.count < MAX_VALUES && out.add2(OP_VALUE, this.count);
      if (ok) {
        this.offsets[this.count] = start;
        this.heads[this.count++] = length | (type << HEAD_TYPE_SHIFT);
      }
    }
    if (ok) return start + length;
    this.#tooComplex(start);
    return -1;
  }

  /** A template instance whose token stands at `at`: its values, and what is nested in them. Where it ends, or -1. */
  #instance(at: number, end: number, out: Structure, depth: number): number {
    const { view } = this;
    if (at + 14 > end) {
      this.#cut(at);
      return -1;
    }
    const offset = view.getUint32(at + 6, true);
    const plan = this.#planAt(offset, at);
    if (plan === null) return -1;
    let p = at + 10;
    if (offset === p) p += token.DEFINITION_HEADER + view.getUint32(p + 20, true);
    const count = p + 4 <= end ? view.getUint32(p, true) : -1;
    p += 4;
    let value = p + count * 4;
    if (count < 0 || value > end) {
      this.#fail('evtx/record-values', p - 4, `${count} values do not fit`);
      return -1;
    }
    const base = this.count;
    if (base + count > MAX_VALUES || !out.add4(OP_INSTANCE, plan.id, base, count)) {
      this.#tooComplex(at);
      return -1;
    }
    for (let i = base; i < base + count; i++, p += 4) {
      const head = view.getInt32(p, true) & HEAD_MASK;
      this.offsets[i] = value;
      this.heads[i] = head;
      value += head & HEAD_LENGTH;
    }
    if (value > end) {
      this.#fail('evtx/record-values', at, `values end ${value - end} bytes past their place`);
      return -1;
    }
    this.count = base + count;
    if (!this.#nested(plan, base, count, out, depth)) return -1;
    return value;
  }

  #nested(plan: Plan, base: number, count: number, out: Structure, depth: number): boolean {
    let ok = true;
    for (const index of plan.dynamicNames) {
      if (index >= count) continue;
      const head = this.heads[base + index]!;
      const length = Math.min(head & HEAD_LENGTH, 2 * MAX_NAME);
      const name = valueText(this.bytes, this.offsets[base + index]!, length, head >> HEAD_TYPE_SHIFT);
      ok = ok && out.add3(OP_DYNAMIC_NAME, base + index, this.#catalog.names.idOf(name));
    }
    for (let i = base; i < base + count && ok; i++) {
      const head = this.heads[i]!;
      if ((head & HEAD_TYPE_MASK) !== HEAD_BINXML || head === HEAD_BINXML) continue;
      if (depth + 1 > MAX_DEPTH) return this.#fail('evtx/too-deep', this.offsets[i]!, `fragments deeper than ${MAX_DEPTH}`);
      const start = this.offsets[i]!;
      ok = out.add2(OP_NESTED, i);
      if (ok && !this.#walk(start, start + (head & HEAD_LENGTH), out, false, depth + 1)) return false;
      ok = ok && out.add1(OP_NESTED_END);
    }
    return (ok && out.add1(OP_INSTANCE_END)) || this.#tooComplex(this.offsets[base] ?? 0);
  }
}

/** [MS-EVEN6] NameHash: the low 16 bits. */
function nameHash(bytes: Buffer, start: number, length: number): number {
  let hash = 0;
  for (let at = start; at < start + length; at += 2) hash = (Math.imul(hash, 65599) + (bytes[at]! | (bytes[at + 1]! << 8))) | 0;
  return hash & 0xffff;
}

function hex(value: number): string {
  return `0x${value.toString(16)}`;
}
