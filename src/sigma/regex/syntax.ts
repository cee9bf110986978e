/** A regular expression as a tree. Flags and case are worked into the sets; captures and greed do not change what matches. */
import type { CharSet } from './char-set.ts';

/** Between two characters. `\n` is the only line break, as in PCRE. */
export type Assertion =
  /** Start of text; start of text or after a line break. */
  | 'text-start'
  | 'line-start'
  /** End of text; end of text or before a line break that ends it; end of text or before a line break. */
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
  | { readonly kind: 'group'; readonly of: Node; readonly capture: number }
  | { readonly kind: 'look'; readonly of: Node; readonly behind: boolean; readonly negative: boolean }
  | { readonly kind: 'backreference'; readonly capture: number };

export interface Syntax {
  readonly root: Node;
  /** True when there is a look-around or a back-reference: no finite automaton runs those. */
  readonly irregular: boolean;
}
