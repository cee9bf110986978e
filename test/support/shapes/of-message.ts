/** What the rendered message tells of an event: values of known messages, or the message itself. */
import { type Datum, isSysmon, type LoggedEvent } from '../events/logged-event.ts';
import { messageNames } from '../events/messages.ts';
import { lineEnds } from './xml.ts';

/** The named values that the message holds; null when they cannot be told. */
export function toldByMessage(event: LoggedEvent): readonly Datum[] | null {
  const names = messageNames(event);
  if (names === null) return null;
  const isScript = event.system.EventID === '4104';
  const of = (name: string): string => event.data.find(([key]) => key === name)?.[1] ?? '';
  const value = (name: string): string => (isScript ? of(name) : isSysmon(event) ? of(name).trimEnd() : of(name).trim());
  return lineEnds({ ...event, data: names.map((name): Datum => [name, value(name)]) }).data;
}

export function ofMessage(event: LoggedEvent): LoggedEvent {
  return { ...event, data: toldByMessage(event) ?? [['Message', event.message]] };
}
