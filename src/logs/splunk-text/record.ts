/**
 * An event in the classic text of Splunk's Windows event log input: a local time, `Key=Value` lines, then the rendered message.
 * In: its text. Out: the fields; null when the text is no event. The time has no zone and is read as UTC.
 */
import type { EventRecord } from '../../model/event.ts';
import { messageData } from '../exporters/message.ts';
import { PlainEvent, shapeFor } from '../kept-event.ts';
import type { ShapeEntry } from '../shape.ts';

/** `03/05/2024 09:06:22 AM`; newer versions add milliseconds. */
export const FIRST_LINE = /^(\d\d)\/(\d\d)\/(\d{4}) (\d\d):(\d\d):(\d\d(?:\.\d{1,6})?) ([AP])M\s*$/;
const MESSAGE = 'Message=';

const SYSTEM: Readonly<Record<string, string>> = {
  SourceName: 'Provider_Name',
  EventCode: 'EventID',
  RecordNumber: 'EventRecordID',
  LogName: 'Channel',
  ComputerName: 'Computer',
  Sid: 'Security_UserID',
};
/** Splunk writes the displayed name of the provider. Windows logs another one. */
const PROVIDERS: Readonly<Record<string, string>> = {
  'Microsoft Windows security auditing.': 'Microsoft-Windows-Security-Auditing',
};
const KEYWORDS: Readonly<Record<string, string>> = {
  'Audit Success': '0x8020000000000000',
  'Audit Failure': '0x8010000000000000',
};

function timeOf(line: string): string | null {
  const parts = FIRST_LINE.exec(line);
  if (parts === null) return null;
  const [, month, day, year, hour, minute, second, half] = parts;
  const hours = (Number(hour) % 12) + (half === 'P' ? 12 : 0);
  return `${year}-${month}-${day}T${String(hours).padStart(2, '0')}:${minute}:${second}Z`;
}

/** `time` replaces the time in the text when another source knows it better. */
export function classicEvent(text: string, index: number, offset: number, time?: string): EventRecord | null {
  const lines = text.split('\n');
  const local = timeOf(lines[0] ?? '');
  if (local === null) return null;
  const entries: ShapeEntry[] = [];
  const values: string[] = [];
  const add = (section: 'system' | 'data', name: string, value: string): void => {
    entries.push({ section, name, slot: values.push(value) - 1 });
  };
  add('system', 'TimeCreated_SystemTime', time ?? local);
  let at = 1;
  for (; at < lines.length && !lines[at]!.startsWith(MESSAGE); at++) {
    const [, key, value] = /^(\w+)=(.*?)\r?$/.exec(lines[at]!) ?? [];
    const name = SYSTEM[key ?? ''];
    if (name !== undefined) add('system', name, PROVIDERS[value!] ?? value!);
    const keywords = key === 'Keywords' ? KEYWORDS[value!] : undefined;
    if (keywords !== undefined) add('system', 'Keywords', keywords);
  }
  if (!entries.some(({ name }) => name === 'EventID')) return null;
  const message = lines.slice(at).join('\n').slice(MESSAGE.length).trimEnd();
  const of = (name: string): string => values[entries.findIndex((entry) => entry.name === name)] ?? '';
  const data = messageData(of('Provider_Name'), Number(of('EventID')), message) ?? [];
  for (const [name, value] of data) add('data', name, value);
  if (data.length === 0 && message !== '') add('data', 'Message', message);
  return new PlainEvent(shapeFor(entries), values, { index, offset });
}
