// HOT: nearly every byte of a JSON log whose records have ever different orders of keys passes here.
/**
 * Recognises JSON records by their set of keys, in whatever order these come. Writers that keep objects in hash maps give each
 * record another order, and one layout per order would cost too much time and memory. In: bytes at `{`. Out: the event's slots,
 * in the order of the first scanned record with these keys. Null for a record that has to be scanned: one with other keys, a
 * repeated key, or an array of objects; and one in exactly the order of the first record, which `known-json.ts` recognises
 * faster.
 */

import type { KnownKeys, ValuePlaces } from '../../engine/contract.ts';
import { LIST, STRING, WORD } from '../../logs/json/holes.ts';
import { type JsonLayout, leavesOf } from '../../logs/json/layout.ts';
import { QUOTE } from '../../logs/json/lexis.ts';
import { END, OBJECT, SCALAR } from '../../logs/json/steps.ts';
import { bytesBefore } from '../../logs/text/byte-words.ts';
import { type LayoutNode, pathTo } from '../../logs/text/layout.ts';
import { MAX_FIELDS } from '../../logs/text/text-event.ts';
import { ByteString } from './byte-string.ts';
import type { KnownJsonRecords } from './known-json.ts';
import { RepeatedValue, RepeatedValues } from './pattern.ts';

/** Limits on the keys of one thread and on sets of them. Beyond one of them everything is forgotten. */
const MAX_KEYS = 4096;
const MAX_SETS = 1024;
const MAX_DEPTH = 32;
/**
 * A failed attempt costs a part of this credit; a recognised record earns one. Without credit only every `TRIED`th record is
 * tried.
 */
const MOST_CREDIT = 64;
const TRIED = 64;

const COMMA = 0x2c;
const COLON = 0x3a;
const OPEN_BRACE = 0x7b;
const CLOSE_BRACE = 0x7d;
const OPEN_BRACKET = 0x5b;
const QUOTES = 0x22222222;

class Key {
  readonly text = new ByteString();
  /** Numbered from 0. */
  readonly id: number;
  /** A set of keys is identified by the sum of these. */
  readonly mark: number;
  /** The last values of the key, one per kind: the same bytes mean something else in a string than outside. */
  readonly string: RepeatedValue;
  readonly word: RepeatedValue;
  readonly list: RepeatedValue;
  /** The step of the first record that began with this key. */
  readonly node: LayoutNode<JsonLayout>;
  inside: KeyTable | null = null;

  constructor(id: number, node: LayoutNode<JsonLayout>, values: RepeatedValues) {
    this.string = new RepeatedValue(values);
    this.word = new RepeatedValue(values);
    this.list = new RepeatedValue(values);
    this.id = id;
    this.node = node;
    this.mark = (Math.imul(id + 1, 0x9e3779b1) >>> 0) * 0x10000 + (Math.imul(id + 7, 0x85ebca6b) >>> 16);
  }
}

/** The keys of an object, each with its closing quote, found by their first eight bytes. */
class KeyTable {
  #keys: (Key | null)[] = new Array<Key | null>(32).fill(null);
  #count = 0;

  /** The key whose text starts at `at` and ends before `end`; null when it is not known. */
  find(view: DataView, at: number, end: number): Key | null {
    const keys = this.#keys;
    const mask = keys.length - 1;
    for (let i = hashOf(view, at) & mask; ; i = (i + 1) & mask) {
      const key = keys[i]!;
      if (key === null) return null;
      if (at + key.text.length <= end && key.text.standsAt(view, at)) return key;
    }
  }

  add(key: Key): void {
    const text = quoted(key.node.key);
    key.text.set(text, 0, key.node.key.length + 1);
    if (++this.#count * 2 > this.#keys.length) {
      const before = this.#keys;
      this.#keys = new Array<Key | null>(before.length * 2).fill(null);
      for (const each of before) if (each !== null) this.#place(each);
    }
    this.#place(key);
  }

  #place(key: Key): void {
    const mask = this.#keys.length - 1;
    let i = hashOf(quoted(key.node.key), 0) & mask;
    while (this.#keys[i] !== null) i = (i + 1) & mask;
    this.#keys[i] = key;
  }
}

