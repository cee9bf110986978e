/** Event XML as Event Viewer saves it and wevtutil prints it, with or without a root element. */
import type { LogFormat } from '../log-format.ts';
import { evenRanges } from '../text/ranges.ts';
import { XmlDecoder } from './decoder.ts';

const EVENT_TAG = /<(?:[\w.-]{1,64}:)?Events?[\s>/]/;
/**
 * Text that a tool puts before the first event (`Record 1`, `- `, a prompt). Source code, CSV, JSON and Markdown only quote
 * events, so they do not match.
 */
const AFTER_TEXT =
  /^[^<{`]{1,4000}(?<!["'])<(?=\?xml|(?:[\w.-]{1,64}:)?Events?[\s>])(?:[\s\S]{0,2000}?<)??(?:[\w.-]{1,64}:)?Event(?:\s[^<>]*)?>[\s-]*</;
/** A log whose beginning was cut off still shows where one event ends and the next one begins. */
const BETWEEN_EVENTS = /<\/Event>\s*<Event[\s>]/;

export const format: LogFormat = {
  name: 'xml',
  priority: 20,
  text: true,
  sniff(head) {
    const text = head.toString('latin1');
    return (/^\s*</.test(text) && EVENT_TAG.test(text)) || BETWEEN_EVENTS.test(text) || AFTER_TEXT.test(text);
  },
  decoder(name, sink, _options, thread, range) {
    return new XmlDecoder(name, sink, thread, range);
  },
  ranges: evenRanges,
};
