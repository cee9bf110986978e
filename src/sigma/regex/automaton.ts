/**
 * Builds a nondeterministic automaton. In: the tree of a pattern without look-around and back-references. Out: states, which
 * are numbers, and classes of characters: characters that are in the same sets of the pattern share a class. Refuses patterns
 * with too many states.
 */
import { getOrInsert } from '../../model/values/maps.ts';
import { type CharSet, charSet, SHORTHANDS } from './char-set.ts';
import { RegexError } from './parse-escape.ts';
import type { Assertion, Node } from './syntax.ts';

/**
 * Limit on the parts of one pattern after repeats have been written out: `(?:[^"]{0,64}x){100}` must not cost memory and time
 * without limit.
 */
const MAX_PARTS = 10_000;

export type State =
  | { readonly kind: 'char'; readonly set: CharSet; next: number }
  | { readonly kind: 'split'; next: number; other: number }
  | { readonly kind: 'assert'; readonly assertion: Assertion; next: number }
  | { readonly kind: 'match' };

export interface Automaton {
  readonly states: readonly State[];
  readonly start: number;
}

/** How many parts there are to build. */
function partsOf(node: Node): number {
  switch (node.kind) {
    case 'seq':
    case 'alt':
      return node.of.reduce((sum, part) => sum + partsOf(part), 1);
    case 'group':
      return partsOf(node.of) + 1;
    case 'repeat':
      return partsOf(node.of) * (node.max === Number.POSITIVE_INFINITY ? node.min + 1 : node.max) + 1;
    default:
      return 1;
  }
}

/** Throws RegexError for a pattern that needs too many states. */
export function checkSize(root: Node): void {
  if (partsOf(root) > MAX_PARTS) throw new RegexError('its counts multiply to too many states', 0);
}

/** Throws RegexError as {@link checkSize} does. */
export function buildAutomaton(root: Node): Automaton {
  checkSize(root);
  const builder = new Builder();
  const match = builder.add({ kind: 'match' });
  return { start: builder.build(root, match), states: builder.states };
}

class Builder {
  readonly states: State[] = [];

  add(state: State): number {
    this.states.push(state);
    return this.states.length - 1;
  }

  /** The state that reads `node` and goes on at `next`. Built from the end, so that `next` is always known. */
  build(node: Node, next: number): number {
    switch (node.kind) {
      case 'empty':
        return next;
      case 'set':
        return this.add({ kind: 'char', set: node.set, next });
      case 'assert':
        return this.add({ kind: 'assert', assertion: node.assertion, next });
      case 'group':
        return this.build(node.of, next);
      case 'seq':
        return node.of.reduceRight((after, part) => this.build(part, after), next);
      case 'alt':
        // `a|b` is `[ab]`: one state instead of three.
        if (node.of.every((part) => part.kind === 'set')) {
          return this.add({ kind: 'char', set: charSet(node.of.flatMap(({ set }) => set)), next });
        }
        return node.of
          .map((part) => this.build(part, next))
          .reduceRight((other, entry) => this.add({ kind: 'split', next: entry, other }));
      case 'repeat':
        return this.#repeat(node.of, node.min, node.max, next);
      default:
        throw new RegexError('look-around and back-references need another engine', 0);
    }
  }

  #repeat(of: Node, min: number, max: number, next: number): number {
    let entry = next;
    if (max === Number.POSITIVE_INFINITY) {
      const loop: State = { kind: 'split', next: -1, other: next };
      entry = this.add(loop);
      loop.next = this.build(of, entry);
    } else {
      // x{2,4} is built as xx(x(x)?)?, in which every way to leave early goes to `next`.
      for (let i = min; i < max; i++) entry = this.add({ kind: 'split', next: this.build(of, entry), other: next });
    }
    for (let i = 0; i < min; i++) entry = this.build(of, entry);
    return entry;
  }
}

const NEWLINE: CharSet = [0x0a, 0x0a];

/** Characters sorted into classes. The automaton sees only the class of a character. */
export interface CharClasses {
  readonly count: number;
  /** Class of every code point below 128. */
  readonly ascii: Uint16Array;
  /** One character of each class. Whether it is in a set is the answer for the whole class. */
  readonly samples: readonly number[];
  classOf(codePoint: number): number;
}

export function charClasses(automaton: Automaton): CharClasses {
  const sets = new Map<string, CharSet>();
  for (const set of [SHORTHANDS.w!, NEWLINE]) sets.set(set.join(), set);
  for (const state of automaton.states) if (state.kind === 'char') sets.set(state.set.join(), state.set);
  const cuts = new Set([0]);
  for (const set of sets.values()) {
    for (let i = 0; i < set.length; i += 2) cuts.add(set[i]!).add(set[i + 1]! + 1);
  }
  // All characters between two neighbouring cuts are in the same sets. Each set then splits the classes of which it has only a
  // part.
  const starts = [...cuts].sort((a, b) => a - b);
  let classes = new Uint16Array(starts.length);
  let count = 1;
  for (const set of sets.values()) {
    const numbers = new Map<number, number>();
    const refined = new Uint16Array(starts.length);
    let range = 0;
    for (let i = 0; i < starts.length; i++) {
      while (range < set.length && set[range + 1]! < starts[i]!) range += 2;
      const key = classes[i]! * 2 + (range < set.length && set[range]! <= starts[i]! ? 1 : 0);
      refined[i] = getOrInsert(numbers, key, () => numbers.size);
    }
    classes = refined;
    count = numbers.size;
  }
  const samples = Array.from({ length: count }, (_, number) => starts[classes.indexOf(number)]!);
  const classOf = (codePoint: number): number => {
    let low = 0;
    let high = starts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (starts[middle]! <= codePoint) low = middle;
      else high = middle - 1;
    }
    return classes[low]!;
  };
  return { count, ascii: Uint16Array.from({ length: 128 }, (_, code) => classOf(code)), samples, classOf };
}
