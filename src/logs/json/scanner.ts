// HOT: every byte of a JSON log passes here.
/**
 * Scans one JSON object. In: bytes at `{`. Out: the layout node (the sequence of keys) and for each value where it stands:
 * strings without their quotes, numbers as written, nothing decoded. An array of scalars is one value; arrays of objects are
 * walked. Refuses (DOUBT) what is not JSON. The byte after the last one must be `<`, and the bytes after that 0 (see `Carry`).
 */
import type { KnownKeys, KnownRecords } from '../../engine/contract.ts';
import type { ThreadContext } from '../../engine/thread-context.ts';
import { RecordHoles } from '../text/holes.ts';
import { keyAt, type LayoutNode, LayoutTree, MAX_STEPS } from '../text/layout.ts';
import { NextByte } from '../text/next-byte.ts';
import { DOUBT, MORE } from '../text/outcome.ts';
import { MAX_FIELDS, type TextEvent } from '../text/text-event.ts';
import { JSON_ESCAPED, JSON_NESTED, PLAIN } from '../text/text-value.ts';
import { isBoundary } from './boundary.ts';
import { type KnownRecord, LIST, STRING, WORD } from './holes.ts';
import type { JsonLayout } from './layout.ts';
import { BACKSLASH, isEscaped, LF, QUOTE, wordEnd, wordForm } from './lexis.ts';
import { holdsRows } from './rows/rows.ts';
import { ARRAY, END, ITEM_OBJECT, ITEM_SCALAR, OBJECT, SCALAR } from './steps.ts';

/** Levels of objects whose keys become dotted names. Deeper objects stay JSON text. */
const MAX_DEPTH = 64;

const COLON = 0x3a;
const MINUS = 0x2d;
const COMMA = 0x2c;
const OPEN_BRACE = 0x7b;
const CLOSE_BRACE = 0x7d;
const OPEN_BRACKET = 0x5b;
const CLOSE_BRACKET = 0x5d;

/** Bytes of a string that are looked at one by one. */
const SHORT_TEXT = 16;

/** One tree per thread, so that equal records have the same layout and shape in all sources and ranges. */
const newLayouts = (): LayoutTree<JsonLayout> => new LayoutTree<JsonLayout>();

export class JsonScanner {
  readonly tree: LayoutTree<JsonLayout>;
  /** The node at which the layout of the record scanned last ends. */
  node: LayoutNode<JsonLayout>;
  /** The node of that record's first key. */
  first: LayoutNode<JsonLayout> | null = null;
  /** The number of values in the record scanned last. */
  count = 0;
  overflowed = false;
  /** True when the record scanned last holds an array of objects. Only set if the record was not recognised. */
  holdsList = false;
  /** True when the values of the record scanned last are in another order than in the record itself. */
  reordered = false;
  /** After DOUBT: where the fault is. */
  faultAt = 0;
  readonly #event: TextEvent;
  readonly #known: KnownRecords<KnownRecord> | null;
  readonly #keys: KnownKeys<LayoutNode<JsonLayout>> | null;
  readonly #holes = new RecordHoles();
  readonly #inArray = new Uint8Array(MAX_DEPTH + 1);
  #buffer: Buffer = Buffer.alloc(0);
  #end = 0;
  #depth = 0;
  #steps = 0;
  #escaped = false;
  readonly #feed = new NextByte(LF);
  readonly #backslash = new NextByte(BACKSLASH);

  /** With `anyOrder`, the values of a record may be given in the order of another record with the same keys. */
  constructor(event: TextEvent, thread: ThreadContext, anyOrder: boolean) {
    this.#event = event;
    this.tree = thread.own(newLayouts);
    this.node = this.tree.root;
    this.#known = thread.accelerator?.knownRecords('json', event) ?? null;
    this.#keys = anyOrder ? (thread.accelerator?.knownKeys(event, this.#known!) ?? null) : null;
  }

  /** Call between events only. Forgets what was learned when it has grown too large. */
  trim(): void {
    if (!this.tree.trim()) return;
    this.#known?.forget();
    this.#keys?.forget();
  }

  /** Call when the bytes of the buffer have changed. */
  reset(): void {
    this.#feed.reset();
    this.#backslash.reset();
    this.#known?.reset();
  }

  /** Returns the position after the object that starts at `start`, or MORE or DOUBT. Fills the event's slots. */
  scan(buffer: Buffer, start: number, end: number): number {
    const known = this.#known?.recognise(buffer, start, end) ?? null;
    this.reordered = false;
    if (known === null) return this.#scanKeys(buffer, start, end) ?? this.scanAnew(buffer, start, end);
    this.node = known.node;
    this.first = known.first;
    this.count = this.#event.count;
    this.overflowed = false;
    return this.#known!.after;
  }

