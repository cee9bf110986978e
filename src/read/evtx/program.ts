// HOT: runs for every rendered event.
/**
 * Rendering compiled per layout: literal bytes with values between them, and tests for what is not printed when a value is
 * null. `render-json.ts` and `render-xml.ts` compile; this runs.
 */
import { type BinXml, HEAD_LENGTH, HEAD_TYPE_SHIFT } from './binxml.ts';
import type { ByteWriter, Escaping } from './byte-writer.ts';
import { neverAppears } from './optional.ts';
import {
  ARRAY_FLAG,
  BINARY_TYPE,
  BOOL_TYPE,
  FILETIME_TYPE,
  FIXED_SIZES,
  GUID_TYPE,
  HEX32_TYPE,
  HEX64_TYPE,
  INT8_TYPE,
  INT16_TYPE,
  INT32_TYPE,
  INT64_TYPE,
  NULL_TYPE,
  SIZE_TYPE,
  STRING_TYPE,
  UINT8_TYPE,
  UINT16_TYPE,
  UINT32_TYPE,
  UINT64_TYPE,
} from './value-types.ts';
import { forEachItem, int32At, uint16At, uint32At, valueText } from './values.ts';

const COMMA = 0x2c;
const BRACE = 0x7b;
const BRACKET = 0x5b;

/** Bytes that one rendered record may take; values past it print as nothing. Only a hostile template gets there. */
const MAX_RENDERED = 32 << 20;

export type Step =
  | { readonly kind: 'literal'; readonly bytes: Buffer }
  /** A literal that starts with a comma, which is left out behind `{` and `[`. */
  | { readonly kind: 'member'; readonly bytes: Buffer }
  /** A whole JSON value; `items`: an array's items stand in a list that is open already. */
  | { readonly kind: 'value'; readonly index: number; readonly items: boolean }
  /** Part of a text. */
  | { readonly kind: 'text'; readonly index: number }
  /** Goes on at `target` when one of these values is null. */
  | { readonly kind: 'needs'; readonly indexes: readonly number[]; target: number }
  /** Goes on at `target` when in each of these groups one value is null. */
  | { readonly kind: 'needs-one'; readonly groups: readonly (readonly number[])[]; target: number }
  /** Repeats [next, target) for each item of an array value: Windows repeats the element. */
  | { readonly kind: 'each'; readonly index: number; target: number }
  | { readonly kind: 'jump'; target: number };

export class Program {
  readonly #steps: readonly Step[];
  readonly #escaping: Escaping;
  readonly #literalBytes: number;

  constructor(steps: readonly Step[], escaping: Escaping) {
    this.#steps = steps;
    this.#escaping = escaping;
    this.#literalBytes = steps.reduce((sum, step) => sum + ('bytes' in step ? step.bytes.length : 2), 64);
  }

