/** Kinds of values in a JSON record, and what the scanner has found out about a record. */
import type { LayoutNode } from '../text/layout.ts';
import type { JsonLayout } from './layout.ts';

/** The inside of a string. */
export const STRING = 2;
/** A number, true, false or null. */
export const WORD = 3;
/** An array that is kept as a whole. */
export const LIST = 4;

export interface KnownRecord {
  readonly node: LayoutNode<JsonLayout>;
  /** The node of the record's first key. */
  readonly first: LayoutNode<JsonLayout> | null;
}
