// HOT: called for every event of a known kind near a match.
/**
 * Finds the signature of an event. In: an event of a known kind. Out: its signature. Only the identifiers that the kind names
 * are decoded, as interned texts. Their slots are looked up once for each layout.
 */
import type { EventRecord, Shape } from '../../../model/event.ts';
import { Atom } from '../../../model/values/atom.ts';
import type { EventKind } from './event-kinds.ts';
import { LINK_FIELDS, MAX_KEYS, wmiKey, wmiKeyNames } from './event-links.ts';
import { type FollowedKeys, NO_IDENTIFIER } from './followed-keys.ts';
import { codeOf, type Signature, type SignatureTable } from './signatures.ts';

/** Where a layout has the fields of a kind: slots, and positions in `LINK_FIELDS`. */
interface KindSlots {
  readonly slots: readonly number[];
  readonly fields: readonly number[];
  /** The last value of each slot and its key, because neighbouring events have many values in common. */
  readonly atoms: (Atom | null)[];
  readonly keys: number[];
  /** Slots of the field that may lower the score. */
  readonly lessSlots: readonly number[];
}

/** How many pairs of layout and kind are remembered. All are forgotten when there are more. */
const REMEMBERED_LAYOUTS = 4096;

export class EventSignatures {
  readonly #followed: FollowedKeys;
  /** For each kind, by the number of the layout. */
  readonly #slots = new Map<EventKind, (KindSlots | undefined)[]>();
  #layouts = 0;
  /** How many more identifiers the current event may have. */
  #keysLeft = 0;

  constructor(followed: FollowedKeys) {
    this.#followed = followed;
  }

  /** The signature from the event's fields. The caller adds what its text says. */
  of(table: SignatureTable, event: EventRecord, kind: EventKind): Signature {
    const { slots, fields, atoms, keys, lessSlots } = this.#slotsOf(kind, event.shape);
    let signature = table.root(kind, isLess(event, kind, lessSlots) ? kind.lessWhen!.score : kind.score);
    this.#keysLeft = MAX_KEYS;
    for (let i = 0; i < slots.length; i++) {
      const value = event.atom(slots[i]!);
      if (value === undefined || value === null) continue;
      const field = fields[i]!;
      if (value === atoms[i]) {
        signature = this.#with(table, signature, field, keys[i]!);
      } else if (value instanceof Atom) {
        atoms[i] = value;
        keys[i] = this.#followed.inField(field, value.text);
        signature = this.#with(table, signature, field, keys[i]!);
      } else {
        for (const part of value) {
          if (part !== null) signature = this.#with(table, signature, field, this.#followed.inField(field, part.text));
        }
      }
    }
    for (const name of wmiKeyNames(event)) {
      if (this.#keysLeft-- <= 0) break;
      const key = this.#followed.numberOf(wmiKey(name));
      if (key >= 0) signature = table.with(signature, codeOf(key, 'wmi'));
    }
    return signature;
  }

  #with(table: SignatureTable, signature: Signature, field: number, key: number): Signature {
    if (key === NO_IDENTIFIER || this.#keysLeft-- <= 0 || key < 0) return signature;
    return table.with(signature, codeOf(key, LINK_FIELDS[field]!.role));
  }

  #slotsOf(kind: EventKind, shape: Shape): KindSlots {
    const known = this.#slots.get(kind)?.[shape.id];
    if (known !== undefined) return known;
    if (++this.#layouts > REMEMBERED_LAYOUTS) {
      this.#slots.clear();
      this.#layouts = 1;
    }
    const slots = kindSlots(kind, shape);
    const shapes = this.#slots.get(kind) ?? [];
    shapes[shape.id] = slots;
    this.#slots.set(kind, shapes);
    return slots;
  }
}

function kindSlots(kind: EventKind, shape: Shape): KindSlots {
  const slots: number[] = [];
  const fields: number[] = [];
  LINK_FIELDS.forEach(({ links }, field) => {
    for (const name of kind.links[links] ?? []) {
      for (const slot of shape.fields.get(name) ?? []) {
        slots.push(slot);
        fields.push(field);
      }
    }
  });
  const less = kind.lessWhen === undefined ? undefined : shape.fields.get(kind.lessWhen.field);
  return { slots, fields, atoms: slots.map(() => null), keys: slots.map(() => NO_IDENTIFIER), lessSlots: less ?? [] };
}

/** True when a field has one of the values that make such an event worth less. */
function isLess(event: EventRecord, { lessWhen }: EventKind, slots: readonly number[]): boolean {
  if (lessWhen === undefined) return false;
  for (let i = 0; i < slots.length; i++) {
    const value = event.atom(slots[i]!);
    if (value === undefined || value === null) continue;
    const isOne = (atom: Atom | null): boolean => atom !== null && lessWhen.values.includes(atom.text);
    if (value instanceof Atom ? isOne(value) : value.some(isOne)) return true;
  }
  return false;
}
