// HOT: runs once for every distinct value.
/**
 * Searches a value for all literals of one field at once. In: a value. Out: the predicates that it satisfies, exactly. Equality
 * is looked up by the whole text. Any other literal is filed under its rarest four characters, a three-character one under all
 * three, a shorter one under its first. A window of four characters moves over the value; each literal filed under the window's
 * characters is then compared in full. The tables are cheap to build.
 */

import { type MatchPlan, PREDICATE } from '../../../model/match-plan.ts';
import { plainDecimal } from '../../../model/values/decimal.ts';
import { addTo } from '../../../model/values/maps.ts';
import { pooledText } from '../../compile/text-pool.ts';
import { NumberLists } from './number-lists.ts';

const { equals, startswith, endswith, number, text, guarded } = PREDICATE;
/** Multiplicative hashing: 2^32 divided by the golden ratio. */
const GOLDEN = 0x9e3779b1;
const MIN_TABLE_BITS = 6;
const MAX_TABLE_BITS = 16;

/** Runs the test of a guarded predicate on a value. */
export type RunTest = (predicate: number, value: string, folded: string) => boolean;

export class FieldIndex {
  readonly #plan: MatchPlan;
  readonly #first: number;
  readonly #runTest: RunTest;
  readonly #equals = new Map<string, number[]>();
  readonly #numbers = new Map<string, number>();
  /** Predicates that every text satisfies. */
  readonly #texts: number[] = [];
  /** Predicates with literals too short for a gram, by their first character. Null when there are none. */
  #short: Map<number, number[]> | null = null;
  /** 1 for each first character of a short literal up to U+00FF. Most values contain none of them and are done quickly. */
  readonly #shortFirst = new Uint8Array(256);
  /** By predicate of the field: its literal, sliced when it is first needed. */
  readonly #literals: (string | undefined)[];
  readonly #next: Int32Array;
  #head4: Int32Array | null = null;
  #head3: Int32Array | null = null;
  #shift = 0;
  /** Which predicates the current run has already found. */
  readonly #seen: Int32Array;
  #run = 0;
  #found: number[] = [];
  readonly #lists = new NumberLists();

  constructor(plan: MatchPlan, field: number, runTest: RunTest) {
    const first = plan.fieldStart[field]!;
    const count = plan.fieldStart[field + 1]! - first;
    this.#plan = plan;
    this.#first = first;
    this.#runTest = runTest;
    this.#literals = new Array<string | undefined>(count).fill(undefined);
    this.#next = new Int32Array(count).fill(-1);
    this.#seen = new Int32Array(count);
    this.#build(count);
  }

  #build(count: number): void {
    const { kind, literal, literalStart } = this.#plan;
    const four: number[] = [];
    const three: number[] = [];
    for (let i = 0; i < count; i++) {
      const p = this.#first + i;
      if (kind[p] === equals) addTo(this.#equals, this.#literal(i), p);
      else if (kind[p] === number) this.#numbers.set(this.#literal(i), p);
      else if (kind[p] === text) this.#texts.push(p);
      else if (kind[p]! <= guarded) {
        const length = literalStart[literal[p]! + 1]! - literalStart[literal[p]!]!;
        if (length >= 4) four.push(i);
        else if (length === 3) three.push(i);
        else this.#addShort(i);
      }
    }
    const bits = Math.ceil(Math.log2(Math.max(1, four.length, three.length) * 4));
    this.#shift = 32 - Math.min(MAX_TABLE_BITS, Math.max(MIN_TABLE_BITS, bits));
    this.#head4 = this.#file(four);
    this.#head3 = this.#file(three);
  }

  #addShort(i: number): void {
    const first = this.#literal(i).charCodeAt(0);
    if (first < 256) this.#shortFirst[first] = 1;
    this.#short ??= new Map();
    addTo(this.#short, first, i);
  }