  #scanKeys(buffer: Buffer, start: number, end: number): number | null {
    const keys = this.#keys;
    const node = keys === null ? null : keys.recognise(buffer, start, end);
    if (keys === null || node === null) return null;
    this.node = node;
    this.first = keys.first;
    this.count = this.#event.count;
    this.overflowed = false;
    this.reordered = true;
    return keys.after;
  }

  /** Call when the record scanned last was the first with its layout, after the layout was made. */
  learnKeys(): void {
    if (!this.overflowed) this.#keys?.learn(this.node, this.count);
  }

  /** Does the same as {@link scan}, without recognising the record by earlier ones. */
  scanAnew(buffer: Buffer, start: number, end: number): number {
    const after = this.#object(buffer, start, end);
    if (after < 0) return after;
    this.#event.count = this.count;
    const { node, first } = this;
    // Not for a layout seen for the first time, because most of these are never seen again.
    if (node.layout !== null && !this.overflowed) this.#known?.learn(buffer, start, after, this.#holes, { node, first });
    return after;
  }

  #object(buffer: Buffer, start: number, end: number): number {
    this.#buffer = buffer;
    this.#holes.clear();
    this.#end = end;
    this.count = 0;
    this.#steps = 0;
    this.first = null;
    this.overflowed = false;
    this.holdsList = false;
    this.node = this.tree.root;
    this.#depth = 0;
    this.#inArray[0] = 0;
    let at = start + 1;
    for (;;) {
      while (buffer[at]! <= 0x20 && at < end) at++;
      const byte = buffer[at]!;
      if (byte === COMMA) at++;
      else if (byte === CLOSE_BRACE || byte === CLOSE_BRACKET) {
        if ((byte === CLOSE_BRACKET) !== (this.#inArray[this.#depth] === 1)) return this.#fault(at);
        at++;
        if (this.#depth === 0) return at;
        this.#depth--;
        this.#mark(END);
        this.#opened = false;
      } else {
        at = this.#inArray[this.#depth] === 1 ? this.#item(at) : this.#member(at);
        if (at < 0) return at;
      }
      if (this.#opened || byte === COMMA) continue;
      // Blanks are skipped here, so that a missing comma is reported where it is missing. (Extra commas are accepted.)
      while (buffer[at]! <= 0x20 && at < end) at++;
      const next = buffer[at]!;
      if (next !== COMMA && next !== CLOSE_BRACE && next !== CLOSE_BRACKET) return this.#fault(at);
    }
  }

  /** True when the last member or item opened an object or an array. */
  #opened = false;

  #fault(at: number): number {
    if (at >= this.#end) return MORE;
    this.faultAt = at;
    return DOUBT;
  }

  #member(start: number): number {
    const buffer = this.#buffer;
    if (buffer[start] !== QUOTE) return this.#fault(start);
    const keyStart = start + 1;
    const last = this.node.last;
    let keyEnd = last === null ? keyStart : keyStart + last.key.length;
    let predicted = last !== null && keyAt(buffer, keyStart, last.key) && buffer[keyEnd] === QUOTE;
    if (!predicted) {
      keyEnd = this.#stringEnd(keyStart);
      if (keyEnd < 0) return keyEnd;
      predicted = false;
    }
    let at = keyEnd + 1;
    while (buffer[at]! <= 0x20 && at < this.#end) at++;
    if (buffer[at] !== COLON) return this.#fault(at);
    at++;
    while (buffer[at]! <= 0x20 && at < this.#end) at++;
    if (at >= this.#end) return MORE;
    const code = this.#codeOf(at);
    if (code < 0) return MORE;
    if (predicted && last!.code === code) this.node = last!;
    else this.#step(code, keyStart, keyEnd);
    this.first ??= this.node;
    return this.#value(at, code);
  }

  #item(start: number): number {
    const isObject = this.#buffer[start] === OPEN_BRACE && this.#depth < MAX_DEPTH;
    this.#mark(isObject ? ITEM_OBJECT : ITEM_SCALAR);
    return this.#value(start, isObject ? OBJECT : SCALAR);
  }

  /** The kind of value that starts at `at`. */
  #codeOf(at: number): number {
    const byte = this.#buffer[at]!;
    if (byte === OPEN_BRACE) return this.#depth < MAX_DEPTH ? OBJECT : SCALAR;
    if (byte !== OPEN_BRACKET) return SCALAR;
    let first = at + 1;
    while (this.#buffer[first]! <= 0x20 && first < this.#end) first++;
    if (first >= this.#end) return MORE;
    return this.#buffer[first] === OPEN_BRACE && this.#depth < MAX_DEPTH ? ARRAY : SCALAR;
  }

  #value(start: number, code: number): number {
    this.#opened = code !== SCALAR;
    if (code !== SCALAR) {
      this.#depth++;
      this.#inArray[this.#depth] = code === ARRAY ? 1 : 0;
      if (code === ARRAY) this.holdsList = true;
      return start + 1;
    }
    const byte = this.#buffer[start]!;
    if (byte === QUOTE) return this.#string(start + 1);
    if (byte === OPEN_BRACE || byte === OPEN_BRACKET) return this.#nested(start);
    return this.#word(start);
  }

  #step(code: number, start: number, end: number): void {
    if (this.#steps++ < MAX_STEPS) this.node = this.tree.step(this.node, code, this.#buffer, start, end);
    else this.overflowed = true;
  }

  #mark(code: number): void {
    if (this.#steps++ < MAX_STEPS) this.node = this.tree.mark(this.node, code);
    else this.overflowed = true;
  }

  #field(start: number, end: number, form: number, hole: number): void {
    this.#holes.add(hole, start, end);
    if (this.count === MAX_FIELDS) {
      this.overflowed = true;
      return;
    }
    const event = this.#event;
    const slot = this.count++;
    event.starts[slot] = start;
    event.lengths[slot] = end - start;
    event.forms[slot] = form;
    event.ids[slot] = 0;
  }

  #string(start: number): number {
    const at = this.#stringEnd(start);
    if (at < 0) return at;
    this.#field(start, at, this.#escaped ? JSON_ESCAPED : PLAIN, STRING);
    return at + 1;
  }

  /**
   * The closing quote of the string whose text starts at `start`. Sets `#escaped` when the string has escapes. Short strings are
   * looked at byte by byte. For longer ones the search of the runtime is faster; the next backslash and the next line feed are
   * searched once and remembered. A line feed inside a string means that the line was cut. Other control characters are
   * accepted: JSON forbids them, but careless writers leave them in.
   */
  #stringEnd(start: number): number {
    const buffer = this.#buffer;
    let at = start;
    for (const limit = start + SHORT_TEXT; at < limit; at++) {
      const byte = buffer[at]!;
      if (byte === QUOTE) {
        if (at >= this.#end) return MORE;
        this.#escaped = false;
        return at;
      }
      if (byte === BACKSLASH || byte < 0x20) break;
    }
    for (;;) {
      at = buffer.indexOf(QUOTE, at);
      if (at < 0 || at >= this.#end) at = this.#end;
      const feed = this.#feed.from(buffer, start);
      if (feed < at) return this.#fault(feed);
      if (at === this.#end) return MORE;
      this.#escaped = this.#backslash.from(buffer, start) < at;
      if (!this.#escaped || !isEscaped(buffer, start, at)) return at;
      at++;
    }
  }

  /** Keeps an array, or an object that is too deep to be walked, as a whole. */
  #nested(start: number): number {
    const buffer = this.#buffer;
    let depth = 0;
    let at = start;
    for (;;) {
      const byte = buffer[at]!;
      if (byte === QUOTE) {
        at = this.#stringEnd(at + 1);
        if (at < 0) return at;
      } else if (byte === OPEN_BRACE || byte === OPEN_BRACKET) {
        if (byte === OPEN_BRACE && isBoundary(buffer, at)) return this.#fault(at);
        depth++;
      } else if (byte === CLOSE_BRACE || byte === CLOSE_BRACKET) {
        depth--;
        if (depth === 0) break;
      } else if (at >= this.#end) return MORE;
      at++;
    }
    if (buffer[start] !== OPEN_BRACKET) this.#holes.learnable = false;
    else if (holdsRows(buffer, start, at)) this.holdsList = true;
    this.#field(start, at + 1, JSON_NESTED, LIST);
    return at + 1;
  }

  #word(start: number): number {
    const at = wordEnd(this.#buffer, start);
    if (at >= this.#end) return MORE;
    const form = wordForm(this.#buffer, start, at);
    // There is no word where one should be, so that position is the fault.
    if (form < 0) return this.#fault(at === start || (at === start + 1 && this.#buffer[start] === MINUS) ? at : start);
    this.#field(start, at, form, WORD);
    return at;
  }
}
