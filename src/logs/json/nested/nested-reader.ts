/**
 * Reads an event inside a field: XML or JSON text, or the rendered message, which an exporter has put beside fields of its own.
 * In: a record, and the slots that may hold such text. Out: the event in the text, or the record with the data from the text.
 */
import type { ThreadContext } from '../../../engine/thread-context.ts';
import { type EventRecord, type FieldValue, joinSlots } from '../../../model/event.ts';
import { isoFromUs } from '../../../model/values/time.ts';
import type { Nested } from '../../exporters/exporter.ts';
import { messageData } from '../../exporters/message.ts';
import { PlainEvent, shapeFor } from '../../kept-event.ts';
import type { ShapeEntry } from '../../shape.ts';
import { classicEvent } from '../../splunk-text/record.ts';
import type { TextEvent } from '../../text/text-event.ts';
import { EmbeddedXml } from '../../xml/embedded.ts';

type Fault = (message: string) => void;
/** `fault` is told what cannot be read inside the text. */
type ReadText = (text: string, index: number, offset: number, fault: Fault) => EventRecord | null;
type Data = readonly (readonly [name: string, value: FieldValue])[];

/** Tells how to read a message. */
interface Kind {
  readonly provider: string;
  readonly eventId: number;
}

const XML_DECLARATION = /^<\?xml[^>]{0,200}\?>\s*/;
const XML_EVENT = /^<(?:[\w.-]{1,40}:)?Event[\s>]/;
const XML_SYSTEM = /^<System[\s>]/;
const XML_SECTION = /<(EventData|UserData)(?=[\s/>])/;
const JSON_OBJECT = /^\{\s*"/;
const JSON_LIST = /^\[\s*["{[]/;
/** Added to the text of a section to make it an event, because an event needs a System section. */
const JSON_SYSTEM = '"System":{"Level":""}';
const JSON_SECTION = /^\{\s*"(?:EventData|UserData)"/;
const JSON_EVENT = /^\{\s*"(?:Event|System)"/;

export class NestedReader {
  readonly #xml: EmbeddedXml;
  readonly #readJson: ReadText;

  constructor(thread: ThreadContext, readJson: ReadText) {
    this.#xml = new EmbeddedXml(thread);
    this.#readJson = readJson;
  }

  /** The result is valid until the next call. */
  read(record: TextEvent, nested: readonly Nested[], fault: Fault): EventRecord {
    const { index, offset } = record;
    const data: Data[number][] = [];
    let system: Data | null = null;
    let last = '';
    for (const { leaf, holds } of nested) {
      const text = record.text(leaf.slot)?.trim().replace(XML_DECLARATION, '');
      // Old versions of Promtail write EventData as UserData, too.
      if (text === undefined || text === '' || text === last) continue;
      last = text;
      const told = (what: string): void => fault(`${leaf.name} holds ${what} that cannot be read.`);
      if (holds === 'data') data.push(...this.#data(text, kindOf(record, system), told, fault));
      else if (XML_SYSTEM.test(text)) system = this.#system(text, told) ?? system;
      else {
        const event = classicEvent(text, index, offset, timeText(record)) ?? this.#event(text, index, offset, told, fault);
        if (event !== null) return event;
      }
    }
    return data.length === 0 && system === null ? record : withData(record, system, data);
  }

  #system(text: string, told: Fault): Data | null {
    const event = this.#xml.read(`<Event>${text}</Event>`, 0, 0);
    if (event === null) told('XML');
    return event === null ? null : fieldsOf(event, event.shape.systemFields);
  }

  #event(text: string, index: number, offset: number, told: Fault, fault: Fault): EventRecord | null {
    if (XML_EVENT.test(text)) {
      const event = this.#xml.read(text, index, offset);
      if (event === null) told('Event XML');
      return event;
    }
    if (!JSON_OBJECT.test(text)) return null;
    const event = this.#readJson(text, index, offset, fault);
    // A message may be JSON that any program wrote, so it must look like an event.
    return event !== null && (event.channel !== '' || event.provider !== '' || event.eventId >= 0) ? event : null;
  }

  /** Reads the fields of EventData or UserData in `text`. */
  #data(text: string, { provider, eventId }: Kind, told: Fault, fault: Fault): Data {
    const isXml = text.startsWith('<');
    if (!isXml && !JSON_OBJECT.test(text) && !JSON_LIST.test(text)) return messageData(provider, eventId, text) ?? [];
    const event = isXml ? this.#xml.read(xmlOfData(text), 0, 0) : this.#readJson(jsonOfData(text), 0, 0, fault);
    if (event === null) told(isXml ? 'XML' : 'JSON');
    return event === null ? [] : dataOf(event);
  }
}

/** `system`: the System fields, if they stand in a text of their own. */
function kindOf(record: TextEvent, system: Data | null): Kind {
  if (system === null) return record;
  const of = (name: string): string => String(system.find(([field]) => field === name)?.[1] ?? '');
  return { provider: of('Provider_Name'), eventId: Number(of('EventID')) };
}

/** The record's own time. It replaces the one in classic Splunk text, which is local and has no zone. */
function timeText(record: EventRecord): string | undefined {
  return Number.isNaN(record.timeUs) ? undefined : isoFromUs(record.timeUs);
}

/** Makes Event XML from the section in `text`, from its items, or from the content of UserData. */
function xmlOfData(text: string): string {
  const section = XML_SECTION.exec(text);
  if (section !== null) {
    const close = `</${section[1]}>`;
    const end = text.lastIndexOf(close);
    // A section without an end tag is empty or was cut.
    const inside = end < 0 ? text.slice(section.index) : text.slice(section.index, end + close.length);
    return `<Event><System></System>${inside}</Event>`;
  }
  // The form of ParameterXml in Azure.
  if (text.startsWith('<Param>')) return xmlOfData(text.replace(/<(\/?)Param>/g, '<$1Data>'));
  const name = /^<Data[\s>]/.test(text) ? 'EventData' : 'UserData';
  return `<Event><System></System><${name}>${text}</${name}></Event>`;
}

function jsonOfData(text: string): string {
  if (JSON_EVENT.test(text)) return text;
  if (JSON_SECTION.test(text)) return `{${JSON_SYSTEM},${text.slice(1)}`;
  return text.startsWith('[') ? `{${JSON_SYSTEM},"EventData":{"Data":${text}}}` : `{${JSON_SYSTEM},"EventData":${text}}`;
}

function dataOf(event: EventRecord): Data {
  return fieldsOf(event, event.shape.dataFields);
}

function fieldsOf(event: EventRecord, fields: ReadonlyMap<string, readonly number[]>): [string, FieldValue][] {
  const found: [string, FieldValue][] = [];
  for (const [name, slots] of fields) {
    const value = joinSlots(event, slots);
    if (value !== undefined) found.push([name, value]);
  }
  return found;
}

/** The record with other System fields and with further data. The data wins over fields with the same name. */
function withData(record: EventRecord, system: Data | null, data: Data): EventRecord {
  const entries: ShapeEntry[] = [];
  const values: FieldValue[] = [];
  const add = (section: 'system' | 'data', [name, value]: readonly [string, FieldValue]): void => {
    entries.push({ section, name, slot: values.push(value) - 1 });
  };
  const names = new Set(data.map(([name]) => name));
  for (const field of system ?? fieldsOf(record, record.shape.systemFields)) add('system', field);
  for (const field of fieldsOf(record, record.shape.dataFields)) if (!names.has(field[0])) add('data', field);
  for (const field of data) add('data', field);
  return new PlainEvent(shapeFor(entries), values, { index: record.index, offset: record.offset });
}
