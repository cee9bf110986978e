/**
 * Defines a regular expression as a tree. Flags and case are already applied to the sets. Captures and greediness are left out,
 * because they do not change which texts match.
 */
import type { CharSet } from './char-set.ts';

/** A condition on the position between two characters. As in PCRE, only `\n` is a line break. */
export type Assertion =
  /** `text-start`: the start of the text. `line-start`: also the position after a line break. */
  | 'text-start'
  | 'line-start'
  /**
   * `text-end`: the end of the text. `last-line-end`: also before a line break that ends the text. `line-end`: before any line
   * break.
   */
  | 'text-end'
  | 'last-line-end'
  | 'line-end'
  | 'word-boundary'
  | 'not-word-boundary';

export type Node =
  | { readonly kind: 'empty' }
  | { readonly kind: 'set'; readonly set: CharSet }
  | { readonly kind: 'seq'; readonly of: readonly Node[] }
  | { readonly kind: 'alt'; readonly of: readonly Node[] }
  /** `max` is Infinity for an open end. */
  | { readonly kind: 'repeat'; readonly of: Node; readonly min: number; readonly max: number }
  | { readonly kind: 'assert'; readonly assertion: Assertion }
  | { readonly kind: 'group'; readonly of: Node }
  | { readonly kind: 'look'; readonly of: Node; readonly behind: boolean; readonly negative: boolean }
  | { readonly kind: 'backreference'; readonly capture: number };

export interface Syntax {
  readonly root: Node;
  /** True when the pattern has look-around or back-references, which no finite automaton can run. */
  readonly irregular: boolean;
}
