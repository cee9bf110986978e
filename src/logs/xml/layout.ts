/** The layout of an XML event. In: the scanner's steps. Out: the shape of the event. */

import { hexFields } from '../hex-fields.ts';
import { makeShape, ruleFieldName, type ShapeEntry } from '../shape.ts';
import { type LayoutNode, pathTo } from '../text/layout.ts';
import type { TextLayout } from '../text/text-event.ts';
import { AS_WRITTEN, STRINGS, UNPADDED } from '../text/text-value.ts';
import { decodeXml } from './decode.ts';
import { DATA_ELEMENT, NAMED_DATA, SYSTEM_ATTRIBUTE, SYSTEM_ELEMENT, SYSTEM_TEXT } from './steps.ts';

const UNNAMED = 'Data';

/** `wbem:Namespace` -> `Namespace`. */
export function localName(name: string): string {
  return name.slice(name.indexOf(':') + 1);
}

/** A field of an XML event, before the name that rules use is looked up. */
export interface XmlField {
  readonly section: 'system' | 'data';
  readonly name: string;
}

/** Conversions by slot; null when no field needs one. */
function conversionsOf(entries: readonly ShapeEntry[]): Uint8Array | null {
  const hex = hexFields(entries.flatMap(({ section, name }) => (section === 'data' ? [name] : [])));
  if (hex.size === 0 && !entries.some(({ name }) => name === UNNAMED)) return null;
  return Uint8Array.from(entries, ({ section, name }) => {
    if (section === 'system') return AS_WRITTEN;
    return name === UNNAMED ? STRINGS : hex.has(name) ? UNPADDED : AS_WRITTEN;
  });
}

/** The layout that ends at `node`. `fields` limits the number of slots: of a longer event only the first fields are used. */
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
    else entries.push({ section: 'data', name: UNNAMED, slot });
  }
  return { shape: makeShape(entries), conversions: conversionsOf(entries), nulls: null, computed: [], places: [] };
}
