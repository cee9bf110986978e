// HOT: read for every event that matches.
/** The numbers of an event that are compared before its text is. In: the head of an event, see event-json.ts. Out: numbers. */

import type { ByteWriter } from '../../bytes/byte-writer.ts';
import { RECOVERED_END } from './event-json.ts';

export interface EventIdentity {
  /** The lowest 32 bits of the EventRecordID; 0 when there is none. */
  record: number;
  /** A hash of what {@link HeadComparison} compares. */
  content: number;
}

const BEFORE_OFFSET = '"offset":'.length;
const BEFORE_RECORD = ',"EventRecordID":'.length;
const COMMA = 0x2c;
const RECOVERED = Buffer.from(RECOVERED_END);
const ZERO = 0x30;
const NINE = 0x39;

export function readIdentity({ buffer, view }: ByteWriter, head: number, end: number, into: EventIdentity): void {
  let at = head + BEFORE_OFFSET;
  while (buffer[at] !== COMMA) at++;
  at += BEFORE_RECORD;
  let record = 0;
  const start = at;
  // `null` has no digits, which gives 0.
  for (let byte = buffer[at]!; byte >= ZERO && byte <= NINE; byte = buffer[++at]!)
    record = (Math.imul(record, 10) + byte - ZERO) | 0;
  into.record = record >>> 0;
  into.content = hashOf(view, start, end);
}

/** Eight bytes at a time, four into each of two hashes, so that neither waits for the other. */
function hashOf(view: DataView, start: number, end: number): number {
  let even = end - start;
  let odd = 0;
  let at = start;
  for (; at + 8 <= end; at += 8) {
    even = Math.imul(even ^ view.getInt32(at, true), 0x9e3779b1);
    odd = Math.imul(odd ^ view.getInt32(at + 4, true), 0x85ebca6b);
    even ^= even >>> 15;
    odd ^= odd >>> 15;
  }
  for (; at < end; at++) odd = Math.imul(odd ^ view.getUint8(at), 0x85ebca6b);
  const both = Math.imul(even, 0xc2b2ae35) ^ odd;
  return (both ^ (both >>> 13)) >>> 0;
}

/** Compares two heads of which only one can be read at a time, because the spool's bytes are valid until the next read. */
export class HeadComparison {
  #bytes = Buffer.alloc(0);
  #size = 0;

  /** Puts a head aside. */
  with(head: Buffer): this {
    this.#size = head.length;
    if (this.#size > this.#bytes.length) this.#bytes = Buffer.allocUnsafeSlow(2 * this.#size);
    head.copy(this.#bytes);
    return this;
  }

  /** Whether the head says the same as the one put aside. The offset, and whether the record was recovered, do not count. */
  isSame(head: Buffer): boolean {
    const aside = this.#bytes.subarray(0, this.#size);
    return aside.compare(head, startOf(head), endOf(head), startOf(aside), endOf(aside)) === 0;
  }
}

function startOf(head: Buffer): number {
  return head.indexOf(COMMA);
}

function endOf(head: Buffer): number {
  const end = head.length - RECOVERED.length;
  return end >= 0 && head.compare(RECOVERED, 0, RECOVERED.length, end) === 0 ? end : head.length;
}