/** A key as it stands in a record, with its closing quote and room behind it. */
function quoted(key: Uint8Array): DataView {
  const bytes = new Uint8Array(key.length + 9);
  bytes.set(key);
  bytes[key.length] = QUOTE;
  return new DataView(bytes.buffer);
}

/** A hash of the bytes up to the quote, at most eight of them. */
function hashOf(view: DataView, at: number): number {
  let low = view.getInt32(at, true);
  let high = 0;
  const inLow = bytesBefore(low, QUOTES);
  if (inLow < 4) low = firstBytes(low, inLow);
  else {
    high = view.getInt32(at + 4, true);
    high = firstBytes(high, bytesBefore(high, QUOTES));
  }
  const hash = Math.imul(low, 0x9e3779b1) ^ Math.imul(high, 0x85ebca6b);
  return hash ^ (hash >>> 15);
}

function firstBytes(word: number, count: number): number {
  return count === 4 ? word : word & ((1 << (count * 8)) - 1);
}

/** The keys of a record that was scanned. */
interface KeySet {
  /** By slot. */
  readonly ids: Int32Array;
  readonly node: LayoutNode<JsonLayout>;
}

/** The sets of keys of one accelerator. */
export class KeySets {
  root = new KeyTable();
  keyCount = 0;
  readonly sets = new Map<number, KeySet>();
  readonly values = new RepeatedValues();
  /** By id of a key: the position of its value in the current record, and the number of the record that it occurred in last. */
  readonly positions = new Int32Array(MAX_KEYS);
  readonly stamps = new Float64Array(MAX_KEYS);
  /** The values of the current record in the order in which they stand, and the objects that are open. */
  readonly starts = new Int32Array(MAX_FIELDS);
  readonly lengths = new Int32Array(MAX_FIELDS);
  readonly forms = new Uint8Array(MAX_FIELDS);
  readonly ids = new Float64Array(MAX_FIELDS);
  readonly levels: KeyTable[] = [];
  record = 0;
  credit = 0;
}

export class KnownJsonKeys implements KnownKeys<LayoutNode<JsonLayout>> {
  readonly #values: ValuePlaces;
  readonly #state: KeySets;
  readonly #known: KnownJsonRecords;
  /** Of the record recognised last: the step of its first key, and the position after it. */
  first: LayoutNode<JsonLayout> | null = null;
  after = 0;

  constructor(values: ValuePlaces, known: KnownJsonRecords, state: KeySets) {
    this.#values = values;
    this.#state = state;
    this.#known = known;
  }

  forget(): void {
    this.#state.root = new KeyTable();
    this.#state.keyCount = 0;
    this.#state.sets.clear();
  }

