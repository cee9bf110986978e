// HOT: reads every character of the values that a pattern's literals let through.
/**
 * Runs an automaton over text: does it match anywhere? Each set of states that turns up becomes one row of a table, so a
 * character costs one look-up; a row that is not known yet costs time proportional to the pattern. Linear in the text.
 *
 * A row stands for the states after a character, before their assertions are looked at: those also need the next one. So
 * the row remembers what kind of character came last, and a step follows assertions first and then takes the next character.
 */
import { type Automaton, type CharClasses, charClasses } from './automaton.ts';
import { contains, SHORTHANDS } from './char-set.ts';
import type { Assertion } from './syntax.ts';

/** What stands before a position. */
const BEFORE_START = 0;
const BEFORE_NEWLINE = 1;
const BEFORE_WORD = 2;
const BEFORE_OTHER = 3;

/** Entries of the table that are no rows: not known yet, matched, ended without a match. */
const UNKNOWN = -1;
const MATCH = -2;
const NO_MATCH = -3;

/** Rows kept and entries in them; then all are forgotten and made anew as they are needed. */
const MAX_ROWS = 1000;
const MAX_ENTRIES = 250_000;

const WORD = SHORTHANDS.w!;

export class LazyDfa {
  readonly #automaton: Automaton;
  readonly #classes: CharClasses;
  readonly #width: number;
  readonly #maxRows: number;
  /** Class numbers behind the pattern's own: a line break that ends the text, and the end. */
  readonly #lastNewline: number;
  readonly #end: number;
  /** Per class: what it is as the character before. */
  readonly #kinds: readonly number[];
  /** Row after row, `#width` entries each. */
  #table = new Int32Array(0);
  #rows: { readonly states: Uint16Array; readonly before: number }[] = [];
  readonly #numbers = new Map<string, number>();
  /** The step that last saw a state, so that a set needs no clearing. */
  readonly #seen: Uint32Array;
  #stamp = 0;

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
    this.#seen = new Uint32Array(automaton.states.length);
  }

  test(text: string): boolean {
    const width = this.#width;
    const ascii = this.#classes.ascii;
    const length = text.length;
    let row = this.#rowOf([], BEFORE_START);
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
        table = this.#table;
      }
      row = next;
    }
    const last = table[row * width + this.#end]!;
    return (last === UNKNOWN ? this.#step(row, this.#end) : last) === MATCH;
  }

  /** The row for a set of states behind a character; made when it is new. */
  #rowOf(states: readonly number[], before: number): number {
    const key = `${before} ${states.join(' ')}`;
    const known = this.#numbers.get(key);
    if (known !== undefined) return known;
    if (this.#rows.length >= this.#maxRows) {
      this.#rows = [];
      this.#numbers.clear();
      this.#table.fill(UNKNOWN);
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

  /** Follows assertions and forks between the character before and the next one, then takes that one. */
  #step(row: number, charClass: number): number {
    const { states, before } = this.#rows[row]!;
    const next: number[] = [];
    const stack: number[] = [];
    const stamp = ++this.#stamp;
    // Unanchored: the pattern may begin at every position.
    stack.push(this.#automaton.start);
    for (let i = states.length - 1; i >= 0; i--) stack.push(states[i]!);
    const sample =
      charClass < this.#classes.count ? this.#classes.samples[charClass]! : charClass === this.#lastNewline ? 0x0a : -1;
    while (stack.length > 0) {
      const number = stack.pop()!;
      if (this.#seen[number] === stamp) continue;
      this.#seen[number] = stamp;
      const state = this.#automaton.states[number]!;
      switch (state.kind) {
        case 'match':
          return this.#remember(row, charClass, MATCH);
        case 'split':
          stack.push(state.other, state.next);
          break;
        case 'assert':
          if (this.#holds(state.assertion, before, charClass)) stack.push(state.next);
          break;
        default:
          if (sample >= 0 && contains(state.set, sample)) next.push(state.next);
      }
    }
    if (charClass === this.#end) return this.#remember(row, charClass, NO_MATCH);
    next.sort((a, b) => a - b);
    const kind = charClass === this.#lastNewline ? BEFORE_NEWLINE : this.#kinds[charClass]!;
    const unique = next.filter((number, i) => i === 0 || number !== next[i - 1]);
    const rowsBefore = this.#rows.length;
    const target = this.#rowOf(unique, kind);
    // The table was emptied meanwhile: the row that this entry belongs to is gone.
    return this.#rows.length < rowsBefore ? target : this.#remember(row, charClass, target);
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
