// HOT: nearly every byte of an XML log passes here.
/** Recognises XML records by those scanned before. */
import { xmlAttributeEnd, xmlTextEnd } from '../text/byte-words.ts';
import { KnownRecords } from '../text/known-records.ts';
import type { LayoutNode } from '../text/layout.ts';
import { NO_HOLE, type PatternNode, PatternTree } from '../text/pattern.ts';
import type { TextEvent, TextLayout } from '../text/text-event.ts';
import { PLAIN, XML_ESCAPED } from '../text/text-value.ts';
import { APOSTROPHE, LT, QUOTE, RENDERING_CLOSE } from './schema.ts';

/** Kinds of holes. */
export const QUOTED = 2;
export const APOSTROPHED = 3;
/** Text of a System element: blanks only are no field. */
export const SYSTEM_VALUE = 4;
/** Any other text. */
export const VALUE = 5;
/** What is in RenderingInfo: no field. */
export const RENDERED = 6;

/** No blank: whether the rest of the text is blank, too, is for the scanner to see. No `<`: there is no text. */
const BEGINS_SYSTEM_VALUE = new Uint8Array(256).map((_, byte) => (byte > 0x20 && byte !== LT ? 1 : 0));

const firsts: Uint8Array[] = [];
firsts[SYSTEM_VALUE] = BEGINS_SYSTEM_VALUE;

export interface KnownRecord {
  readonly node: LayoutNode<TextLayout>;
  readonly fields: number;
}

/** One for the thread, as layouts are. */
const TREE = new PatternTree<KnownRecord>(firsts);

export class KnownXmlRecords extends KnownRecords<KnownRecord> {
  /** Where the content of the last record's first RenderingInfo begins; -1: there is none. */
  rendering = -1;

  constructor(event: TextEvent) {
    super(event, TREE);
  }

  recognise(buffer: Buffer, start: number, end: number): KnownRecord | null {
    const view = this.viewOf(buffer);
    const { starts, lengths, forms, ids } = this.event;
    let count = 0;
    let at = start;
    this.rendering = -1;
    for (let node: PatternNode<KnownRecord> | null = TREE.root; ; ) {
      node = node.next(view, at, end);
      if (node === null) return null;
      const empties = node.empties;
      for (let i = 0; i < empties.length; i++) {
        starts[count] = at + empties[i]!;
        lengths[count] = 0;
        forms[count] = PLAIN;
        ids[count++] = 0;
      }
      at += node.literal.length;
      const hole = node.hole;
      if (hole === NO_HOLE) {
        this.event.count = count;
        this.after = at;
        return node.found;
      }
      if (hole === RENDERED) {
        if (this.rendering < 0) this.rendering = at;
        at = buffer.indexOf(RENDERING_CLOSE, at);
        if (at < 0) return null;
        continue;
      }
      const value = node.value;
      starts[count] = at;
      if (value.standsAt(view, at, end)) {
        lengths[count] = value.length;
        forms[count] = value.form;
        ids[count++] = value.id;
        at += value.length;
        continue;
      }
      const found = hole >= SYSTEM_VALUE ? xmlTextEnd(view, at, end) : this.#attributeEnd(hole, at, end);
      const length = (found >> 1) - at;
      const form = (found & 1) === 0 ? PLAIN : XML_ESCAPED;
      if (found >> 1 >= end) return null;
      lengths[count] = length;
      forms[count] = form;
      ids[count++] = value.take(view, at, length, 1, form);
      at += length;
    }
  }

  /** In the form of `../byte-words.ts`. */
  #attributeEnd(hole: number, start: number, end: number): number {
    const quote = hole === QUOTED ? QUOTE : APOSTROPHE;
    const found = xmlAttributeEnd(this.view, start, end, quote);
    return this.buffer[found >> 1] === quote ? found : end << 1;
  }
}
