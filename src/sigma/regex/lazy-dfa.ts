// HOT: reads every character of the values that a pattern's literals let through.
/**
 * Runs an automaton over text to find whether it matches anywhere. Each set of states that occurs becomes one row of a table,
 * so that a character usually costs one look-up. A row that does not exist yet is computed, in time proportional to the
 * pattern. The whole is linear in the length of the text. When the table has too few rows for a text, the text is read without
 * it, state by state. A character then costs as much as there are states, so this is limited: beyond the limit the text is
 * refused (RegexLimitError). A row stands for the states after a character, before their assertions are checked, because
 * assertions also depend on the next character. So a row also has the kind of the last character, and a step first follows the
 * assertions and then reads the next character.
 */

import { InputError } from '../../model/errors.ts';
import { getOrInsert } from '../../model/values/maps.ts';
import { type Automaton, type CharClasses, charClasses } from './automaton.ts';
import { contains, SHORTHANDS } from './char-set.ts';
import type { Assertion } from './syntax.ts';

/** Kinds of what stands before a position. */
const BEFORE_START = 0;
const BEFORE_NEWLINE = 1;
const BEFORE_WORD = 2;
const BEFORE_OTHER = 3;

/** Entries of the table that are not rows: not computed yet, matched, ended without a match. */
const UNKNOWN = -1;
const MATCH = -2;
const NO_MATCH = -3;
/** Returned where there is no room for another row. */
const FULL = -4;

/** Limits on rows and on their entries. When one is reached, all rows are dropped, and made again as they are needed. */
const MAX_ROWS = 1000;
const MAX_ENTRIES = 250_000;
/** Limit on the states visited for one text without the table; half a second. The longest value of an EVTX log stays below it. */
export const MAX_VISITS = 20_000_000;

/**
 * States visited by this thread so far, for all patterns. A caller with other duties compares it now and then, to see how much
 * work was done.
 */
export const regexWork = { visits: 0 };

/** A text that a pattern cannot be decided on within the allowed work. */
export class RegexLimitError extends InputError {}

const WORD = SHORTHANDS.w!;

export class LazyDfa {
  readonly #automaton: Automaton;
  readonly #classes: CharClasses;
  readonly #width: number;
  readonly #maxRows: number;
  /** Numbers of two classes after the pattern's own: a line break that ends the text, and the end of the text. */
  readonly #lastNewline: number;
  readonly #end: number;
  /** For each class, its kind when it is the last character read. */
  readonly #kinds: readonly number[];
  /** The rows one after the other, `#width` entries each. */
  #table = new Int32Array(0);
  #rows: { readonly states: Uint16Array; readonly before: number }[] = [];
  readonly #numbers = new Map<string, number>();
  /** For each state, the state that follows; and for a state that reads a character, the classes that it reads (1). */
  readonly #nexts: Int32Array;
  readonly #accepted: readonly (Uint8Array | undefined)[];
  /**
   * The step in which a state was last seen, or last reached after a character. A step number instead of a flag, so that sets
   * need no clearing.
   */
  readonly #seen: Float64Array;
  readonly #reached: Float64Array;
  #stamp = 0;
  /** States still to be looked at, and how many this step has looked at. */
  readonly #stack: number[] = [];
  #visited = 0;

