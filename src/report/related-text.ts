/** What an event near a match is about, in a line: of machine formats. */
import type { EventSnapshot } from '../model/event.ts';
import { eventText } from './event-text.ts';
import { elide } from './text-layout.ts';

/** Columns: enough to decide whether to look the event up by file and index. */
const RELATED_TEXT_WIDTH = 300;

/** One event is near many matches. */
const texts = new WeakMap<EventSnapshot, string>();

export function relatedText(event: EventSnapshot): string {
  let text = texts.get(event);
  if (text === undefined) {
    text = elide(eventText(event), RELATED_TEXT_WIDTH);
    texts.set(event, text);
  }
  return text;
}
