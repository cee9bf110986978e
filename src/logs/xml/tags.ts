// HOT: every tag of an XML log passes here.
/**
 * Tags of XML. In: bytes and a position. Out: the position after the tag or name; MORE or DOUBT. The byte at `end` must be `<`.
 */
import { keyAt } from '../text/layout.ts';
import { DOUBT, MORE } from '../text/outcome.ts';
import { APOSTROPHE, COLON, GT, IS_NAME, LT, QUOTE, SLASH, XMLNS } from './lexis.ts';

export function blanksAfter(buffer: Buffer, from: number, end: number): number {
  let at = from;
  while (buffer[at]! <= 0x20 && at < end) at++;
  return at;
}

/** The position after `text`, which must stand at `at`. */
export function literalEnd(buffer: Buffer, text: Uint8Array, at: number, end: number): number {
  if (keyAt(buffer, at, text) && at + text.length <= end) return at + text.length;
  return at + text.length > end ? MORE : DOUBT;
}

/** True when an element starts at `at` with exactly this name: for the text `<EventData`, not `<EventDataX`. */
export function opens(buffer: Buffer, text: Uint8Array, at: number): boolean {
  return keyAt(buffer, at, text) && IS_NAME[buffer[at + text.length]!] === 0;
}

/** The position after the `>` of a tag, from inside of it; attribute values are skipped. */
export function tagEnd(buffer: Buffer, from: number, end: number): number {
  let quote = 0;
  for (let at = from; ; at++) {
    const byte = buffer[at]!;
    // `<` is illegal in a tag and in attribute values. The byte after the last one is also a `<`.
    if (byte === LT || at >= end) return at >= end ? MORE : DOUBT;
    if (quote !== 0) {
      if (byte === quote) quote = 0;
    } else if (byte === GT) return at + 1;
    else if (byte === QUOTE || byte === APOSTROPHE) quote = byte;
  }
}

/** The position after the name that starts at `start`; a name with a prefix is refused. */
export function nameAfter(buffer: Buffer, start: number, end: number): number {
  let at = start;
  while (IS_NAME[buffer[at]!] === 1) at++;
  if (at >= end) return MORE;
  return at === start || buffer[at] === COLON ? DOUBT : at;
}

/** The position after `</key>`. */
export function closingEnd(buffer: Buffer, key: Uint8Array, at: number, end: number): number {
  const after = at + key.length + 3;
  if (after > end) return MORE;
  if (buffer[at + 1] !== SLASH || buffer[after - 1] !== GT || !keyAt(buffer, at + 2, key)) return DOUBT;
  return after;
}

/** True for a tag without attributes or whose first attribute is `xmlns`. Any other attribute would be a field. */
export function declaresNamespaceOnly(buffer: Buffer, from: number, end: number): boolean {
  const at = blanksAfter(buffer, from, end);
  return buffer[at] === SLASH || buffer[at] === GT || keyAt(buffer, at, XMLNS);
}