  constructor(automaton: Automaton) {
    this.#automaton = automaton;
    this.#classes = charClasses(automaton);
    this.#lastNewline = this.#classes.count;
    this.#end = this.#classes.count + 1;
    this.#width = this.#classes.count + 2;
    this.#maxRows = Math.max(4, Math.min(MAX_ROWS, Math.floor(MAX_ENTRIES / this.#width)));
    this.#kinds = this.#classes.samples.map((sample) =>
      sample === 0x0a ? BEFORE_NEWLINE : contains(WORD, sample) ? BEFORE_WORD : BEFORE_OTHER,
    );
    this.#nexts = Int32Array.from(automaton.states, (state) => (state.kind === 'match' ? -1 : state.next));
    const bySet = new Map<string, Uint8Array>();
    this.#accepted = automaton.states.map((state) => {
      if (state.kind !== 'char') return undefined;
      return getOrInsert(bySet, state.set.join(), () =>
        Uint8Array.from({ length: this.#width }, (_, charClass) =>
          charClass === this.#end ? 0 : contains(state.set, this.#classes.samples[charClass] ?? 0x0a) ? 1 : 0,
        ),
      );
    });
    this.#seen = new Float64Array(automaton.states.length);
    this.#reached = new Float64Array(automaton.states.length);
  }

  /** Throws RegexLimitError. Whether it throws depends on the text alone, not on earlier texts. */
  test(text: string): boolean {
    // The table may be full of other texts' rows, so an emptied table is tried once more. If that is full too, this text alone
    // needs too many rows.
    return this.#testByRows(text) ?? this.#testByRows(text) ?? this.#testByStates(text);
  }

  /** null when the table was full; it has then been emptied. */
  #testByRows(text: string): boolean | null {
    const width = this.#width;
    const ascii = this.#classes.ascii;
    const length = text.length;
    let row = this.#rowOf([], BEFORE_START);
    if (row === FULL) return null;
    let table = this.#table;
    for (let at = 0; at < length; at++) {
      const unit = text.charCodeAt(at);
      let charClass: number;
      if (unit < 128) {
        charClass = unit === 0x0a && at === length - 1 ? this.#lastNewline : ascii[unit]!;
      } else {
        const code = text.codePointAt(at)!;
        if (code > 0xffff) at++;
        charClass = this.#classes.classOf(code);
      }
      let next = table[row * width + charClass]!;
      if (next < 0) {
        if (next === UNKNOWN) next = this.#step(row, charClass);
        if (next === MATCH) return true;
        if (next === FULL) return null;
        table = this.#table;
      }
      row = next;
    }
    const last = table[row * width + this.#end]!;
    return (last === UNKNOWN ? this.#step(row, this.#end) : last) === MATCH;
  }

  /** The same without the table: keeps the current set of states itself. */
  #testByStates(text: string): boolean {
    let states: readonly number[] = [];
    let before = BEFORE_START;
    let visits = 0;
    for (let at = 0; at < text.length; at++) {
      const code = text.codePointAt(at)!;
      if (code > 0xffff) at++;
      const charClass = code === 0x0a && at === text.length - 1 ? this.#lastNewline : this.#classes.classOf(code);
      const next = this.#follow(states, before, charClass);
      if (next === null) return true;
      visits += this.#visited;
      if (visits > MAX_VISITS)
        throw new RegexLimitError(`a regular expression takes too long for a value of ${text.length} characters`);
      states = next;
      before = this.#kindOf(charClass);
    }
    return this.#follow(states, before, this.#end) === null;
  }

  /** The row for a set of states after a character, which is made when it is new. {@link FULL} when there is no room. */
  #rowOf(states: readonly number[], before: number): number {
    const key = `${before} ${states.join(' ')}`;
    const known = this.#numbers.get(key);
    if (known !== undefined) return known;
    if (this.#rows.length >= this.#maxRows) {
      this.#rows = [];
      this.#numbers.clear();
      this.#table.fill(UNKNOWN);
      return FULL;
    }
    const row = this.#rows.length;
    this.#rows.push({ states: Uint16Array.from(states), before });
    this.#numbers.set(key, row);
    if ((row + 1) * this.#width > this.#table.length) {
      const grown = new Int32Array(Math.max(16, row * 2 + 2) * this.#width).fill(UNKNOWN);
      grown.set(this.#table);
      this.#table = grown;
    }
    return row;
  }

  /** Follows assertions and forks between the last character and the next one, then reads the next one. */
  #step(row: number, charClass: number): number {
    const { states, before } = this.#rows[row]!;
    const next = this.#follow(states, before, charClass);
    if (next === null) return this.#remember(row, charClass, MATCH);
    if (charClass === this.#end) return this.#remember(row, charClass, NO_MATCH);
    const target = this.#rowOf(
      next.sort((a, b) => a - b),
      this.#kindOf(charClass),
    );
    return target === FULL ? FULL : this.#remember(row, charClass, target);
  }

  /** The states after the next character, each once. null when the pattern matches before it. */
  #follow(from: ArrayLike<number>, before: number, charClass: number): number[] | null {
    const { start, states } = this.#automaton;
    const nexts = this.#nexts;
    const accepted = this.#accepted;
    const next: number[] = [];
    const stack = this.#stack;
    const seen = this.#seen;
    const reached = this.#reached;
    const stamp = ++this.#stamp;
    let visited = 0;
    let open = 0;
    // The pattern is not anchored, so it may begin at every position.
    stack[open++] = start;
    for (let i = from.length - 1; i >= 0; i--) stack[open++] = from[i]!;
    while (open > 0) {
      const number = stack[--open]!;
      if (seen[number] === stamp) continue;
      seen[number] = stamp;
      visited++;
      const to = nexts[number]!;
      const accepts = accepted[number];
      if (accepts !== undefined) {
        if (accepts[charClass] === 1 && reached[to] !== stamp) {
          reached[to] = stamp;
          next.push(to);
        }
        continue;
      }
      const state = states[number]!;
      if (state.kind === 'match') return null;
      if (state.kind === 'split') stack[open++] = state.other;
      else if (state.kind === 'assert' && !this.#holds(state.assertion, before, charClass)) continue;
      stack[open++] = to;
    }
    this.#visited = visited;
    regexWork.visits += visited;
    return next;
  }

  /** The kind of a character when it is the last one read. */
  #kindOf(charClass: number): number {
    return charClass === this.#lastNewline ? BEFORE_NEWLINE : this.#kinds[charClass]!;
  }

  #remember(row: number, charClass: number, entry: number): number {
    this.#table[row * this.#width + charClass] = entry;
    return entry;
  }

  #holds(assertion: Assertion, before: number, charClass: number): boolean {
    switch (assertion) {
      case 'text-start':
        return before === BEFORE_START;
      case 'line-start':
        return before === BEFORE_START || before === BEFORE_NEWLINE;
      case 'text-end':
        return charClass === this.#end;
      case 'last-line-end':
        return charClass === this.#end || charClass === this.#lastNewline;
      case 'line-end':
        return charClass >= this.#lastNewline || this.#kinds[charClass] === BEFORE_NEWLINE;
      default: {
        const wordBehind = before === BEFORE_WORD;
        const wordAhead = charClass < this.#lastNewline && this.#kinds[charClass] === BEFORE_WORD;
        return (wordBehind !== wordAhead) === (assertion === 'word-boundary');
      }
    }
  }
}
