/**
 * Renders a whole event. In: the event that a reader has just read. Out: JSON in the shape of `evtx_dump -o jsonl`, or Event XML;
 * one line that is harmless to print and has the same meaning. An EVTX record is rendered from its own structure; an event of
 * another log is written anew from its fields.
 */
import { ByteWriter } from '../bytes/byte-writer.ts';
import { EvtxEvent } from '../logs/evtx/event.ts';
import { writeJson } from '../logs/evtx/render/render-json.ts';
import { writeXml } from '../logs/evtx/render/render-xml.ts';
import { type EventRecord, type EventSnapshot, type FieldValue, snapshotEvent } from '../model/event.ts';
import { getOrInsert } from '../model/values/maps.ts';
import { printedJson, printedJsonText, printedXml } from '../report/sanitize.ts';

const NAMESPACE = 'http://schemas.microsoft.com/win/2004/08/events/event';
const FIRST_BYTES = 1 << 16;
/** Elements of System that hold a number. */
const NUMBERS = new Set(['EventID', 'Version', 'Level', 'Task', 'Opcode', 'EventRecordID']);

export class EventRenderer {
  readonly #out = new ByteWriter(FIRST_BYTES);

  json(event: EventRecord): string {
    if (!(event instanceof EvtxEvent)) return printedJson(jsonOf(snapshotEvent(event, '')));
    this.#out.at = 0;
    writeJson(event.layout, event.values, this.#out);
    return printedJsonText(this.#out.written().toString('utf8'));
  }

  xml(event: EventRecord): string {
    if (!(event instanceof EvtxEvent)) return xmlOf(snapshotEvent(event, ''));
    this.#out.at = 0;
    writeXml(event.layout, event.values, this.#out);
    return printedXml(this.#out.written().toString('utf8'));
  }
}

interface SystemElement {
  readonly attributes: Record<string, FieldValue>;
  text: FieldValue | undefined;
}

/** `Provider_Name` is the attribute Name of the element Provider. */
function systemElements({ system }: EventSnapshot): ReadonlyMap<string, SystemElement> {
  const elements = new Map<string, SystemElement>();
  for (const [name, value] of Object.entries(system)) {
    const [element = '', ...attribute] = name.split('_');
    const known = getOrInsert(elements, element, () => ({ attributes: {}, text: undefined }));
    if (attribute.length === 0) known.text = value;
    else known.attributes[attribute.join('_')] = value;
  }
  return elements;
}

function jsonOf(event: EventSnapshot): unknown {
  const system: Record<string, unknown> = {};
  for (const [name, { attributes, text }] of systemElements(event)) {
    const value = typeof text === 'string' && NUMBERS.has(name) && /^\d{1,15}$/.test(text) ? Number(text) : text;
    if (Object.keys(attributes).length === 0) system[name] = value;
    else system[name] = { '#attributes': attributes, ...(value === undefined ? {} : { '#text': value }) };
  }
  return { Event: { '#attributes': { xmlns: NAMESPACE }, System: system, EventData: event.data } };
}

function xmlOf(event: EventSnapshot): string {
  let system = '';
  for (const [element, { attributes, text }] of systemElements(event)) {
    const name = xmlName(element);
    const list = Object.entries(attributes).map(([attribute, value]) => ` ${xmlName(attribute)}='${xmlText(value)}'`);
    system += text === undefined ? `<${name}${list.join('')}/>` : `<${name}${list.join('')}>${xmlText(text)}</${name}>`;
  }
  let data = '';
  for (const [name, value] of Object.entries(event.data)) {
    for (const item of Array.isArray(value) ? value : [value]) data += `<Data Name='${xmlText(name)}'>${xmlText(item)}</Data>`;
  }
  return printedXml(`<Event xmlns='${NAMESPACE}'><System>${system}</System><EventData>${data}</EventData></Event>`);
}

/** Names in JSON logs may have characters that XML does not allow in names. */
function xmlName(name: string): string {
  return name.replace(/[^\w.-]/g, '_').replace(/^(?![A-Za-z_])/, '_');
}

function xmlText(value: FieldValue): string {
  const text = value === null ? '' : typeof value === 'string' ? value : value.join(' ');
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
