/** Event XML: what Event Viewer saves, what wevtutil prints, with or without a root. */
import type { LogFormat } from '../log-format.ts';
import { evenRanges } from '../text/ranges.ts';
import { XmlDecoder } from './decoder.ts';

const EVENT_TAG = /<(?:[\w.-]{1,64}:)?Events?[\s>/]/;
/** Text that a tool puts before the first event (`Record 1`, `- `, a prompt). Code, CSV, JSON and Markdown only quote events. */
const AFTER_TEXT =
  /^[^<{`]{1,4000}(?<!["'])<(?=\?xml|(?:[\w.-]{1,64}:)?Events?[\s>])(?:[\s\S]{0,2000}?<)??(?:[\w.-]{1,64}:)?Event(?:\s[^<>]*)?>[\s-]*</;
/** A log that was cut at its beginning still shows where one event ends and the next begins. */
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
