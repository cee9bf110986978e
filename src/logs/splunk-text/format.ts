/** Classic text of Splunk's Windows event log input, one event after the other. */
import type { LogFormat } from '../log-format.ts';
import { SplunkTextDecoder } from './decoder.ts';

/** A time, then a `Key=Value` line. */
const OPENING = /^\s*\d\d\/\d\d\/\d{4} \d\d:\d\d:\d\d(?:\.\d{1,6})? [AP]M\r?\n\w+=/;

export const format: LogFormat = {
  name: 'splunk-text',
  priority: 40,
  text: true,
  sniff: (head) => OPENING.test(head.toString('latin1')),
  decoder: (name, sink) => new SplunkTextDecoder(name, sink),
  ranges: (size) => [{ start: 0, end: size }],
};
