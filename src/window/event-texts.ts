/** What an event's command line or script says of WMI subscriptions. In: an event of a known kind. Out: its text, and a context. */
import { type EventRecord, fieldValue } from '../model/event.ts';
import type { EventKind } from './event-kinds.ts';
import { scalars } from './field-tuples.ts';
import { WMI_CONTEXT } from './relations.ts';

/** Characters of a command line or script that are searched for names. */
const MAX_TEXT = 65_536;

/** The text of an event in which names are looked for, lower-cased; '' when it has none. */
export function textOf(event: EventRecord, kind: EventKind): string {
  let text = '';
  for (const field of kind.text ?? []) {
    for (const value of scalars(fieldValue(event, field))) if (value !== null) text += `${value.slice(0, MAX_TEXT)}\n`;
  }
  return text.toLowerCase();
}

/** Position in `WMI_CONTEXT` of what an event with that text belongs to; -1 for none. */
export function wmiContextOf(event: EventRecord, kind: EventKind, text: string): number {
  const endsWith = (fields: readonly string[] | undefined, ends: readonly string[] | undefined): boolean => {
    if (fields === undefined || ends === undefined) return false;
    return fields.some((field) =>
      scalars(fieldValue(event, field)).some((value) => value !== null && ends.some((end) => value.toLowerCase().endsWith(end))),
    );
  };
  return WMI_CONTEXT.findIndex(
    (context) =>
      endsWith(kind.image, context.image) ||
      endsWith(kind.parentImage, context.parentImage) ||
      (text !== '' && context.words?.some((word) => text.includes(word)) === true),
  );
}