  #file(members: readonly number[]): Int32Array | null {
    if (members.length === 0) return null;
    const head = new Int32Array(1 << (32 - this.#shift)).fill(-1);
    for (const i of members) {
      const slot = Math.imul(this.#plan.gram[this.#first + i]!, GOLDEN) >>> this.#shift;
      this.#next[i] = head[slot]!;
      head[slot] = i;
    }
    return head;
  }

  #literal(i: number): string {
    let literal = this.#literals[i];
    if (literal === undefined) {
      literal = pooledText(this.#plan.literals, this.#plan.literalStart, this.#plan.literal[this.#first + i]!);
      this.#literals[i] = literal;
    }
    return literal;
  }

  /** The predicates that a value satisfies; `folded` is the value with its case folded. */
  satisfied(value: string, folded: string): Int32Array {
    const found = this.#found;
    found.length = 0;
    this.#run++;
    for (let i = 0; i < this.#texts.length; i++) found.push(this.#texts[i]!);
    const equal = this.#equals.get(folded);
    if (equal !== undefined) for (let i = 0; i < equal.length; i++) found.push(equal[i]!);
    if (this.#numbers.size > 0) this.#findNumber(value);
    if (this.#short !== null) this.#findShort(this.#short, value, folded);
    if (this.#head4 !== null || this.#head3 !== null) this.#findGrams(value, folded);
    return this.#lists.of(found);
  }

  #findNumber(value: string): void {
    const first = value.charCodeAt(0);
    // A decimal number starts with a digit or a minus.
    if (first !== 45 && (first < 48 || first > 57)) return;
    let predicate = this.#numbers.get(value);
    if (predicate === undefined) {
      const decimal = plainDecimal(value);
      if (decimal !== null) predicate = this.#numbers.get(decimal);
    }
    if (predicate !== undefined) this.#found.push(predicate);
  }

  #findShort(short: ReadonlyMap<number, readonly number[]>, value: string, folded: string): void {
    const first = this.#shortFirst;
    for (let at = 0; at < folded.length; at++) {
      const code = folded.charCodeAt(at);
      if (code < 256 && first[code] === 0) continue;
      const list = short.get(code);
      if (list !== undefined) for (let i = 0; i < list.length; i++) this.#verify(list[i]!, at, value, folded);
    }
  }

  #findGrams(value: string, folded: string): void {
    const head4 = this.#head4;
    const head3 = this.#head3;
    const shift = this.#shift;
    const next = this.#next;
    const gram = this.#plan.gram;
    const gramAt = this.#plan.gramAt;
    const first = this.#first;
    const length = folded.length;
    let window = 0;
    for (let at = 0; at < length; at++) {
      window = (window >>> 8) | ((folded.charCodeAt(at) & 255) << 24);
      if (head4 !== null && at >= 3) {
        let i = head4[Math.imul(window, GOLDEN) >>> shift]!;
        while (i >= 0) {
          if (gram[first + i] === window) this.#verify(i, at - 3 - gramAt[first + i]!, value, folded);
          i = next[i]!;
        }
      }
      if (head3 !== null && at >= 2) {
        const short = window & ~255;
        let i = head3[Math.imul(short, GOLDEN) >>> shift]!;
        while (i >= 0) {
          if (gram[first + i] === short) this.#verify(i, at - 2, value, folded);
          i = next[i]!;
        }
      }
    }
  }

  /** Whether literal `i` really stands at `start`, and whether its predicate accepts it there. */
  #verify(i: number, start: number, value: string, folded: string): void {
    if (start < 0 || this.#seen[i] === this.#run) return;
    const predicate = this.#first + i;
    const kind = this.#plan.kind[predicate];
    if (kind === startswith && start !== 0) return;
    const literal = this.#literal(i);
    if (kind === endswith && start + literal.length !== folded.length) return;
    if (!folded.startsWith(literal, start)) return;
    this.#seen[i] = this.#run;
    if (kind === guarded && !this.#runTest(predicate, value, folded)) return;
    this.#found.push(predicate);
  }
}
