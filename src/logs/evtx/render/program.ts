// HOT: runs for every rendered event.
/**
 * Runs rendering programs, which are compiled per layout. A program is literal bytes with values between them, and tests that
 * skip what is not printed when a value is null. `render-json.ts` and `render-xml.ts` compile programs. In: a record's values.
 * Out: bytes.
 */

import { type ByteWriter, type Escaping, wordsOf } from '../../../bytes/byte-writer.ts';
import { neverAppears } from '../binxml/optional.ts';
import { HEAD_LENGTH, HEAD_TYPE_SHIFT, type RecordValues } from '../values/record-values.ts';
import { textLength, writeFixedText } from '../values/value-bytes.ts';
import {
  ARRAY_FLAG,
  BOOL_TYPE,
  DOUBLE_TYPE,
  FIXED_SIZES,
  FLOAT_TYPE,
  INT8_TYPE,
  NULL_TYPE,
  SIZE_TYPE,
  STRING_TYPE,
  UINT64_TYPE,
} from '../values/value-types.ts';
import { forEachItem, valueText } from '../values/values.ts';

const COMMA = 0x2c;
const BRACE = 0x7b;
const BRACKET = 0x5b;

/** Bytes that one rendered record may take. Values beyond it are left out. Only a hostile template gets there. */
const MAX_RENDERED = 32 << 20;

/** What a step does after it has written its literal. In brackets: the fields of `Step` that it uses. */
const PLAIN = 0;
/** Writes a whole JSON value. `items`: writes the items of an array into a list that is already open. [index, items] */
const VALUE = 1;
/** Writes part of a text. [index] */
const TEXT = 2;
/** Jumps to `target` when each of these groups has a null value. [groups, target] */
const NEEDS = 3;
/** Repeats the steps in [next, target) for each item of an array value, because Windows repeats the element. [index, target] */
const EACH = 4;
/** Jumps. [target] */
const JUMP = 5;

/** One class for all kinds of steps. The engine then sees objects of one shape only, which is faster. */
class Step {
  /** The literal that is written before the step: index of its first word, and its length in bytes. */
  literalAt = 0;
  literalLength = 0;
  /**
   * For a literal that starts with a comma, which is left out after `{` and `[`: index of the literal without the comma; else
   * -1.
   */
  tailAt = -1;
  kind = PLAIN;
  index = -1;
  items = false;
  target = 0;
  groups: readonly (readonly number[])[] = [];
}

export class Program {
  readonly #steps: readonly Step[];
  /** All literals. Each starts at a word. */
  readonly #words: Int32Array;
  readonly #escaping: Escaping;
  readonly #literalBytes: number;

  constructor(list: StepList, escaping: Escaping) {
    const { steps, literals } = list.finish();
    this.#steps = steps;
    this.#words = wordsOf(literals);
    this.#escaping = escaping;
    this.#literalBytes = literals.length + 64;
  }

  /** The memory that the program takes, as the number of tree nodes that take as much. */
  get weight(): number {
    return this.#steps.length + (this.#words.length >> 4);
  }

