/** Describes an event near a match in one line, for machine formats. In: an event. Out: harmless text. */
import type { EventSnapshot } from '../../model/event.ts';
import { eventText } from '../event-text.ts';
import { elide } from '../text-layout.ts';

/** Limit on the columns. These are enough to decide whether to look the event up by its file and index. */
const RELATED_TEXT_WIDTH = 300;

/** The texts are kept, because one event may be near many matches. */
const texts = new WeakMap<EventSnapshot, string>();

export function relatedText(event: EventSnapshot): string {
  let text = texts.get(event);
  if (text === undefined) {
    text = elide(eventText(event), RELATED_TEXT_WIDTH);
    texts.set(event, text);
  }
  return text;
}
