/** Event XML: what Event Viewer saves, what wevtutil prints, with or without a root. */
import type { LogFormat } from '../../model/reader.ts';
import { evenRanges } from '../text/ranges.ts';
import { XmlDecoder } from './decoder.ts';

const EVENT_TAG = /<(?:[\w.-]{1,64}:)?Events?[\s>/]/;
/** A log that was cut at its beginning still shows where one event ends and the next begins. */
const BETWEEN_EVENTS = /<\/Event>\s*<Event[\s>]/;

export const format: LogFormat = {
  name: 'xml',
  priority: 20,
  text: true,
  sniff(head) {
    const text = head.toString('latin1');
    return (/^\s*</.test(text) && EVENT_TAG.test(text)) || BETWEEN_EVENTS.test(text);
  },
  decoder(name, sink, _options, range) {
    return new XmlDecoder(name, sink, range);
  },
  ranges: evenRanges,
};
