/** What an event's command line or script says of WMI subscriptions. In: an event of a known kind. Out: its text, and a context. */
import { Atom } from '../model/atom.ts';
import type { EventRecord } from '../model/event.ts';
import type { EventKind } from './event-kinds.ts';
import { WMI_CONTEXT } from './relations.ts';

/** Characters of a command line or script that are searched for names. */
const MAX_TEXT = 65_536;

/** The text of an event in which names are looked for, lower-cased; '' when it has none. */
export function textOf(event: EventRecord, { text: fields }: EventKind): string {
  let text = '';
  if (fields === undefined) return text;
  for (const value of textsIn(event, fields)) text += `${value.slice(0, MAX_TEXT)}\n`;
  return text.toLowerCase();
}

/** Position in `WMI_CONTEXT` of what an event with that text belongs to; -1 for none. */
export function wmiContextOf(event: EventRecord, { image, parentImage }: EventKind, text: string): number {
  const images = image === undefined ? NONE : textsIn(event, image).map((path) => path.toLowerCase());
  const parents = parentImage === undefined ? NONE : textsIn(event, parentImage).map((path) => path.toLowerCase());
  return WMI_CONTEXT.findIndex(
    (context) =>
      anyEnds(images, context.image) ||
      anyEnds(parents, context.parentImage) ||
      (text !== '' && context.words?.some((word) => text.includes(word)) === true),
  );
}

const NONE: readonly string[] = [];

function anyEnds(texts: readonly string[], ends: readonly string[] | undefined): boolean {
  return ends !== undefined && texts.some((text) => ends.some((end) => text.endsWith(end)));
}

/** All texts of some fields: interned, since paths and command lines repeat. */
function textsIn(event: EventRecord, fields: readonly string[]): readonly string[] {
  const texts: string[] = [];
  for (const field of fields) {
    for (const slot of event.shape.fields.get(field) ?? []) {
      const value = event.atom(slot);
      if (value === undefined || value === null) continue;
      if (value instanceof Atom) texts.push(value.text);
      else for (const part of value) if (part !== null) texts.push(part.text);
    }
  }
  return texts;
}
