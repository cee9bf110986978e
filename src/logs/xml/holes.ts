/** Kinds of values in an XML record, and what the scanner has found out about a record. */
import type { LayoutNode } from '../text/layout.ts';
import type { TextLayout } from '../text/text-event.ts';

/** The inside of an attribute's value, in quotes or in apostrophes. */
export const QUOTED = 2;
export const APOSTROPHED = 3;
/** The text of a System element. If it is only blanks, there is no field. */
export const SYSTEM_VALUE = 4;
/** Any other text. */
export const VALUE = 5;
/** Text in RenderingInfo, which is not a field. */
export const RENDERED = 6;

export interface KnownRecord {
  readonly node: LayoutNode<TextLayout>;
  readonly fields: number;
}
