// HOT: one object, moved from record to record.
/**
 * The event at the decoder's current record. Values are decoded when they are asked for. In: a layout and values. Out: an
 * `EventRecord`.
 */

import type { WordFinder } from '../../bytes/word-finder.ts';
import { type EventRecord, eventIdOf, type FieldValue, type Shape } from '../../model/event.ts';
import { Atom } from '../../model/values/atom.ts';
import { filetimeHundredNs, filetimeUs, isoTimeUs } from '../../model/values/time.ts';
import { AtomPlace, type AtomTable } from '../atom-table.ts';
import type { Layout } from './binxml/catalog.ts';
import { ABSENT_IF_NULL, type Special, VALUE_INDEX_MASK } from './binxml/fields.ts';
import type { EvtxState } from './evtx-state.ts';
import { HEAD_LENGTH, HEAD_TYPE_SHIFT, type RecordValues } from './values/record-values.ts';
import { ARRAY_FLAG, FILETIME_TYPE, NULL_TYPE, STRING_TYPE, UINT16_TYPE } from './values/value-types.ts';
import { arrayTexts, forEachItem, valueText, valueTimeUs } from './values/values.ts';

const EMPTY = new Atom('');
/** Heads of values: a time has 8 bytes; an EventID is an unsigned number of 2 bytes. */
const FILETIME_HEAD = (FILETIME_TYPE << HEAD_TYPE_SHIFT) | 8;
/** The content hash covers this many bytes at each end of a longer value. Some logs consist mostly of long scripts. */
const CONTENT_EDGE = 64;
const UINT16_HEAD = (UINT16_TYPE << HEAD_TYPE_SHIFT) | 2;

export class EvtxEvent implements EventRecord {
  index = 0;
  offset = 0;
  recovered = false;
  layout!: Layout;
  readonly values: RecordValues;
  #record = -1;
  /** The channel of this record once it has been asked for. Every caller asks for it. */
  #channel: string | null = null;
  #computer: string | null = null;
  readonly #state: EvtxState;
  readonly #atoms: AtomTable;

  constructor(values: RecordValues, state: EvtxState) {
    this.values = values;
    this.#state = state;
    this.#atoms = state.atoms;
  }

  moveTo(layout: Layout, index: number, offset: number): void {
    this.layout = layout;
    this.#record = this.#state.records++;
    this.#channel = null;
    this.#computer = null;
    this.index = index;
    this.offset = offset;
  }

  get shape(): Shape {
    return this.layout.shape;
  }

  get channel(): string {
    this.#channel ??= this.#systemText(this.layout.shape.system.channel);
    return this.#channel;
  }

  get provider(): string {
    return this.#systemText(this.layout.shape.system.provider);
  }

  get computer(): string {
    this.#computer ??= this.#systemText(this.layout.shape.system.computer);
    return this.#computer;
  }

  get eventId(): number {
    const slot = this.layout.shape.system.eventId;
    if (slot < 0) return -1;
    const code = this.layout.access[slot]!;
    const index = code & VALUE_INDEX_MASK;
    if (code >= 0 && index < this.values.count) {
      const { bytes, offsets, heads } = this.values;
      const at = offsets[index]!;
      if (heads[index] === UINT16_HEAD) return bytes[at]! | (bytes[at + 1]! << 8);
    }
    // -1 for an event with several EventIDs: rules see all of them, but an event is looked up by a single one.
    const atom = this.atom(slot);
    return atom instanceof Atom ? eventIdOf(atom.text) : -1;
  }

