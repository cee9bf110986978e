// HOT: writes the values of EVTX events that match.
/**
 * Writes values of EVTX events as JSON straight from their bytes, without making a text or an atom first. That pays because most
 * values of a record (times, numbers, GUIDs, record numbers) occur in no other record. In: a slot that holds one value. Out: a
 * JSON string that is safe to print.
 */

import type { ByteWriter } from '../bytes/byte-writer.ts';
import { HIGH_BITS, plainMarks, swapInner } from '../bytes/four-bytes.ts';
import type { JsonWriter } from '../bytes/json-writer.ts';
import type { ValueWriter } from '../engine/contract.ts';
import { VALUE_INDEX_MASK } from '../logs/evtx/binxml/fields.ts';
import type { EvtxEvent } from '../logs/evtx/event.ts';
import { HEAD_LENGTH, HEAD_TYPE_SHIFT } from '../logs/evtx/values/record-values.ts';
import { textLength, writeFixedText } from '../logs/evtx/values/value-bytes.ts';
import { FIXED_SIZES, STRING_TYPE } from '../logs/evtx/values/value-types.ts';

/** No value takes more, except strings and binary values (two digits a byte). A SID has at most 255 parts. */
const MOST_BYTES = 11 * 256 + 64;
/** If one of these bits is set in two UTF-16 units, at least one of them is not ASCII. */
const NOT_ASCII = 0xff80_ff80 | 0;

/**
 * Per ASCII character: its bytes in a JSON string that is safe to print, and their number: 1, 2, or UNPLAIN for a longer escape.
 */
const UNPLAIN = 4;
const PLAIN = new Uint16Array(128);
const PLAIN_BYTES = new Uint8Array(128);
for (let character = 0; character < 128; character++) {
  const json = JSON.stringify(String.fromCharCode(character)).slice(1, -1);
  PLAIN[character] = json.charCodeAt(0) | (json.length === 2 ? json.charCodeAt(1) << 8 : 0);
  PLAIN_BYTES[character] = json.length > 2 || character === 127 ? UNPLAIN : json.length;
}

export class EvtxWriter implements ValueWriter {
  readonly #event: EvtxEvent;

  constructor(event: EvtxEvent) {
    this.#event = event;
  }

  write(slot: number, out: JsonWriter): boolean {
    const { layout, values } = this.#event;
    const code = layout.access[slot]!;
    const index = code & VALUE_INDEX_MASK;
    if (code < 0 || index >= values.count) return false;
    const { bytes, view, offsets, heads } = values;
    const head = heads[index]!;
    const at = offsets[index]!;
    const length = head & HEAD_LENGTH;
    const type = head >> HEAD_TYPE_SHIFT;
    if (length === 0) return false;
    const start = out.at;
    if (type === STRING_TYPE) {
      out.ensure(2 * length);
      out.quote();
      if (writePlain(out, bytes, view, at, textLength(bytes, at, length))) {
        out.quote();
        return true;
      }
    } else if (length >= FIXED_SIZES[type]!) {
      out.ensure(2 * length + MOST_BYTES);
      out.quote();
      if (writeFixedText(bytes, at, length, type, out)) {
        out.quote();
        return true;
      }
    }
    out.at = start;
    return false;
  }
}

/**
 * Writes UTF-16 as the inside of a JSON string. Returns false at a character that is not harmless ASCII: the caller must discard
 * what was written.
 */
function writePlain(out: ByteWriter, source: Buffer, sourceView: DataView, start: number, length: number): boolean {
  const { view } = out;
  const end = start + (length & ~1);
  let at = out.at;
  let p = start;
  for (const last = end - 8; p <= last; p += 8) {
    const first = sourceView.getInt32(p, true);
    const second = sourceView.getInt32(p + 4, true);
    if (((first | second) & NOT_ASCII) !== 0) return false;
    const four = first | (second << 8);
    if ((plainMarks(four) & HIGH_BITS) === 0) {
      view.setInt32(at, swapInner(four), true);
      at += 4;
      continue;
    }
    // Two bytes are stored for each character. A plain one uses the first only; the next character overwrites the second.
    const a = first & 127;
    const b = first >> 16;
    const c = second & 127;
    const d = second >> 16;
    if ((PLAIN_BYTES[a]! | PLAIN_BYTES[b]! | PLAIN_BYTES[c]! | PLAIN_BYTES[d]!) >= UNPLAIN) return false;
    view.setUint16(at, PLAIN[a]!, true);
    at += PLAIN_BYTES[a]!;
    view.setUint16(at, PLAIN[b]!, true);
    at += PLAIN_BYTES[b]!;
    view.setUint16(at, PLAIN[c]!, true);
    at += PLAIN_BYTES[c]!;
    view.setUint16(at, PLAIN[d]!, true);
    at += PLAIN_BYTES[d]!;
  }
  for (; p < end; p += 2) {
    const character = source[p]! | (source[p + 1]! << 8);
    if (character > 126 || PLAIN_BYTES[character]! >= UNPLAIN) return false;
    view.setUint16(at, PLAIN[character]!, true);
    at += PLAIN_BYTES[character]!;
  }
  out.at = at;
  return true;
}