  /** Remembers the keys of the record whose layout ends at `node`, unless another order of them would be read differently. */
  learn(node: LayoutNode<JsonLayout>, count: number): void {
    const { layout } = node;
    if (layout === null || layout.variants !== null || count > MAX_KEYS / 4 || !isFreeOfOrder(node, count)) return;
    if (this.#state.keyCount + count * 2 > MAX_KEYS || this.#state.sets.size >= MAX_SETS) this.forget();
    const tables = [this.#state.root];
    const ids: number[] = [];
    let sum = 0;
    for (const step of pathTo(node)) {
      if (step.code === END) {
        tables.pop();
        continue;
      }
      const table = tables[tables.length - 1]!;
      let key = table.find(quoted(step.key), 0, step.key.length + 1);
      if (key === null) {
        key = new Key(this.#state.keyCount++, step, this.#state.values);
        table.add(key);
      }
      if (step.code === OBJECT) {
        key.inside ??= new KeyTable();
        tables.push(key.inside);
      } else {
        ids.push(key.id);
        sum += key.mark;
      }
    }
    if (!this.#state.sets.has(sum)) this.#state.sets.set(sum, { ids: Int32Array.from(ids), node });
  }

  /**
   * The node of the record's layout; null when it is not recognised. Call it only after `known` has failed to recognise the
   * record.
   */
  recognise(buffer: Buffer, start: number, end: number): LayoutNode<JsonLayout> | null {
    if (this.#state.sets.size === 0) return null;
    this.#state.record++;
    if (this.#state.credit <= 0 && this.#state.record % TRIED !== 0) return null;
    const node = this.#scan(this.#known.bytes, buffer, start, end);
    this.#state.credit = Math.max(0, Math.min(MOST_CREDIT, this.#state.credit + (node === null ? -MOST_CREDIT / 8 : 4)));
    return node;
  }

  #scan(view: DataView, buffer: Buffer, start: number, end: number): LayoutNode<JsonLayout> | null {
    const known = this.#known;
    const { starts, lengths, forms, ids, levels } = this.#state;
    let table = this.#state.root;
    let depth = 0;
    let count = 0;
    let sum = 0;
    let at = start + 1;
    this.first = null;
    for (;;) {
      let byte = buffer[at]!;
      while ((byte <= 0x20 || byte === COMMA) && at < end) byte = buffer[++at]!;
      if (at >= end) return null;
      if (byte === CLOSE_BRACE) {
        at++;
        if (depth === 0) break;
        table = levels[--depth]!;
      } else {
        if (byte !== QUOTE) return null;
        const key = table.find(view, at + 1, end);
        if (key === null) return null;
        this.first ??= key.node;
        at += key.text.length + 1;
        while (buffer[at]! <= 0x20 && at < end) at++;
        if (buffer[at] !== COLON) return null;
        at++;
        while (buffer[at]! <= 0x20 && at < end) at++;
        byte = buffer[at]!;
        if (byte === OPEN_BRACE) {
          if (key.inside === null || depth === MAX_DEPTH) return null;
          levels[depth++] = table;
          table = key.inside;
          at++;
          continue;
        }
        if (this.#state.stamps[key.id] === this.#state.record || count === MAX_FIELDS) return null;
        this.#state.stamps[key.id] = this.#state.record;
        this.#state.positions[key.id] = count;
        sum += key.mark;
        const isString = byte === QUOTE;
        const isList = byte === OPEN_BRACKET;
        const value = isString ? key.string : isList ? key.list : key.word;
        if (isString) at++;
        starts[count] = at;
        if (value.standsAt(view, at, end)) {
          lengths[count] = value.length;
          forms[count] = value.form;
          ids[count] = value.id;
          at += value.length;
        } else {
          const hole = isString ? STRING : isList ? LIST : WORD;
          const after = known.valueEnd(hole, at, end);
          const form = known.formOf(hole, at, after);
          if (after < 0 || after >= end || form < 0) return null;
          lengths[count] = after - at;
          forms[count] = form;
          ids[count] = value.take(view, at, after - at, isList ? 0 : 1, form);
          at = after;
        }
        count++;
        if (isString) at++;
      }
      // A missing comma is a fault that the scanner finds.
      while (buffer[at]! <= 0x20 && at < end) at++;
      byte = buffer[at]!;
      if (byte !== COMMA && byte !== CLOSE_BRACE) return null;
    }
    this.after = at;
    const set = this.#state.sets.get(sum);
    return set !== undefined && set.ids.length === count && this.#arrange(set.ids) ? set.node : null;
  }

  /**
   * Moves the values to the slots of the set. False when the keys are not those of the set, or have the same order as the set.
   */
  #arrange(ids: Int32Array): boolean {
    let inOrder = true;
    for (let slot = 0; slot < ids.length; slot++) {
      const id = ids[slot]!;
      if (this.#state.stamps[id] !== this.#state.record) return false;
      if (this.#state.positions[id] !== slot) inOrder = false;
    }
    if (inOrder) return false;
    const { starts, lengths, forms, ids: valueIds } = this.#values;
    const from = this.#state;
    for (let slot = 0; slot < ids.length; slot++) {
      const position = from.positions[ids[slot]!]!;
      starts[slot] = from.starts[position]!;
      lengths[slot] = from.lengths[position]!;
      forms[slot] = from.forms[position]!;
      valueIds[slot] = from.ids[position]!;
    }
    this.#values.count = ids.length;
    return true;
  }
}

/** True when the layout has no field with several values and no repeated key. The order of the keys then does not matter. */
function isFreeOfOrder(node: LayoutNode<JsonLayout>, count: number): boolean {
  const steps = pathTo(node);
  if (steps.some(({ code }) => code !== SCALAR && code !== OBJECT && code !== END)) return false;
  const leaves = leavesOf(node, count);
  if (new Set(leaves.map(({ name }) => name)).size !== count || leaves.length !== count) return false;
  const { systemFields, dataFields } = node.layout!.shape;
  return [...systemFields.values(), ...dataFields.values()].every((slots) => slots.length === 1);
}