  get timeUs(): number {
    const slot = this.layout.shape.system.time;
    if (slot < 0) return Number.NaN;
    const code = this.layout.access[slot]!;
    const index = code < 0 ? this.layout.specials[~code]!.value : code & VALUE_INDEX_MASK;
    if (index < 0) return isoTimeUs(this.#systemText(slot));
    if (index >= this.values.count) return Number.NaN;
    const head = this.values.heads[index]!;
    if (head === FILETIME_HEAD) {
      const at = this.values.offsets[index]!;
      return filetimeUs(this.values.view.getUint32(at, true), this.values.view.getUint32(at + 4, true));
    }
    return valueTimeUs(this.values.bytes, this.values.offsets[index]!, head & HEAD_LENGTH, head >> HEAD_TYPE_SHIFT);
  }

  get content(): number {
    const { view, offsets, heads, count } = this.values;
    // The shape would not do: records of one shape may have different texts in their templates, or their values in other fields.
    let hash = this.layout.id;
    for (let i = 0; i < count; i++) {
      const length = heads[i]! & HEAD_LENGTH;
      hash = Math.imul(hash ^ heads[i]!, 0x9e37_79b1);
      const start = offsets[i]!;
      if (length <= 2 * CONTENT_EDGE) hash = hashed(hash, view, start, length);
      else {
        hash = hashed(hash, view, start, CONTENT_EDGE);
        hash = hashed(hash, view, start + length - CONTENT_EDGE, CONTENT_EDGE);
      }
    }
    return hash ^ (hash >>> 13);
  }

  get hundredNs(): number | null {
    const slot = this.layout.shape.system.time;
    const code = slot < 0 ? -1 : this.layout.access[slot]!;
    const index = code & VALUE_INDEX_MASK;
    if (code < 0 || index >= this.values.count || this.values.heads[index] !== FILETIME_HEAD) return null;
    const at = this.values.offsets[index]!;
    return filetimeHundredNs(this.values.view.getUint32(at, true), this.values.view.getUint32(at + 4, true));
  }

  value(slot: number): FieldValue | undefined {
    const code = this.layout.access[slot]!;
    if (code < 0) return this.#specialValue(this.layout.specials[~code]!);
    return this.#valueAt(code & VALUE_INDEX_MASK, code >= ABSENT_IF_NULL);
  }

  /**
   * False when the word does not stand in the value of a slot. The word must be one that the printed form of no number, GUID, SID
   * or time holds.
   */
  mayHold(slot: number, word: WordFinder): boolean {
    const code = this.layout.access[slot]!;
    const index = code < 0 ? this.layout.specials[~code]!.value : code & VALUE_INDEX_MASK;
    // Texts of the template, or put together from several values.
    if (index < 0) return true;
    if (index >= this.values.count) return false;
    const head = this.values.heads[index]!;
    const at = this.values.offsets[index]!;
    return word.standsIn(this.values.bytes, at, at + (head & HEAD_LENGTH), head >> HEAD_TYPE_SHIFT === STRING_TYPE);
  }

  atom(slot: number): Atom | readonly Atom[] | undefined {
    const code = this.layout.access[slot]!;
    if (code < 0) return this.#specialAtom(this.layout.specials[~code]!);
    return this.#atomAt(code & VALUE_INDEX_MASK, code >= ABSENT_IF_NULL);
  }

  #valueAt(index: number, absentIfNull: boolean): FieldValue | undefined {
    const absent = absentIfNull ? undefined : '';
    if (index >= this.values.count) return absent;
    const head = this.values.heads[index]!;
    const type = head >> HEAD_TYPE_SHIFT;
    if (type === NULL_TYPE) return absent;
    const at = this.values.offsets[index]!;
    if ((type & ARRAY_FLAG) === 0) return valueText(this.values.bytes, at, head & HEAD_LENGTH, type);
    const texts = arrayTexts(this.values.bytes, at, head & HEAD_LENGTH, type);
    return texts.length > 1 ? texts : (texts[0] ?? '');
  }

  #atomAt(index: number, absentIfNull: boolean): Atom | readonly Atom[] | undefined {
    const absent = absentIfNull ? undefined : EMPTY;
    if (index >= this.values.count) return absent;
    const head = this.values.heads[index]!;
    const type = head >> HEAD_TYPE_SHIFT;
    if (type === NULL_TYPE) return absent;
    const length = head & HEAD_LENGTH;
    if (length === 0) return EMPTY;
    const places = this.layout.places;
    let place = places[index];
    if (place === undefined) {
      place = new AtomPlace();
      places[index] = place;
    }
    // Rules ask for the same few values of a record repeatedly.
    if (place.record === this.#record) return place.current!;
    const at = this.values.offsets[index]!;
    const atoms =
      (type & ARRAY_FLAG) === 0
        ? this.#atoms.bytesAt(place, this.values.bytes, at, length, type, valueText)
        : this.#arrayAtoms(at, length, type);
    place.record = this.#record;
    place.current = atoms;
    return atoms;
  }

  #arrayAtoms(at: number, length: number, type: number): Atom | readonly Atom[] {
    const atoms: Atom[] = [];
    forEachItem(this.values.bytes, at, length, type, (itemAt, itemLength, itemType) => {
      atoms.push(this.#atoms.bytes(this.values.bytes, itemAt, itemLength, itemType, valueText));
    });
    return atoms.length > 1 ? atoms : (atoms[0] ?? EMPTY);
  }

  #systemText(slot: number): string {
    if (slot < 0) return '';
    const atom = this.atom(slot);
    if (atom === undefined) return '';
    return atom instanceof Atom ? atom.text : (atom[0]?.text ?? '');
  }

  #specialAtom(special: Special): Atom | readonly Atom[] | undefined {
    if (this.#isMissing(special)) return undefined;
    if (special.literal !== null) return special.literal;
    return special.value >= 0 ? this.#atomAt(special.value, false) : this.#atoms.text(this.#joined(special));
  }

  #specialValue(special: Special): FieldValue | undefined {
    if (this.#isMissing(special)) return undefined;
    if (special.literal !== null) return special.literal.text;
    return special.value >= 0 ? this.#valueAt(special.value, false) : this.#joined(special);
  }

  #isMissing(special: Special): boolean {
    for (let i = 0; i < special.needed.length; i++) {
      const index = special.needed[i]!;
      if (index >= this.values.count || this.values.heads[index]! >> HEAD_TYPE_SHIFT === NULL_TYPE) return true;
    }
    return false;
  }

  #joined(special: Special): string {
    let text = '';
    for (const part of special.parts) {
      if (typeof part === 'string') {
        text += part;
        continue;
      }
      if (part >= this.values.count) continue;
      const head = this.values.heads[part]!;
      text += valueText(this.values.bytes, this.values.offsets[part]!, head & HEAD_LENGTH, head >> HEAD_TYPE_SHIFT);
    }
    return text;
  }
}

/** The hash of `length` bytes at `start`, after those that gave `hash`. */
function hashed(hash: number, view: DataView, start: number, length: number): number {
  let value = hash;
  let at = start;
  for (const end = start + (length & ~3); at < end; at += 4) {
    value = Math.imul(value ^ view.getInt32(at, true), 0x85eb_ca6b);
    value ^= value >>> 15;
  }
  for (const end = start + length; at < end; at++) value = Math.imul(value ^ view.getUint8(at), 0xc2b2_ae35);
  return value;
}
