// HOT: every byte of an XML log passes here.
/**
 * Scans one `<Event>` of the Windows Event schema. In: bytes at `<Event`. Out: the event's layout node and, per field, where
 * its value stands. Refuses (`DOUBT`) whatever it does not know for certain: prefixes, comments between elements, nested
 * elements; the caller then asks the XML library. The byte after the last one must be `<` (see `Carry`).
 */
import type { KnownRecords } from '../../engine/contract.ts';
import type { ThreadContext } from '../../engine/thread-context.ts';
import { EMPTY_VALUE, RecordHoles } from '../text/holes.ts';
import { keyAt, type LayoutNode, LayoutTree, MAX_STEPS } from '../text/layout.ts';
import { NextByte } from '../text/next-byte.ts';
import { DOUBT, MORE } from '../text/outcome.ts';
import { MAX_FIELDS, type TextEvent, type TextLayout } from '../text/text-event.ts';
import { PLAIN, XML_ESCAPED, XML_MARKUP } from '../text/text-value.ts';
import { APOSTROPHED, type KnownRecord, QUOTED, RENDERED, SYSTEM_VALUE, VALUE } from './holes.ts';
import { AMP, APOSTROPHE, CR, EQUALS, GT, LT, QUOTE, SLASH, XMLNS } from './lexis.ts';
import { markupEnd } from './markup.ts';
import {
  DATA_CLOSE,
  DATA_OPEN,
  EVENT_CLOSE,
  EVENT_DATA,
  EVENT_DATA_CLOSE,
  NAME_ATTRIBUTE,
  RENDERING,
  RENDERING_CLOSE,
  SYSTEM_CLOSE,
  SYSTEM_OPEN,
  USER_DATA,
  USER_DATA_CLOSE,
} from './schema.ts';
import { DATA_ELEMENT, NAMED_DATA, SYSTEM_ATTRIBUTE, SYSTEM_ELEMENT, SYSTEM_TEXT, UNNAMED_DATA } from './steps.ts';
import { blanksAfter, closingEnd, declaresNamespaceOnly, literalEnd, nameAfter, opens, tagEnd } from './tags.ts';

/** Bytes of a text that are looked at one by one. */
const SHORT_TEXT = 16;

/** One tree per thread, so that equal records have the same layout and shape in all sources and ranges. */
const newLayouts = (): LayoutTree<TextLayout> => new LayoutTree<TextLayout>();

export class XmlScanner {
  readonly tree: LayoutTree<TextLayout>;
  /** The node at which the layout of the record scanned last ends. */
  node: LayoutNode<TextLayout>;
  /** Fields of the record scanned last. */
  fields = 0;
  /** True when the record had more than `MAX_FIELDS` fields. */
  overflowed = false;
  /** The first markup in the record scanned last that was passed over, in a value or in RenderingInfo; -1 when there is none. */
  markupAt = -1;
  readonly #known: KnownRecords<KnownRecord> | null;
  readonly #holes = new RecordHoles();
  readonly #event: TextEvent;
  #buffer: Buffer = Buffer.alloc(0);
  #end = 0;
  #count = 0;
  #steps = 0;
  #form = PLAIN;
  readonly #amp = new NextByte(AMP);
  readonly #cr = new NextByte(CR);

  constructor(event: TextEvent, thread: ThreadContext) {
    this.#event = event;
    this.tree = thread.own(newLayouts);
    this.node = this.tree.root;
    this.#known = thread.accelerator?.knownRecords('xml', event) ?? null;
  }

  /** Call when the bytes of the buffer have changed. */
  reset(): void {
    this.#amp.reset();
    this.#cr.reset();
  }

  /** The position after the record that starts at `start`; MORE or DOUBT. Fills the event's slots. */
  scan(buffer: Buffer, start: number, end: number): number {
    const known = this.#known?.recognise(buffer, start, end) ?? null;
    if (known === null) return this.scanAnew(buffer, start, end);
    this.node = known.node;
    this.fields = known.fields;
    this.overflowed = false;
    this.markupAt = this.#known!.markupAt;
    return this.#known!.after;
  }

