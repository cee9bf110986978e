/**
 * Reads one record with fast-xml-parser, for records that the scanner does not handle (prefixes, comments, nested elements,
 * other attributes). In: the record's text. Out: its fields in document order. Refuses (null) text that is no well-formed Event.
 */
import { createRequire } from 'node:module';
import type { XMLParser as XMLParserClass } from 'fast-xml-parser';
import { ruleFieldName } from '../shape.ts';
import { decodeXml, withoutAsides } from './decode.ts';
import { localName, type XmlField } from './layout.ts';

/** Levels of elements inside elements. Deeper ones are left out. */
const MAX_DEPTH = 32;
const ATTRIBUTES = ':@';
const TEXT = '#text';
const CDATA = '#cdata';

type Node = Readonly<Record<string, unknown>>;

/** A field and its text. */
export interface XmlValue extends XmlField {
  readonly text: string;
}

const OPTIONS = {
  preserveOrder: true,
  ignoreAttributes: false,
  attributeNamePrefix: '',
  parseTagValue: false,
  parseAttributeValue: false,
  trimValues: false,
  // Our own decoder handles control characters. The library's guards against entity bombs are not needed: a record contains no
  // DOCTYPE.
  processEntities: false,
  cdataPropName: CDATA,
  ignoreDeclaration: true,
  ignorePiTags: true,
};

interface Library {
  readonly parser: XMLParserClass;
  readonly validator: typeof import('fast-xml-parser').XMLValidator;
}

let library: Library | null = null;

/** Loaded when the first record needs it. Few logs have such a record, and loading takes longer than reading a small log. */
function loadLibrary(): Library {
  if (library === null) {
    const { XMLParser, XMLValidator } = createRequire(import.meta.url)('fast-xml-parser') as typeof import('fast-xml-parser');
    library = { parser: new XMLParser(OPTIONS), validator: XMLValidator };
  }
  return library;
}

interface Element {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: readonly Node[];
}

function elementOf(node: Node): Element | null {
  const tag = Object.keys(node).find((key) => key !== ATTRIBUTES && key !== TEXT && key !== CDATA);
  if (tag === undefined) return null;
  const children = node[tag];
  return {
    name: localName(tag),
    attributes: (node[ATTRIBUTES] ?? {}) as Record<string, string>,
    children: Array.isArray(children) ? (children as Node[]) : [],
  };
}

function elementsOf(children: readonly Node[]): Element[] {
  return children.map(elementOf).filter((element) => element !== null);
}

function textOf(children: readonly Node[]): string {
  let text = '';
  for (const child of children) {
    if (typeof child[TEXT] === 'string') text += decodeXml(child[TEXT]);
    else if (Array.isArray(child[CDATA])) text += (child[CDATA] as Node[]).map((part) => String(part[TEXT] ?? '')).join('');
  }
  return text;
}

function systemFields({ children }: Element, out: XmlValue[]): void {
  for (const element of elementsOf(children)) {
    for (const [name, value] of Object.entries(element.attributes)) {
      if (isDeclaration(name)) continue;
      out.push({ section: 'system', name: `${element.name}_${localName(name)}`, text: decodeXml(String(value)) });
    }
    const text = textOf(element.children);
    if (text.trim() !== '') out.push({ section: 'system', name: element.name, text });
  }
}

function isDeclaration(attribute: string): boolean {
  return attribute === 'xmlns' || attribute.startsWith('xmlns:') || attribute.startsWith('xsi:');
}

/** The attributes of an element that are fields. `Name` of a Data element is not a field but its name. */
function attributeFields({ name, attributes }: Element, out: XmlValue[]): void {
  for (const [attribute, value] of Object.entries(attributes)) {
    if (isDeclaration(attribute)) continue;
    out.push({ section: 'data', name: `${name}_${localName(attribute)}`, text: decodeXml(String(value)) });
  }
}

/** The fields of an element of EventData or UserData: its own text, or those of the elements inside it, under their own names. */
function dataFields(element: Element, depth: number, out: XmlValue[]): void {
  const inner = elementsOf(element.children);
  const isData = element.name === 'Data' || element.name === 'ComplexData';
  if (inner.length > 0 || !isData) attributeFields(element, out);
  if (inner.length > 0) {
    if (depth < MAX_DEPTH) for (const child of inner) dataFields(child, depth + 1, out);
    return;
  }
  const name = isData ? ruleFieldName(decodeXml(element.attributes.Name ?? element.name)) : element.name;
  out.push({ section: 'data', name, text: textOf(element.children) });
}

function sectionFields(section: Element, out: XmlValue[]): void {
  const elements = elementsOf(section.children);
  // The child of UserData is a wrapper. It is not a field even when it is empty.
  const fields = section.name === 'UserData' ? elements.filter(({ children }) => elementsOf(children).length > 0) : elements;
  for (const field of fields) dataFields(field, 0, out);
  const text = textOf(section.children);
  if (elements.length === 0 && text.trim() !== '') out.push({ section: 'data', name: section.name, text });
}

/** Empty when the text is not well-formed or exceeds a limit of the library. */
function nodesOf(text: string): readonly Node[] {
  try {
    const { parser, validator } = loadLibrary();
    return validator.validate(text) === true ? (parser.parse(text) as Node[]) : [];
  } catch {
    // The library throws for input that it considers dangerous (depth, names that are keys of Object.prototype). Here that is
    // just a damaged record.
    return [];
  }
}

/** The record's fields; null when the text is no well-formed `<Event>` with a System section. */
export function parseRecord(text: string): XmlValue[] | null {
  // Removed first, because the library requires an even number of quotes in a processing instruction.
  const event = elementsOf(nodesOf(withoutAsides(text))).find(({ name }) => name === 'Event');
  if (event === undefined) return null;
  const sections = elementsOf(event.children);
  const out: XmlValue[] = [];
  for (const section of sections) {
    if (section.name === 'System') systemFields(section, out);
    else if (section.name === 'RenderingInfo') continue;
    else sectionFields(section, out);
  }
  return sections.some(({ name }) => name === 'System') ? out : null;
}
