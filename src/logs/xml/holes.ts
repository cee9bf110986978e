/** Kinds of values in an XML record, and what the scanner found out about one. */
import type { LayoutNode } from '../text/layout.ts';
import type { TextLayout } from '../text/text-event.ts';

/** The inside of an attribute in quotes, or in apostrophes. */
export const QUOTED = 2;
export const APOSTROPHED = 3;
/** Text of a System element: blanks only are no field. */
export const SYSTEM_VALUE = 4;
/** Any other text. */
export const VALUE = 5;
/** What is in RenderingInfo: no field. */
export const RENDERED = 6;

export interface KnownRecord {
  readonly node: LayoutNode<TextLayout>;
  readonly fields: number;
}
