// HOT: called for every event near a match about WMI.
/**
 * Looks for signs of WMI subscriptions in an event's command line or script. In: an event of a known kind. Out: its text, and
 * the context that fits.
 */
import type { EventRecord } from '../../../model/event.ts';
import { Atom } from '../../../model/values/atom.ts';
import type { EventKind } from './event-kinds.ts';
import { WMI_CONTEXT } from './relations.ts';

/** How many characters of a command line or script are searched for names. */
const MAX_TEXT = 65_536;

/** The text that is searched for names, in lower case; '' when the event has none. */
export function textOf(event: EventRecord, { text: fields }: EventKind): string {
  let text = '';
  if (fields === undefined) return text;
  for (const value of textsIn(event, fields)) text += `${value.slice(0, MAX_TEXT)}\n`;
  return text.toLowerCase();
}

/** The position in `WMI_CONTEXT` of the context that the event fits; -1 for none. */
export function wmiContextOf(event: EventRecord, { image, parentImage }: EventKind, text: string): number {
  let contexts = 0;
  if (image !== undefined) for (const path of textsIn(event, image)) contexts |= pathContexts(path) & IMAGES;
  if (parentImage !== undefined) for (const path of textsIn(event, parentImage)) contexts |= pathContexts(path) & PARENT_IMAGES;
  if (text === '' && contexts === 0) return -1;
  return WMI_CONTEXT.findIndex(
    ({ words }, i) => (contexts & bitsOf(i)) !== 0 || (text !== '' && words?.some((word) => text.includes(word)) === true),
  );
}

/** Two bits for each context: one says that the event's own path fits, the other that its parent's path fits. */
function bitsOf(context: number): number {
  return 3 << (2 * context);
}
const IMAGES = 0x55555555;
const PARENT_IMAGES = IMAGES << 1;

/** How many paths are remembered. All are forgotten when there are more. Longer paths are not kept. */
const REMEMBERED_PATHS = 4096;
const MAX_REMEMBERED = 512;
const contextsByPath = new Map<string, number>();

/** Which contexts a path fits, as the image of an event or of its parent. */
function pathContexts(path: string): number {
  let contexts = contextsByPath.get(path);
  if (contexts === undefined) {
    const lower = path.toLowerCase();
    const fits = (ends: readonly string[] | undefined): boolean => ends?.some((end) => lower.endsWith(end)) === true;
    contexts = 0;
    WMI_CONTEXT.forEach(({ image, parentImage }, i) => {
      if (fits(image)) contexts! |= bitsOf(i) & IMAGES;
      if (fits(parentImage)) contexts! |= bitsOf(i) & PARENT_IMAGES;
    });
    if (contextsByPath.size >= REMEMBERED_PATHS) contextsByPath.clear();
    if (path.length <= MAX_REMEMBERED) contextsByPath.set(path, contexts);
  }
  return contexts;
}

/** All texts of some fields. They are interned, because paths and command lines repeat. */
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
