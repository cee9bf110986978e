// HOT: asked for every event that rules look at.
/**
 * Which slots hold text that filters must look at. Most values of a record are numbers, times and GUIDs, and most records of a
 * layout have the same types at the same places: which slots remain is worked out once for a sequence of types.
 */
import type { TextFilter } from '../../model/text-filter.ts';
import { catalog, type Layout } from './catalog.ts';
import { VALUE_INDEX_MASK } from './fields.ts';
import { HEAD_LENGTH, HEAD_TYPE_SHIFT, type RecordValues } from './record-values.ts';
import { utf16MayHold } from './text.ts';
import { NULL_TYPE, NUMERIC_TYPES, STRING_TYPE } from './value-types.ts';

/** Kept for a layout: a few views (Security 4688 has two), each with a few sequences of types (what is null varies). */
const MOST_KEPT = 8;
/** What one weighs, in nodes of a layout's tree. */
const WEIGHT = 8;

/** Not a value index: the slot may hold anything. */
const ANYTHING = -1;

export class TextSlots {
  /** The record that these were last found to be for. */
  record = -1;
  readonly #slots: Int32Array;
  readonly #types: Int32Array;
  readonly #filters: readonly (TextFilter | null)[];
  /** Positions in `slots` that are left, ascending, the value of each, and for every position how many come before it. */
  readonly #positions: number[] = [];
  readonly #values: number[] = [];
  readonly #rank: Int32Array;

  constructor(slots: Int32Array, filters: readonly (TextFilter | null)[], layout: Layout, values: RecordValues) {
    this.#slots = slots;
    this.#filters = filters;
    this.#types = values.heads.slice(0, values.count);
    this.#rank = new Int32Array(slots.length + 1);
    for (let i = 0; i < slots.length; i++) {
      this.#rank[i] = this.#positions.length;
      const value = valueToLookAt(layout, values, slots[i]!, filters[i]!);
      if (value === null) continue;
      this.#positions.push(i);
      this.#values.push(value);
    }
    this.#rank[slots.length] = this.#positions.length;
  }

  /** Found to be for these slots of this record before? */
  isOf(slots: Int32Array, record: number): boolean {
    return slots === this.#slots && record === this.record;
  }

  isFor(slots: Int32Array, { heads, count }: RecordValues): boolean {
    const types = this.#types;
    if (slots !== this.#slots || count !== types.length) return false;
    for (let i = 0; i < count; i++) if (((heads[i]! ^ types[i]!) & ~HEAD_LENGTH) !== 0) return false;
    return true;
  }

  /** The first position from `from` on whose value may hold one of its filter's texts; the number of slots when there is none. */
  next(from: number, { view, offsets, heads }: RecordValues): number {
    const positions = this.#positions;
    const values = this.#values;
    for (let k = this.#rank[from]!; k < positions.length; k++) {
      const value = values[k]!;
      const position = positions[k]!;
      if (value === ANYTHING) return position;
      if (utf16MayHold(view, offsets[value]!, heads[value]! & HEAD_LENGTH, this.#filters[position]!)) return position;
    }
    return this.#slots.length;
  }
}

/** Those of a layout for records of the present one's types. */
export function textSlotsOf(
  layout: Layout,
  slots: Int32Array,
  filters: readonly (TextFilter | null)[],
  values: RecordValues,
): TextSlots {
  const kept = layout.textSlots;
  for (let i = 0; i < kept.length; i++) {
    const one = kept[i]!;
    if (!one.isFor(slots, values)) continue;
    // What was found last is looked at first.
    kept[i] = kept[0]!;
    kept[0] = one;
    return one;
  }
  const made = new TextSlots(slots, filters, layout, values);
  if (kept.length === MOST_KEPT) kept.pop();
  else catalog.charge(WEIGHT);
  kept.unshift(made);
  return made;
}

/** The index of the text to be looked at, ANYTHING where that does not settle it, null where the slot can hold none of the texts. */
function valueToLookAt(layout: Layout, values: RecordValues, slot: number, filter: TextFilter | null): number | null {
  if (filter === null) return ANYTHING;
  const code = layout.access[slot]!;
  let index = code & VALUE_INDEX_MASK;
  if (code < 0) {
    const { literal, needed, value } = layout.specials[~code]!;
    if (needed.some((one) => typeOf(values, one) === NULL_TYPE)) return null;
    if (literal !== null) return textMayHold(literal.text, filter) ? ANYTHING : null;
    if (value < 0) return ANYTHING;
    index = value;
  }
  const type = typeOf(values, index);
  if (type === STRING_TYPE) return index;
  return filter.words && NUMERIC_TYPES[type] === 1 ? null : ANYTHING;
}

function typeOf({ heads, count }: RecordValues, index: number): number {
  return index < count ? heads[index]! >> HEAD_TYPE_SHIFT : NULL_TYPE;
}

function textMayHold(text: string, filter: TextFilter): boolean {
  const bytes = Buffer.from(text, 'utf16le');
  return utf16MayHold(new DataView(bytes.buffer, bytes.byteOffset, bytes.length), 0, bytes.length, filter);
}
