// HOT: nearly every byte of an XML log passes here.
/**
 * Recognises XML records that look like records scanned before. In: bytes at `<Event`. Out: the event's slots and what was found
 * about the first such record; null for a record that has to be scanned.
 */
import { xmlAttributeEnd, xmlTextEnd } from '../../logs/text/byte-words.ts';
import { NO_HOLE } from '../../logs/text/holes.ts';
import { PLAIN, XML_ESCAPED } from '../../logs/text/text-value.ts';
import { QUOTED, RENDERED, SYSTEM_VALUE } from '../../logs/xml/holes.ts';
import { APOSTROPHE, LT, QUOTE } from '../../logs/xml/lexis.ts';
import { RENDERING_CLOSE } from '../../logs/xml/schema.ts';
import { KnownTextRecords } from './known-records.ts';
import { type PatternNode, PatternTree } from './pattern.ts';

/**
 * 1 for bytes that a System value may begin with. A blank is none of them, because only the scanner finds out whether the whole
 * text is blank. `<` is none either, because then there is no text.
 */
const BEGINS_SYSTEM_VALUE = new Uint8Array(256).map((_, byte) => (byte > 0x20 && byte !== LT ? 1 : 0));

const firsts: Uint8Array[] = [];
firsts[SYSTEM_VALUE] = BEGINS_SYSTEM_VALUE;

export function newXmlPatterns(): PatternTree<unknown> {
  return new PatternTree<unknown>(firsts);
}

export class KnownXmlRecords extends KnownTextRecords<unknown> {
  recognise(buffer: Buffer, start: number, end: number): unknown {
    const view = this.viewOf(buffer);
    const { starts, lengths, forms, ids } = this.values;
    let count = 0;
    let at = start;
    this.markupAt = -1;
    for (let node: PatternNode<unknown> | null = this.tree.root; ; ) {
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
        this.values.count = count;
        this.after = at;
        return node.found;
      }
      if (hole === RENDERED) {
        if (this.markupAt < 0) this.markupAt = at;
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

  /** Returns a position with a flag, as `logs/text/byte-words.ts` does. */
  #attributeEnd(hole: number, start: number, end: number): number {
    const quote = hole === QUOTED ? QUOTE : APOSTROPHE;
    const found = xmlAttributeEnd(this.view, start, end, quote);
    return this.buffer[found >> 1] === quote ? found : end << 1;
  }
}