  run(record: RecordValues, out: ByteWriter): void {
    out.ensure(this.#literalBytes);
    this.#run(record, out, 0, this.#steps.length, out.at, -1, 0, 0);
  }

  /** Runs steps. Inside an EACH, value `item` is replaced by `itemHead` at `itemAt`. */
  #run(
    record: RecordValues,
    out: ByteWriter,
    from: number,
    to: number,
    start: number,
    item: number,
    itemHead: number,
    itemAt: number,
  ): void {
    const steps = this.#steps;
    const words = this.#words;
    for (let i = from; i < to; i++) {
      const step = steps[i]!;
      if (step.tailAt >= 0 && isOpening(out.buffer[out.at - 1]!)) out.words(words, step.tailAt, step.literalLength - 1);
      else out.words(words, step.literalAt, step.literalLength);
      const kind = step.kind;
      if (kind === VALUE || kind === TEXT) {
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
        // The worst cases: a byte in an array of numbers becomes `255,`, a character becomes `\u0000` or `&quot;`.
        out.ensure(this.#literalBytes + 6 * length + 64);
        const type = head >> HEAD_TYPE_SHIFT;
        // Two of five values are strings, so they are written here without a further call.
        if (type === STRING_TYPE && kind === VALUE) {
          out.quote();
          out.jsonUtf16(record.bytes, record.view, at, textLength(record.bytes, at, length));
          out.quote();
        } else if (kind === TEXT) this.#text(record, out, type, at, length);
        else this.#value(record, out, type, at, length, step.items);
      } else if (kind === NEEDS) {
        if (allLack(record, step.groups, item)) i = step.target - 1;
      } else if (kind === JUMP) i = step.target - 1;
      // Not an array: the steps inside run once.
      else if (kind === EACH && this.#each(record, out, step, i + 1, start)) i = step.target - 1;
    }
  }

  /** Runs the steps inside an EACH for each item. False when the value is no array. */
  #each(record: RecordValues, out: ByteWriter, step: Step, first: number, start: number): boolean {
    const head = step.index < record.count ? record.heads[step.index]! : 0;
    const type = head >> HEAD_TYPE_SHIFT;
    if ((type & ARRAY_FLAG) === 0) return false;
    forEachItem(record.bytes, record.offsets[step.index]!, head & HEAD_LENGTH, type, (at, length, itemType) => {
      if (out.at - start > MAX_RENDERED) return;
      out.ensure(this.#literalBytes);
      this.#run(record, out, first, step.target, start, step.index, length | (itemType << HEAD_TYPE_SHIFT), at);
    });
    return true;
  }

  #value(record: RecordValues, out: ByteWriter, type: number, at: number, length: number, items: boolean): void {
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

  #array(record: RecordValues, out: ByteWriter, type: number, at: number, length: number, items: boolean): void {
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

  /** Writes a value's text, escaped, without quotes. */
  #text(record: RecordValues, out: ByteWriter, type: number, at: number, length: number): void {
    const { bytes } = record;
    if (type === STRING_TYPE) {
      const end = textLength(bytes, at, length);
      if (this.#escaping === 'json') out.jsonUtf16(bytes, record.view, at, end);
      else out.xmlUtf16(bytes, at, end);
      return;
    }
    if (type === NULL_TYPE || length < FIXED_SIZES[type]!) {
      if (type === BOOL_TYPE || type === SIZE_TYPE) out.ascii(valueText(bytes, at, length, type));
      return;
    }
    if (!writeFixedText(bytes, at, length, type, out)) out.text(valueText(bytes, at, length, type), this.#escaping);
  }
}

/** By type: 1 when the text of a value is a JSON number as it stands. */
const NUMBERS = new Uint8Array(256).fill(1, INT8_TYPE, UINT64_TYPE + 1);

function isJsonNumber(bytes: Buffer, type: number, at: number, length: number): boolean {
  if (NUMBERS[type] === 1) return length >= FIXED_SIZES[type]!;
  if (type === BOOL_TYPE) return length > 0;
  // NaN and infinities are printed as text, because JSON has no such numbers.
  return (
    (type === FLOAT_TYPE || type === DOUBLE_TYPE) && Number.isFinite(Number(valueText(bytes, at, length, type) || Number.NaN))
  );
}

/** True when each group has a null value. */
function allLack(record: RecordValues, groups: readonly (readonly number[])[], item: number): boolean {
  for (let i = 0; i < groups.length; i++) if (!lacks(record, groups[i]!, item)) return false;
  return true;
}

function lacks(record: RecordValues, indexes: readonly number[], item: number): boolean {
  for (let i = 0; i < indexes.length; i++) {
    const index = indexes[i]!;
    if (index === item) continue;
    if (index >= record.count || record.heads[index]! >> HEAD_TYPE_SHIFT === NULL_TYPE) return true;
  }
  return false;
}

function isOpening(byte: number): boolean {
  return byte === BRACE || byte === BRACKET;
}

/** Collects steps. Neighbouring literals become one. */
export class StepList {
  readonly #steps: Step[] = [];
  /** Bytes of all literals, each padded to whole words. */
  readonly #literals: Buffer[] = [];
  #words = 0;
  readonly #nulls: ReadonlySet<number> | null;
  #literal = '';
  #member = false;

  /** `nulls`: the values that are null, if that is known. Tests are then decided at compile time. */
  constructor(nulls: ReadonlySet<number> | null) {
    this.#nulls = nulls;
  }

  literal(text: string): void {
    this.#literal += text;
  }

  /** Adds text that starts with a comma, which is left out after `{` and `[`. */
  member(text: string): void {
    const last = this.#literal.at(-1);
    if (last === '{' || last === '[') this.#literal += text.slice(1);
    else if (this.#literal !== '') this.#literal += text;
    else {
      this.#literal = text;
      // After a value the last byte is no bracket, so the comma is always written.
      const before = this.#steps.at(-1)?.kind;
      this.#member = before !== VALUE && before !== TEXT;
    }
  }

  value(index: number, items: boolean): void {
    const step = this.#add(VALUE);
    step.index = index;
    step.items = items;
  }

  text(index: number): void {
    this.#add(TEXT).index = index;
  }

  /** Adds the steps of `body`, which are skipped when one of the values is null. */
  needs(indexes: readonly number[], body: () => void): void {
    this.needsOne([indexes], body, null);
  }

  /** Adds the steps of `body`, which run when some group has no null value; else those of `instead` run. */
  needsOne(groups: readonly (readonly number[])[], body: () => void, instead: (() => void) | null): void {
    const nulls = this.#nulls;
    const possible = groups.filter((group) => !neverAppears(group) && !group.some((index) => nulls?.has(index)));
    if (possible.length === 0) {
      instead?.();
      return;
    }
    if (nulls !== null || possible.some((group) => group.length === 0)) {
      body();
      return;
    }
    const test = this.#add(NEEDS);
    test.groups = possible;
    body();
    this.#flush();
    if (instead === null) {
      test.target = this.#steps.length;
      return;
    }
    const jump = this.#add(JUMP);
    test.target = this.#steps.length;
    instead();
    this.#flush();
    jump.target = this.#steps.length;
  }

  each(index: number, body: () => void): void {
    const step = this.#add(EACH);
    step.index = index;
    body();
    this.#flush();
    step.target = this.#steps.length;
  }

  finish(): { readonly steps: readonly Step[]; readonly literals: Buffer } {
    this.#flush();
    return { steps: this.#steps, literals: Buffer.concat(this.#literals) };
  }

  /** Adds a step together with the literal before it. */
  #add(kind: number): Step {
    const step = new Step();
    step.kind = kind;
    if (this.#literal !== '') {
      const bytes = Buffer.from(this.#literal);
      step.literalLength = bytes.length;
      step.literalAt = this.#keep(bytes);
      if (this.#member) step.tailAt = this.#keep(bytes.subarray(1));
      this.#literal = '';
      this.#member = false;
    }
    this.#steps.push(step);
    return step;
  }

  /** Keeps the bytes of a literal and returns the index of its first word. */
  #keep(bytes: Buffer): number {
    const at = this.#words;
    const words = (bytes.length + 3) >> 2;
    this.#words += words;
    this.#literals.push(bytes, Buffer.alloc(4 * words - bytes.length));
    return at;
  }

  #flush(): void {
    if (this.#literal !== '') this.#add(PLAIN);
  }
}