  /** Does the same without recognising the record by earlier ones. */
  scanAnew(buffer: Buffer, start: number, end: number): number {
    const after = this.#record(buffer, start, end);
    if (after < 0) return after;
    this.fields = this.#count;
    this.#event.count = this.#count;
    const found: KnownRecord = { node: this.node, fields: this.#count };
    // Not for a layout seen for the first time, because most of these are never seen again.
    if (this.node.layout !== null && !this.overflowed) this.#known?.learn(buffer, start, after, this.#holes, found);
    return after;
  }

  /** Call between events only: forgets what was learned when it has grown too large. */
  trim(): void {
    if (this.tree.trim()) this.#known?.forget();
  }

  #record(buffer: Buffer, start: number, end: number): number {
    this.#buffer = buffer;
    this.#end = end;
    this.#count = 0;
    this.#steps = 0;
    this.#holes.clear();
    this.overflowed = false;
    this.markupAt = -1;
    this.node = this.tree.root;
    let at = tagEnd(buffer, start + 6, this.#end);
    if (at < 0) return at;
    if (buffer[at - 2] === SLASH) return DOUBT;
    at = literalEnd(buffer, SYSTEM_OPEN, blanksAfter(buffer, at, this.#end), this.#end);
    if (at < 0) return at;
    at = this.#system(at);
    if (at < 0) return at;
    return this.#sections(at);
  }

  /**
   * The `<` that ends the text at `start`. Sets `#form` to the text's form. Most texts are short; for longer ones the search of
   * the runtime is faster.
   */
  #textEnd(start: number): number {
    const buffer = this.#buffer;
    let at = start;
    for (const limit = start + SHORT_TEXT; at < limit; at++) {
      const byte = buffer[at]!;
      if (byte === LT) {
        this.#form = PLAIN;
        return at;
      }
      if (byte === AMP || byte === CR) break;
    }
    at = buffer.indexOf(LT, at);
    this.#form = this.#amp.from(buffer, start) < at || this.#cr.from(buffer, start) < at ? XML_ESCAPED : PLAIN;
    return at;
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
    if (this.#count === MAX_FIELDS) {
      this.overflowed = true;
      return;
    }
    const event = this.#event;
    const slot = this.#count++;
    event.starts[slot] = start;
    event.lengths[slot] = end - start;
    event.forms[slot] = form;
    event.ids[slot] = 0;
  }

  #system(from: number): number {
    const buffer = this.#buffer;
    const end = this.#end;
    let at = from;
    for (;;) {
      at = blanksAfter(buffer, at, this.#end);
      if (buffer[at] !== LT) return DOUBT;
      if (buffer[at + 1] === SLASH) return literalEnd(buffer, SYSTEM_CLOSE, at, this.#end);
      const nameStart = at + 1;
      at = this.#nameEnd(nameStart, SYSTEM_ELEMENT);
      if (at < 0) return at;
      const element = this.node;
      for (;;) {
        const byte = buffer[at]!;
        if (byte === GT || byte === SLASH) break;
        if (at >= end) return MORE;
        if (byte > 0x20) return DOUBT;
        at = blanksAfter(buffer, at, this.#end);
        if (buffer[at] === GT || buffer[at] === SLASH) break;
        at = this.#attribute(at);
        if (at < 0) return at;
      }
      if (buffer[at] === SLASH) {
        if (at + 1 >= end) return MORE;
        if (buffer[at + 1] !== GT) return DOUBT;
        at += 2;
        continue;
      }
      at = this.#systemText(at + 1, element);
      if (at < 0) return at;
    }
  }

  /** The position after the name at `start`. Sets `node` to the node of that name. */
  #nameEnd(start: number, code: number): number {
    const buffer = this.#buffer;
    const last = this.node.last;
    if (last !== null && last.code === code && keyAt(buffer, start, last.key)) {
      const at = start + last.key.length;
      const byte = buffer[at]!;
      if (byte <= 0x20 || byte === GT || byte === SLASH || byte === EQUALS) {
        if (at >= this.#end) return MORE;
        this.node = last;
        return at;
      }
    }
    const at = nameAfter(buffer, start, this.#end);
    if (at >= 0) this.#step(code, start, at);
    return at;
  }

  /** Reads one attribute of a System element. */
  #attribute(start: number): number {
    const buffer = this.#buffer;
    let at = this.#nameEnd(start, SYSTEM_ATTRIBUTE);
    if (at < 0) return at;
    if (this.node.key.length === 5 && keyAt(buffer, start, XMLNS)) return DOUBT;
    if (buffer[at] !== EQUALS) return at >= this.#end ? MORE : DOUBT;
    const quote = buffer[++at]!;
    if (quote !== QUOTE && quote !== APOSTROPHE) return at >= this.#end ? MORE : DOUBT;
    const valueStart = ++at;
    let form = PLAIN;
    for (; ; at++) {
      const byte = buffer[at]!;
      if (byte === quote) break;
      if (byte === LT) return at >= this.#end ? MORE : DOUBT;
      if (byte === AMP || byte < 0x20) form = XML_ESCAPED;
    }
    this.#field(valueStart, at, form, quote === QUOTE ? QUOTED : APOSTROPHED);
    return at + 1;
  }

  #systemText(start: number, element: LayoutNode<TextLayout>): number {
    const at = this.#textEnd(start);
    if (at >= this.#end) return MORE;
    if (blanksAfter(this.#buffer, start, this.#end) < at) {
      this.#mark(SYSTEM_TEXT);
      this.#field(start, at, this.#form, SYSTEM_VALUE);
    }
    return closingEnd(this.#buffer, element.key, at, this.#end);
  }

  /** Reads what follows System, up to the end of the record. */
  #sections(from: number): number {
    const buffer = this.#buffer;
    let at = from;
    for (;;) {
      at = blanksAfter(buffer, at, this.#end);
      if (buffer[at] !== LT) return DOUBT;
      if (buffer[at + 1] === SLASH) return literalEnd(buffer, EVENT_CLOSE, at, this.#end);
      if (opens(buffer, EVENT_DATA, at)) at = this.#eventData(at + EVENT_DATA.length);
      else if (opens(buffer, USER_DATA, at)) at = this.#userData(at + USER_DATA.length);
      else if (opens(buffer, RENDERING, at)) at = this.#renderingInfo(at + RENDERING.length);
      // The name may not have arrived as a whole. RENDERING is the longest name that is looked for.
      else return at + RENDERING.length >= this.#end ? MORE : DOUBT;
      if (at < 0) return at;
    }
  }

  /** Passes over the text that a forwarder rendered for people. It is no field, because rules look at what was logged. */
  #renderingInfo(from: number): number {
    const at = tagEnd(this.#buffer, from, this.#end);
    if (at < 0 || this.#buffer[at - 2] === SLASH) return at;
    const close = this.#buffer.indexOf(RENDERING_CLOSE, at);
    if (close < 0 || close + RENDERING_CLOSE.length > this.#end) return MORE;
    this.#holes.add(RENDERED, at, close);
    if (this.markupAt < 0) this.markupAt = at;
    return close + RENDERING_CLOSE.length;
  }

  #eventData(from: number): number {
    const buffer = this.#buffer;
    let at = tagEnd(buffer, from, this.#end);
    if (at < 0 || buffer[at - 2] === SLASH) return at;
    for (;;) {
      at = blanksAfter(buffer, at, this.#end);
      if (buffer[at] !== LT) return DOUBT;
      if (buffer[at + 1] === SLASH) return literalEnd(buffer, EVENT_DATA_CLOSE, at, this.#end);
      at = opens(buffer, DATA_OPEN, at) ? this.#data(at + DATA_OPEN.length) : this.#element(at);
      if (at < 0) return at;
    }
  }

  /** Reads one `<Data>` element. `from` is the position after `<Data`. */
  #data(from: number): number {
    const buffer = this.#buffer;
    let at = from;
    if (buffer[at] === GT || buffer[at] === SLASH) this.#mark(UNNAMED_DATA);
    else {
      at = literalEnd(buffer, NAME_ATTRIBUTE, at, this.#end);
      if (at < 0) return at;
      at = this.#dataName(at);
      if (at < 0) return at;
    }
    if (buffer[at] === SLASH && buffer[at + 1] === GT) {
      if (at + 2 > this.#end) return MORE;
      this.#field(at, at, PLAIN, EMPTY_VALUE);
      return at + 2;
    }
    if (buffer[at] !== GT) return at + 1 >= this.#end ? MORE : DOUBT;
    return this.#dataText(at + 1);
  }

  /** Reads the quoted name at `from`. Returns the position after its closing quote. */
  #dataName(from: number): number {
    const buffer = this.#buffer;
    const quote = buffer[from]!;
    if (quote !== QUOTE && quote !== APOSTROPHE) return from >= this.#end ? MORE : DOUBT;
    const start = from + 1;
    const last = this.node.last;
    if (last !== null && last.code === NAMED_DATA && keyAt(buffer, start, last.key)) {
      const at = start + last.key.length;
      if (buffer[at] === quote && at < this.#end) {
        this.node = last;
        return at + 1;
      }
    }
    let at = start;
    while (buffer[at] !== quote && buffer[at] !== LT) at++;
    if (at >= this.#end || buffer[at] === LT) return at >= this.#end ? MORE : DOUBT;
    this.#step(NAMED_DATA, start, at);
    return at + 1;
  }

  #dataText(start: number): number {
    const buffer = this.#buffer;
    let at = this.#textEnd(start);
    let form = this.#form;
    if (!(buffer[at + 1] === SLASH && keyAt(buffer, at, DATA_CLOSE))) {
      at = at + DATA_CLOSE.length > this.#end ? MORE : markupEnd(buffer, start, at, this.#end);
      if (at < 0) return at;
      form = XML_MARKUP;
      if (this.markupAt < 0) this.markupAt = start;
      this.#holes.learnable = false;
    }
    if (at + DATA_CLOSE.length > this.#end) return MORE;
    this.#field(start, at, form, VALUE);
    return at + DATA_CLOSE.length;
  }

  /** Reads an element that holds text only: `<Binary>`, a field of UserData. */
  #element(from: number): number {
    const buffer = this.#buffer;
    let at = this.#nameEnd(from + 1, DATA_ELEMENT);
    if (at < 0) return at;
    const element = this.node;
    if (buffer[at] !== GT) {
      const close = tagEnd(buffer, at, this.#end);
      if (close < 0) return close;
      if (!declaresNamespaceOnly(buffer, at, this.#end)) return DOUBT;
      if (buffer[close - 2] === SLASH) {
        this.#field(close, close, PLAIN, EMPTY_VALUE);
        return close;
      }
      at = close - 1;
    }
    const start = at + 1;
    at = this.#textEnd(start);
    if (at >= this.#end) return MORE;
    this.#field(start, at, this.#form, VALUE);
    return closingEnd(this.#buffer, element.key, at, this.#end);
  }

  /** `<UserData><wrapper xmlns=...><field>value</field> ...</wrapper></UserData>` */
  #userData(from: number): number {
    const buffer = this.#buffer;
    let at = tagEnd(buffer, from, this.#end);
    if (at < 0 || buffer[at - 2] === SLASH) return at;
    at = blanksAfter(buffer, at, this.#end);
    if (buffer[at] !== LT) return DOUBT;
    if (buffer[at + 1] === SLASH) return literalEnd(buffer, USER_DATA_CLOSE, at, this.#end);
    const nameStart = at + 1;
    const nameEnd = nameAfter(buffer, nameStart, this.#end);
    if (nameEnd < 0) return nameEnd;
    at = tagEnd(buffer, nameEnd, this.#end);
    if (at < 0) return at;
    if (buffer[at - 2] !== SLASH) {
      at = this.#wrapped(at, buffer.subarray(nameStart, nameEnd));
      if (at < 0) return at;
    }
    return literalEnd(buffer, USER_DATA_CLOSE, blanksAfter(buffer, at, this.#end), this.#end);
  }

  #wrapped(from: number, wrapper: Uint8Array): number {
    const buffer = this.#buffer;
    let at = from;
    for (;;) {
      at = blanksAfter(buffer, at, this.#end);
      if (buffer[at] !== LT) return DOUBT;
      if (buffer[at + 1] === SLASH) return closingEnd(buffer, wrapper, at, this.#end);
      at = this.#element(at);
      if (at < 0) return at;
    }
  }
}