  run(record: BinXml, out: ByteWriter): void {
    out.ensure(this.#literalBytes);
    this.#run(record, out, 0, this.#steps.length, out.at, -1, 0, 0);
  }

  /** Inside an `each`, value `item` is `itemHead` at `itemAt`. */
  #run(
    record: BinXml,
    out: ByteWriter,
    from: number,
    to: number,
    start: number,
    item: number,
    itemHead: number,
    itemAt: number,
  ): void {
    const steps = this.#steps;
    for (let i = from; i < to; i++) {
      const step = steps[i]!;
      switch (step.kind) {
        case 'literal':
          out.literal(step.bytes, 0);
          break;
        case 'member': {
          const before = out.buffer[out.at - 1];
          out.literal(step.bytes, before === BRACE || before === BRACKET ? 1 : 0);
          break;
        }
        case 'value':
        case 'text': {
          const index = step.index;
          let head = 0;
          let at = 0;
          if (index === item) {
            head = itemHead;
            at = itemAt;
          } else if (index < record.count) {
            head = record.heads[index]!;
            at = record.offsets[index]!;
          }
          const length = out.at - start > MAX_RENDERED ? 0 : head & HEAD_LENGTH;
          // The longest: a byte of an array of numbers as `255,`, a character as `\u0000` or `&quot;`.
          out.ensure(this.#literalBytes + 6 * length + 64);
          if (step.kind === 'text') this.#text(record, out, head >> HEAD_TYPE_SHIFT, at, length);
          else this.#value(record, out, head >> HEAD_TYPE_SHIFT, at, length, step.items);
          break;
        }
        case 'needs':
          if (anyNull(record, step.indexes, item)) i = step.target - 1;
          break;
        case 'needs-one':
          if (step.groups.every((group) => anyNull(record, group, item))) i = step.target - 1;
          break;
        case 'jump':
          i = step.target - 1;
          break;
        case 'each': {
          const head = step.index < record.count ? record.heads[step.index]! : 0;
          const type = head >> HEAD_TYPE_SHIFT;
          // Not an array: the body runs once, by going on.
          if ((type & ARRAY_FLAG) === 0) break;
          const first = i + 1;
          forEachItem(record.bytes, record.offsets[step.index]!, head & HEAD_LENGTH, type, (at, length, itemType) => {
            out.ensure(this.#literalBytes);
            this.#run(record, out, first, step.target, start, step.index, length | (itemType << HEAD_TYPE_SHIFT), at);
          });
          i = step.target - 1;
          break;
        }
      }
    }
  }

  #value(record: BinXml, out: ByteWriter, type: number, at: number, length: number, items: boolean): void {
    if ((type & ARRAY_FLAG) !== 0) {
      this.#array(record, out, type, at, length, items);
      return;
    }
    if (isJsonNumber(record.bytes, type, at, length)) {
      this.#text(record, out, type, at, length);
      return;
    }
    out.quote();
    this.#text(record, out, type, at, length);
    out.quote();
  }

  #array(record: BinXml, out: ByteWriter, type: number, at: number, length: number, items: boolean): void {
    let count = 0;
    forEachItem(record.bytes, at, length, type, () => {
      count++;
    });
    if (count === 0) {
      out.quote();
      out.quote();
      return;
    }
    const list = count > 1 && !items;
    if (list) out.byte(BRACKET);
    let first = true;
    forEachItem(record.bytes, at, length, type, (itemAt, itemLength, itemType) => {
      if (!first) out.byte(COMMA);
      first = false;
      this.#value(record, out, itemType, itemAt, itemLength, true);
    });
    if (list) out.byte(0x5d);
  }

