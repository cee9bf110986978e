/**
 * An event as XML text inside another record, such as Splunk's `_raw`. In: the text. Out: the event; null when the text is no
 * event.
 */
import type { ThreadContext } from '../../engine/thread-context.ts';
import type { EventRecord } from '../../model/event.ts';
import { PlainEvent, shapeFor } from '../kept-event.ts';
import { MAX_FIELDS, TextEvent } from '../text/text-event.ts';
import { parseRecord } from './fallback.ts';
import { layoutOf } from './layout.ts';
import { XmlScanner } from './scanner.ts';

/** The longest text for the XML library, which is slow. */
const SLOW_RECORD_CHARACTERS = 2 << 20;
/** Bytes that the scanner needs after the last byte. */
const SENTINEL = `<${'\0'.repeat(15)}`;

export class EmbeddedXml {
  readonly #event: TextEvent;
  readonly #scanner: XmlScanner;

  constructor(thread: ThreadContext) {
    this.#event = new TextEvent(thread);
    this.#scanner = new XmlScanner(this.#event, thread);
  }

  /** The result is valid until the next call. */
  read(text: string, index: number, offset: number): EventRecord | null {
    const buffer = Buffer.from(text + SENTINEL, 'utf8');
    const end = buffer.length - SENTINEL.length;
    const scanner = this.#scanner;
    scanner.reset();
    if (text.startsWith('<Event') && scanner.scan(buffer, 0, end) > 0) {
      const layout =
        scanner.node.layout ?? scanner.tree.remember(scanner.node, layoutOf(scanner.node, MAX_FIELDS), scanner.fields);
      this.#event.begin(layout, buffer, index, offset);
      scanner.trim();
      return this.#event;
    }
    const values = text.length > SLOW_RECORD_CHARACTERS ? undefined : parseRecord(text)?.slice(0, MAX_FIELDS);
    if (values === undefined) return null;
    const shape = shapeFor(values.map(({ section, name }, slot) => ({ section, name, slot })));
    return new PlainEvent(
      shape,
      values.map((value) => value.text),
      { index, offset },
    );
  }
}
