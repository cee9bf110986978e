// HOT: reads the values that rules ask for.
/**
 * Finds the values of a rule field. In: a shape, an event source and the name of the field. Out: access to its values, which lie
 * in slots of the event or are derived from them. Refuses nothing: a field that such events never have is absent.
 */

import { atomsIn, type EventRecord, type FieldScalar, type FieldValue, type Shape } from '../../model/event.ts';
import type { EventSource } from '../../model/logsource.ts';
import { Atom } from '../../model/values/atom.ts';
import { getOrInsert, rememberedUpTo } from '../../model/values/maps.ts';
import { derivationOf, mappingOf } from '../../sigma/logsource/fields.ts';
import { type MemoOwner, memoOf } from './values/value-memo.ts';

/** Values of one field: one atom, several, null, or undefined when the field is absent. */
export type Atoms = Atom | readonly (Atom | null)[] | null | undefined;

export interface FieldAccess {
  /** The only slot of the field. -1 when it has none or several, or is derived. */
  readonly slot: number;
  /** True when events of this shape never have the field. */
  readonly absent: boolean;
  /** The event field that it is read from. Shown in evidence. */
  readonly from: string;
  atoms(event: EventRecord): Atoms;
}

/** Texts made by derivations. They are few and often equal, so they are kept, together with what is known about them. */
const DERIVED_TEXTS = 20_000;

export class DerivedTexts {
  readonly atom = rememberedUpTo(DERIVED_TEXTS, (text: string) => new Atom(text));
  readonly #numbers = new Map<string, number>();

  /** A small number for a derivation id. */
  number(derivation: string): number {
    return getOrInsert(this.#numbers, derivation, () => this.#numbers.size);
  }

  atoms(value: FieldValue | undefined): Atoms {
    if (value === undefined || value === null) return value;
    if (typeof value === 'string') return this.atom(value);
    return value.map((part) => (part === null ? null : this.atom(part)));
  }
}

const ABSENT: FieldAccess = { slot: -1, absent: true, from: '', atoms: () => undefined };

class SlotAccess implements FieldAccess {
  readonly absent = false;
  readonly slot: number;
  readonly from: string;
  readonly #slots: readonly number[];

  constructor(slots: readonly number[], from: string) {
    this.slot = slots.length === 1 ? slots[0]! : -1;
    this.#slots = slots;
    this.from = from;
  }

  atoms(event: EventRecord): Atoms {
    return this.slot >= 0 ? event.atom(this.slot) : atomsIn(event, this.#slots);
  }
}

class DerivedAccess implements FieldAccess {
  readonly absent = false;
  readonly slot = -1;
  readonly from: string;
  readonly #from: readonly (FieldAccess | null)[];
  /** The position of the only source field that such events have; -1 when they have none or several of them. */
  readonly #only: number;
  readonly #derive: (values: readonly (FieldValue | undefined)[]) => FieldValue | undefined;
  readonly #texts: DerivedTexts;
  readonly #number: number;
  readonly #owner: MemoOwner;

  constructor(
    id: string,
    names: readonly string[],
    from: readonly (FieldAccess | null)[],
    texts: DerivedTexts,
    owner: MemoOwner,
  ) {
    const { derivation, argument } = derivationOf(id);
    this.#derive = (values) => derivation(values, argument);
    this.#from = from;
    this.from = names.filter((_, i) => from[i] !== null).join(', ');
    this.#texts = texts;
    const present = from.flatMap((access, i) => (access === null ? [] : [i]));
    this.#only = present.length === 1 ? present[0]! : -1;
    // The same text may be derived differently when it comes from another source field.
    this.#number = texts.number(`${this.#only} ${id}`);
    this.#owner = owner;
  }

  atoms(event: EventRecord): Atoms {
    if (this.#only < 0) return this.#texts.atoms(this.#derive(this.#from.map((access) => textOf(access?.atoms(event)))));
    const source = this.#from[this.#only]!.atoms(event);
    if (!(source instanceof Atom)) return this.#texts.atoms(this.#derive(this.#alone(textOf(source))));
    // Derivations are pure, so the answer is remembered at the value it was made from.
    const memo = memoOf(source, this.#owner);
    memo.derived ??= new Map();
    let atoms = memo.derived.get(this.#number);
    if (atoms === undefined && !memo.derived.has(this.#number)) {
      atoms = this.#texts.atoms(this.#derive(this.#alone(source.text)));
      memo.derived.set(this.#number, atoms);
    }
    return atoms;
  }

  #alone(value: FieldValue | undefined): (FieldValue | undefined)[] {
    return this.#from.map((_, i) => (i === this.#only ? value : undefined));
  }
}

/** Atoms as a plain field value. */
export function textOf(atoms: Atoms): FieldValue | undefined {
  if (atoms === undefined || atoms === null) return atoms;
  if (atoms instanceof Atom) return atoms.text;
  return atoms.map((atom): FieldScalar => (atom === null ? null : atom.text));
}

/** How to read the rule field `name` in events of `shape` seen through `source`. Memos of `owner` are used. */
export function accessField(shape: Shape, source: EventSource, name: string, texts: DerivedTexts, owner: MemoOwner): FieldAccess {
  const own = (field: string): FieldAccess | null => {
    const slots = shape.fields.get(field);
    return slots === undefined ? null : new SlotAccess(slots, field);
  };
  const mapping = mappingOf(source, name);
  if (mapping === undefined) return own(name) ?? ABSENT;
  if (mapping.kind === 'rename') return own(mapping.from) ?? ABSENT;
  if (mapping.kind === 'absent') return ABSENT;
  return new DerivedAccess(mapping.derivation, mapping.from, mapping.from.map(own), texts, owner);
}

/** Every value of the event, for keywords: System and data, including System values hidden by a data field of the same name. */
export function accessEverything(shape: Shape): readonly SlotName[] {
  const all: SlotName[] = [];
  for (const fields of [shape.systemFields, shape.dataFields]) {
    for (const [name, slots] of fields) for (const slot of slots) all.push({ name, slot });
  }
  return all;
}

export interface SlotName {
  readonly name: string;
  readonly slot: number;
}
