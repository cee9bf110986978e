/** What `winnow show` keeps of a record until it is printed: the record, or the text that is asked for. */
import { EventRenderer } from '../../../events/render-event.ts';
import { keepEvent } from '../../../logs/plain-event.ts';
import type { EventRecord } from '../../../model/event.ts';
import type { ShowFlags } from '../../flags/show-flags.ts';

/** The event is under a reader's cursor; what is returned outlives it. */
export function takenAs(format: ShowFlags['format']['fallback']): (event: EventRecord) => string | EventRecord {
  if (format === 'text') return keepEvent;
  const renderer = new EventRenderer();
  return (event) => `${format === 'json' ? renderer.json(event) : renderer.xml(event)}\n`;
}

export function linesOf(lines: Iterable<string>): string {
  return [...lines].map((line) => `${line.trimEnd()}\n`).join('');
}
