/**
 * Finds the parts of a WMI subscription in logs. In: an event. Out: which part it reports, and the names that connect it to
 * other parts.
 */
import { type EventRecord, type FieldValue, fieldValue } from '../../model/event.ts';
import { scalars } from '../correlate/field-tuples.ts';

/** Limit on the names taken from one event. */
const MAX_NAMES = 16;
/** Shorter names are ignored, because they occur by chance in command lines. */
const MIN_NAME_LENGTH = 3;
/** How many characters of each field are searched for names. */
const MAX_TEXT = 65_536;

/**
 * The lengths are limited, because an attacker writes this text. It finds `Name="X"` inside a reference, MOF `Name = "X"`, and
 * `CommandLineEventConsumer="X"` of WMI-Activity 5861.
 */
const NAME_REFERENCE = /(?:\bName|EventConsumer|__EventFilter)\s*=\s*\\?"((?:[^"\\]|\\[^"]){1,260}?)\\?"/gi;

export type WmiPart = 'filter' | 'consumer' | 'binding' | 'native';

/** Which part of a subscription an event reports; null for other events. */
export function wmiPartOf(event: Pick<EventRecord, 'channel' | 'provider' | 'eventId'>): WmiPart | null {
  const { eventId } = event;
  if (eventId >= 19 && eventId <= 21) {
    if (!isFrom(event, 'sysmon', 'microsoft-windows-sysmon')) return null;
    if (eventId === 19) return 'filter';
    return eventId === 20 ? 'consumer' : 'binding';
  }
  return eventId === 5861 && isFrom(event, 'wmi-activity', 'microsoft-windows-wmi-activity') ? 'native' : null;
}

function isFrom(event: Pick<EventRecord, 'channel' | 'provider'>, channelPart: string, provider: string): boolean {
  return event.channel.toLowerCase().includes(channelPart) || event.provider.toLowerCase() === provider;
}

/** The names of the filter and the consumer that an event is about, without quotes, as written. */
export function wmiNamesOf(event: EventRecord, part: WmiPart): readonly string[] {
  const names: string[] = [];
  const add = (name: string): void => {
    if (name.length >= MIN_NAME_LENGTH && names.length < MAX_NAMES && !names.includes(name)) names.push(name);
  };
  if (part === 'filter' || part === 'consumer') {
    for (const text of scalars(fieldValue(event, 'Name'))) if (text !== null) add(unquoted(text));
  } else {
    const fields = part === 'binding' ? ['Consumer', 'Filter'] : ['CONSUMER', 'ESS', 'PossibleCause'];
    for (const field of fields) for (const name of referencedNames(fieldValue(event, field))) add(name);
  }
  return names;
}

/** The names inside `ActiveScriptEventConsumer.Name=\"X\"` and similar references. */
export function referencedNames(value: FieldValue | undefined): readonly string[] {
  const names: string[] = [];
  for (const text of scalars(value)) {
    if (text === null) continue;
    for (const [, name] of text.slice(0, MAX_TEXT).matchAll(NAME_REFERENCE)) names.push(unescaped(name!));
  }
  return names;
}

/**
 * Turns ` "c:\\Windows\\cmd.exe"` into `c:\Windows\cmd.exe`, because Sysmon prints strings of WMI objects with a blank, quotes
 * and escapes.
 */
export function unquoted(text: string): string {
  const trimmed = text.trim();
  const quoted = trimmed.length >= 2 && trimmed.startsWith('"') && trimmed.endsWith('"');
  return quoted ? unescaped(trimmed.slice(1, -1)) : trimmed;
}

function unescaped(text: string): string {
  if (!text.includes('\\')) return text;
  return text.replaceAll(/\\(["\\nrt])/g, (_, character: string) => ESCAPES[character] ?? character);
}

const ESCAPES: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t' };