  /** A value's text, escaped, without quotes. */
  #text(record: BinXml, out: ByteWriter, type: number, at: number, length: number): void {
    const { bytes } = record;
    if (type === STRING_TYPE) {
      let end = length & ~1;
      while (end > 0 && bytes[at + end - 1] === 0 && bytes[at + end - 2] === 0) end -= 2;
      if (this.#escaping === 'json') out.jsonUtf16(bytes, at, end);
      else out.xmlUtf16(bytes, at, end);
      return;
    }
    if (type === NULL_TYPE || length < FIXED_SIZES[type]!) {
      if (type === BOOL_TYPE || type === SIZE_TYPE) out.ascii(valueText(bytes, at, length, type));
      return;
    }
    switch (type) {
      case INT8_TYPE:
        out.integer((bytes[at]! << 24) >> 24);
        return;
      case UINT8_TYPE:
        out.integer(bytes[at]!);
        return;
      case INT16_TYPE:
        out.integer((uint16At(bytes, at) << 16) >> 16);
        return;
      case UINT16_TYPE:
        out.integer(uint16At(bytes, at));
        return;
      case INT32_TYPE:
        out.integer(int32At(bytes, at));
        return;
      case UINT32_TYPE:
        out.integer(uint32At(bytes, at));
        return;
      case BINARY_TYPE:
        out.hexBytes(bytes, at, length);
        return;
      case GUID_TYPE:
        out.guid(bytes, at);
        return;
      case FILETIME_TYPE:
        out.filetime(bytes, at);
        return;
      case HEX32_TYPE:
        out.hexNumber(int32At(bytes, at), 0);
        return;
      case HEX64_TYPE:
        out.hexNumber(int32At(bytes, at), int32At(bytes, at + 4));
        return;
      default:
        out.text(valueText(bytes, at, length, type), this.#escaping);
    }
  }
}

/** Types whose text is a JSON number or `true`/`false` as it stands. */
const NUMBERS = new Set([
  INT8_TYPE,
  UINT8_TYPE,
  INT16_TYPE,
  UINT16_TYPE,
  INT32_TYPE,
  UINT32_TYPE,
  INT64_TYPE,
  UINT64_TYPE,
  SIZE_TYPE,
]);

function isJsonNumber(bytes: Buffer, type: number, at: number, length: number): boolean {
  if (type === STRING_TYPE || length === 0) return false;
  if (type === BOOL_TYPE) return true;
  if (NUMBERS.has(type)) return length >= FIXED_SIZES[type]!;
  // Floats that are no numbers print as text: JSON has no NaN.
  return (type === 0x0b || type === 0x0c) && Number.isFinite(Number(valueText(bytes, at, length, type) || Number.NaN));
}

function anyNull(record: BinXml, indexes: readonly number[], item: number): boolean {
  for (let i = 0; i < indexes.length; i++) {
    const index = indexes[i]!;
    if (index === item) continue;
    if (index >= record.count || record.heads[index]! >> HEAD_TYPE_SHIFT === NULL_TYPE) return true;
  }
  return false;
}

/** Collects steps; neighbouring literals become one. */
export class StepList {
  readonly steps: Step[] = [];
  #literal = '';
  #member = false;

  literal(text: string): void {
    this.#literal += text;
  }

  /** Text that starts with a comma, which falls away behind `{` and `[`. */
  member(text: string): void {
    const last = this.#literal.at(-1);
    if (last === '{' || last === '[') this.#literal += text.slice(1);
    else if (this.#literal !== '') this.#literal += text;
    else {
      this.#literal = text;
      this.#member = true;
    }
  }

  value(index: number, items: boolean): void {
    this.#flush();
    this.steps.push({ kind: 'value', index, items });
  }

  text(index: number): void {
    this.#flush();
    this.steps.push({ kind: 'text', index });
  }

  /** `body` is left out when one of the values is null. */
  needs(indexes: readonly number[], body: () => void): void {
    if (neverAppears(indexes)) return;
    if (indexes.length === 0) {
      body();
      return;
    }
    this.#flush();
    const step: Step = { kind: 'needs', indexes, target: 0 };
    this.steps.push(step);
    body();
    this.#flush();
    step.target = this.steps.length;
  }

  /** `body` when one group has no null value, else `instead`. */
  needsOne(groups: readonly (readonly number[])[], body: () => void, instead: () => void): void {
    const possible = groups.filter((group) => !neverAppears(group));
    if (possible.length === 0) {
      instead();
      return;
    }
    if (possible.some((group) => group.length === 0)) {
      body();
      return;
    }
    this.#flush();
    const test: Step = { kind: 'needs-one', groups: possible, target: 0 };
    this.steps.push(test);
    body();
    this.#flush();
    const jump: Step = { kind: 'jump', target: 0 };
    this.steps.push(jump);
    test.target = this.steps.length;
    instead();
    this.#flush();
    jump.target = this.steps.length;
  }

  each(index: number, body: () => void): void {
    this.#flush();
    const step: Step = { kind: 'each', index, target: 0 };
    this.steps.push(step);
    body();
    this.#flush();
    step.target = this.steps.length;
  }

  finish(): readonly Step[] {
    this.#flush();
    return this.steps;
  }

  #flush(): void {
    if (this.#literal === '') return;
    this.steps.push({ kind: this.#member ? 'member' : 'literal', bytes: Buffer.from(this.#literal) });
    this.#literal = '';
    this.#member = false;
  }
}
