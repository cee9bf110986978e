// HOT: once per cell of a CSV log.
/**
 * Writes a row as a line of JSON. In: a row and its table. Out: for a known table the event as a tree (`Event.System`,
 * `Event.EventData`), for any other table an object with one key per column. An empty cell gives no field, because a table has a
 * column for every field of any of its events.
 */
import { channelOf, messageData, providerOf } from '../exporters/message.ts';
import { convert, GUID, HEX } from '../text/text-value.ts';
import { parseRecord } from '../xml/fallback.ts';
import { type Header, TIME_COLUMN, TIME_ELEMENT } from './header.ts';
import type { JsonLines } from './json-lines.ts';
import { isoOfLocal } from './local-time.ts';
import type { Rows } from './rows.ts';
import type { DataText, Table } from './tables.ts';

/** A column that becomes a value of its own, and the JSON around the value. */
interface Member {
  readonly cell: number;
  readonly before: Buffer;
  readonly after: Buffer;
  /** null: the cell is written as it is. */
  readonly convert: ((text: string) => string) | null;
}

interface DataCell {
  readonly cell: number;
  readonly holds: DataText;
}

const COMMA = Buffer.from(',');
/** The longest text for the XML library, which is slow. */
const MAX_XML_CHARACTERS = 2 << 20;
const NO_SYSTEM = /^(?:None|N\/A)$/;

export class RowWriter {
  readonly #rows: Rows;
  readonly #lines: JsonLines;
  readonly #system: readonly Member[];
  readonly #fields: readonly Member[];
  readonly #data: DataCell | null;
  readonly #provider: number;
  readonly #eventId: number;
  readonly #lacksChannel: boolean;
  readonly #isTree: boolean;

  constructor(header: Header, rows: Rows, lines: JsonLines) {
    const { columns, table } = header;
    this.#rows = rows;
    this.#lines = lines;
    this.#isTree = table !== null;
    const cellOf = (element: string): number =>
      columns.indexOf(Object.entries(table?.system ?? {}).find(([, target]) => target === element)?.[0] ?? '');
    this.#provider = cellOf('Provider.Name');
    this.#eventId = cellOf('EventID');
    this.#lacksChannel = table !== null && cellOf('Channel') < 0;
    this.#system = table === null ? [] : systemMembers(header, table);
    const isField = table === null ? () => true : (name: string) => table.system[name] === undefined && table.isData?.(name);
    const own = (name: string): Member['convert'] =>
      table === null && header.localTime && TIME_COLUMN.test(name) ? timeOf(header) : null;
    this.#fields = columns.flatMap((name, cell) => (isField(name) === true ? [member(cell, [name], own(name))] : []));
    const cell = table?.data === undefined ? -1 : columns.indexOf(table.data.column);
    this.#data = table?.data === undefined ? null : { cell, holds: table.data.holds };
  }

  /** Writes the row that `rows` scanned last. */
  write(buffer: Buffer): void {
    const lines = this.#lines;
    if (!this.#isTree) {
      lines.json('{');
      this.#members(this.#fields, buffer, false);
      lines.json('}\n');
      return;
    }
    lines.json('{"Event":{"System":{');
    const any = this.#members(this.#system, buffer, false);
    if (this.#lacksChannel) this.#channel(buffer, any);
    lines.json('}');
    if (this.#data !== null) this.#eventData(this.#data, buffer);
    if (this.#fields.length > 0) {
      lines.json(',"EventData":{');
      this.#members(this.#fields, buffer, false);
      lines.json('}');
    }
    lines.json('}}\n');
  }

  #members(members: readonly Member[], buffer: Buffer, before: boolean): boolean {
    const rows = this.#rows;
    const lines = this.#lines;
    let any = before;
    for (let i = 0; i < members.length; i++) {
      const { cell, before, after, convert } = members[i]!;
      if (rows.isEmpty(cell)) continue;
      if (any) lines.bytes(COMMA);
      any = true;
      lines.bytes(before);
      if (convert === null) lines.cell(buffer, rows.starts[cell]!, rows.ends[cell]!, rows.doubled[cell]!);
      else lines.json(JSON.stringify(convert(rows.text(buffer, cell))).slice(1, -1));
      lines.bytes(after);
    }
    return any;
  }

  #providerName(buffer: Buffer): string {
    return providerOf(this.#rows.text(buffer, this.#provider));
  }

  #channel(buffer: Buffer, any: boolean): void {
    const channel = channelOf(this.#providerName(buffer), Number(this.#rows.text(buffer, this.#eventId)));
    if (channel !== '') this.#lines.json(`${any ? ',' : ''}"Channel":${JSON.stringify(channel)}`);
  }

  #eventData({ cell, holds }: DataCell, buffer: Buffer): void {
    const rows = this.#rows;
    if (rows.isEmpty(cell)) return;
    if (holds === 'payload') this.#object(cell, buffer, ',', 1);
    else if (holds === 'message') this.#message(rows.text(buffer, cell), buffer);
    else if (buffer[rows.starts[cell]!] === 0x7b) this.#object(cell, buffer, ',"EventData":', 0);
    else this.#xml(rows.text(buffer, cell));
  }

