/** Layout of an XML event: the scanner's steps -> shape. */

import { makeShape, ruleFieldName, type ShapeEntry } from '../shape.ts';
import { type LayoutNode, pathTo } from '../text/layout.ts';
import type { TextLayout } from '../text/text-event.ts';
import { decodeXml } from './decode.ts';
import { DATA_ELEMENT, NAMED_DATA, SYSTEM_ATTRIBUTE, SYSTEM_ELEMENT, SYSTEM_TEXT } from './schema.ts';

/** `wbem:Namespace` -> `Namespace`. */
export function localName(name: string): string {
  return name.slice(name.indexOf(':') + 1);
}

/** A field of an XML event before its name is looked up. */
export interface XmlField {
  readonly section: 'system' | 'data';
  readonly name: string;
}

/** The layout that ends at `node`. `fields` bounds the slots: a longer event shows only its first ones. */
export function layoutOf(node: LayoutNode<TextLayout>, fields: number): TextLayout {
  const entries: ShapeEntry[] = [];
  let element = '';
  for (const { code, key } of pathTo(node)) {
    const name = Buffer.from(key).toString('utf8');
    if (code === SYSTEM_ELEMENT) {
      element = name;
      continue;
    }
    const slot = entries.length;
    if (slot === fields) break;
    if (code === SYSTEM_ATTRIBUTE) entries.push({ section: 'system', name: `${element}_${name}`, slot });
    else if (code === SYSTEM_TEXT) entries.push({ section: 'system', name: element, slot });
    else if (code === NAMED_DATA) entries.push({ section: 'data', name: ruleFieldName(decodeXml(name)), slot });
    else if (code === DATA_ELEMENT) entries.push({ section: 'data', name: localName(name), slot });
    else entries.push({ section: 'data', name: 'Data', slot });
  }
  return { shape: makeShape(entries), conversions: null, emptyNulls: null, computed: [], places: [] };
}
