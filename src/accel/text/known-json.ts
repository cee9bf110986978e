// HOT: nearly every byte of a JSON log passes here.
/**
 * Recognises JSON records that look like records scanned before. In: bytes at `{`. Out: the event's slots and what was found
 * about the first such record; null for a record that has to be scanned.
 */
import { LIST, STRING, WORD } from '../../logs/json/holes.ts';
import { BACKSLASH, isEscaped, LF, QUOTE, wordEnd, wordForm } from '../../logs/json/lexis.ts';
import { quoteAt } from '../../logs/text/byte-words.ts';
import { NO_HOLE } from '../../logs/text/holes.ts';
import { NextByte } from '../../logs/text/next-byte.ts';
import { JSON_NESTED, JSON_STRING } from '../../logs/text/text-value.ts';
import { KnownTextRecords } from './known-records.ts';
import { type PatternNode, PatternTree } from './pattern.ts';

/** Bytes of a string that are looked at in this file. Beyond them the search of the runtime is faster. */
const SHORT_TEXT = 96;

const only = (chars: string): Uint8Array => {
  const first = new Uint8Array(256);
  for (const char of chars) first[char.charCodeAt(0)] = 1;
  return first;
};
const firsts: Uint8Array[] = [];
firsts[WORD] = only('-0123456789tfn');
firsts[LIST] = only('[');

export function newJsonPatterns(): PatternTree<unknown> {
  return new PatternTree<unknown>(firsts);
}

export class KnownJsonRecords extends KnownTextRecords<unknown> {
  readonly #feed = new NextByte(LF);
  /** The first line feed after the start of the current record. */
  #nextFeed = 0;

  /** Call when the bytes of the buffer have changed. */
  override reset(): void {
    this.#feed.reset();
  }

  recognise(buffer: Buffer, start: number, end: number): unknown {
    const view = this.viewOf(buffer);
    this.#nextFeed = this.#feed.from(buffer, start);
    const { starts, lengths, forms, ids } = this.values;
    let count = 0;
    let at = start;
    for (let node: PatternNode<unknown> | null = this.tree.root; ; count++) {
      node = node.next(view, at, end);
      if (node === null) return null;
      at += node.literal.length;
      const hole = node.hole;
      if (hole === NO_HOLE) {
        this.values.count = count;
        this.after = at;
        return node.found;
      }
      const value = node.value;
      starts[count] = at;
      if (value.standsAt(view, at, end)) {
        lengths[count] = value.length;
        forms[count] = value.form;
        ids[count] = value.id;
        at += value.length;
        continue;
      }
      const after = hole === STRING ? this.#stringEnd(at, end) : hole === WORD ? wordEnd(buffer, at) : this.#listEnd(at, end);
      const form = hole === STRING ? JSON_STRING : hole === WORD ? wordForm(buffer, at, after) : JSON_NESTED;
      if (after < 0 || after >= end || form < 0) return null;
      lengths[count] = after - at;
      forms[count] = form;
      ids[count] = value.take(view, at, after - at, hole === LIST ? 0 : 1, form);
      at = after;
    }
  }

  /** A view of the buffer that was passed last. */
  get bytes(): DataView {
    return this.view;
  }

  /** Where the value that starts at `at` ends, in the record passed last. -1 when the record must be scanned; see `recognise`. */
  valueEnd(hole: number, at: number, end: number): number {
    return hole === STRING ? this.#stringEnd(at, end) : hole === WORD ? wordEnd(this.buffer, at) : this.#listEnd(at, end);
  }

  formOf(hole: number, at: number, after: number): number {
    return hole === STRING ? JSON_STRING : hole === WORD ? wordForm(this.buffer, at, after) : JSON_NESTED;
  }

  /**
   * The closing quote of the string whose text starts at `start`. -1 when a line feed comes first, or the string does not end.
   */
  #stringEnd(start: number, end: number): number {
    const buffer = this.buffer;
    let at = this.#quoteAt(start, end);
    while (buffer[at - 1] === BACKSLASH && at < end && isEscaped(buffer, start, at)) at = this.#quoteAt(at + 1, end);
    return at < end && (at < this.#nextFeed || this.#feed.from(buffer, start) > at) ? at : -1;
  }

  /** The runtime's search is faster per byte, but starting it costs more than a short search. */
  #quoteAt(start: number, end: number): number {
    const limit = start + SHORT_TEXT;
    const at = quoteAt(this.view, start, Math.min(limit, end));
    if (at < limit || at >= end) return at;
    const found = this.buffer.indexOf(QUOTE, at);
    return found < 0 ? end : found;
  }

  /** The position after an array of scalars; -1 for any other array. */
  #listEnd(start: number, end: number): number {
    const buffer = this.buffer;
    for (let at = start + 1; at < end; at++) {
      const byte = buffer[at]!;
      if (byte === 0x5d) return at + 1;
      if (byte === 0x5b || byte === 0x7b || byte === 0x7d) return -1;
      if (byte !== QUOTE) continue;
      at = this.#stringEnd(at + 1, end);
      if (at < 0) return -1;
    }
    return -1;
  }
}