  /** Writes a cell that is a JSON object. With `braces` 1 the outer braces are left out, with 0 they are kept. */
  #object(cell: number, buffer: Buffer, before: string, braces: number): void {
    let start = this.#rows.starts[cell]!;
    let end = this.#rows.ends[cell]!;
    while (start < end && buffer[start]! <= 0x20) start++;
    while (start < end && buffer[end - 1]! <= 0x20) end--;
    // `{}` holds no data.
    if (end - start < 3 || buffer[start] !== 0x7b) return;
    this.#lines.json(before);
    this.#lines.raw(buffer, start + braces, end - braces, this.#rows.doubled[cell]!);
  }

  #message(text: string, buffer: Buffer): void {
    const data = messageData(this.#providerName(buffer), Number(this.#rows.text(buffer, this.#eventId)), text);
    if (data === null) {
      this.#lines.json(`,"Message":${JSON.stringify(text)}`);
      return;
    }
    const members = data.map(([name, value]) => `${JSON.stringify(name)}:${JSON.stringify(value)}`);
    this.#lines.json(`,"EventData":{${members.join(',')}}`);
  }

  /** Writes `<EventData>...`, which Log Analytics puts inside a `<DataItem>`. */
  #xml(text: string): void {
    const data = /<(EventData|UserData)[\s>][\s\S]*<\/\1>/.exec(text)?.[0];
    const values = data === undefined || data.length > MAX_XML_CHARACTERS ? null : parseRecord(`<Event><System/>${data}</Event>`);
    if (values === null) return;
    const items = values
      .filter(({ section }) => section === 'data')
      .map(({ name, text }) => `{"@Name":${JSON.stringify(name)},"#text":${JSON.stringify(text)}}`);
    if (items.length > 0) this.#lines.json(`,"EventData":{"Data":[${items.join(',')}]}`);
  }
}

/** `"a":{"b":"` and `"}` for `a.b`. */
function member(cell: number, path: readonly string[], convert: Member['convert'] = null): Member {
  const before = `${path.map((name) => JSON.stringify(name)).join(':{')}:"`;
  return { cell, before: Buffer.from(before), after: Buffer.from(`"${'}'.repeat(path.length - 1)}`), convert };
}

function timeOf({ dateOrder }: Header): (text: string) => string {
  return (text) => isoOfLocal(text, dateOrder) ?? text;
}

function systemMembers(header: Header, { system, localTime }: Table): Member[] {
  const { columns } = header;
  const members: Member[] = [];
  const taken = new Set<string>();
  for (const [column, element] of Object.entries(system)) {
    const cell = columns.indexOf(column);
    if (cell < 0 || taken.has(element)) continue;
    taken.add(element);
    let own: Member['convert'] = null;
    if (localTime && element === TIME_ELEMENT) own = timeOf(header);
    else if (element === 'Provider.Name') own = providerOf;
    else if (element === 'Provider.Guid' || element.startsWith('Correlation.')) own = (text) => convert(text, GUID);
    else if (element === 'Keywords') own = (text) => convert(NO_SYSTEM.test(text) ? '' : text, HEX);
    members.push(member(cell, element.split('.'), own));
  }
  return members;
}
