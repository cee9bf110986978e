/** JSON: lines, arrays, or objects one after the other, with or without a wrapper. The exporters are in `../exporters`. */
import type { LogFormat } from '../log-format.ts';
import { evenRanges } from '../text/ranges.ts';
import { JsonDecoder } from './decoder.ts';
import { hasEventKeys } from './event-keys.ts';

/** `{"`, `{}`, `[{`, `[]`, or a string with XML or JSON in it, with any blanks between. No prose begins like this. */
const OPENING = /^\s*(?:\[\s*)*(?:\{\s*["}]|\[\s*\]|"\s*(?:<|\\u003c|\{\\"))/;
/** A line with an object: the first line of the log may be damaged, or a shipper may have put a prefix before each line. */
const LATER_LINE = /(?:^|\n)[^\n{]{0,200}\{\s*"[^"\n]{1,200}"\s*:/;
/** Lines looked at to tell JSON Lines, which can be cut, from pretty-printed objects, which cannot. */
const LINES_LOOKED_AT = 64;

/** True when each complete line of the head is one object. */
function isLines(head: string): boolean {
  const lines = head.split('\n', LINES_LOOKED_AT + 1);
  if (lines.length < 2) return false;
  lines.pop();
  return lines.every((line) => line.trim() === '' || (line.startsWith('{"') && line.trimEnd().endsWith('}')));
}

export const format: LogFormat = {
  name: 'json',
  priority: 30,
  text: true,
  sniff(head) {
    const text = head.toString('latin1');
    return OPENING.test(text) || (LATER_LINE.test(text) && hasEventKeys(text));
  },
  decoder(name, sink, options, thread, range) {
    return new JsonDecoder(name, sink, thread, range, options.shapes);
  },
  ranges(size, targetBytes, head) {
    return isLines(head.toString('latin1')) ? evenRanges(size, targetBytes) : [{ start: 0, end: size }];
  },
};
