/** Describes an event near a match in one line, for machine formats. In: an event. Out: harmless text. */
import type { EventSnapshot } from '../../model/event.ts';
import { remembered } from '../../model/values/maps.ts';
import { eventText } from '../event-text.ts';
import { elide } from '../text-layout.ts';

/** Limit on the columns. These are enough to decide whether to look the event up by its file and index. */
const RELATED_TEXT_WIDTH = 300;

/** Kept, because one event may be near many matches. */
export const relatedText = remembered((event: EventSnapshot) => elide(eventText(event), RELATED_TEXT_WIDTH));
