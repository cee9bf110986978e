/**
 * What an exporter makes of an event: one file per exporter, each a `Dialect`. In: the keys of a JSON record (no values: the
 * answer is remembered per sequence of keys). Out: which value is which field.
 */
import type { Diagnostic } from '../../model/diagnostic.ts';
import type { ComputedValue } from '../text/text-event.ts';

/** One value of a record. */
export interface Leaf {
  /** Keys from the outside in; an array of objects adds `[]` to its key: `['Event', 'EventData', 'Data[]', '@Name']`. */
  readonly path: readonly string[];
  /** The path with dots. */
  readonly name: string;
  readonly slot: number;
  /** Number of the object it is in, of those that are items of arrays; 0: of none. */
  readonly item: number;
}

/** The values of a record, in document order, with lookup by dotted name. */
export interface Leaves {
  readonly all: readonly Leaf[];
  /** The first value of that name. */
  get(name: string): Leaf | undefined;
  has(name: string): boolean;
}

export interface DialectField {
  readonly section: 'system' | 'data';
  /** Rule field name, blanks allowed. */
  readonly name: string;
  readonly slot: number;
  /** A conversion of `text-value.ts`. */
  readonly conversion?: number | undefined;
  /** JSON null means that there was no such element: absent. Always so for System fields. */
  readonly omitNull?: boolean;
}

/** A field that follows from other values. `text(slot)` is undefined for null. */
export type ComputedField = ComputedValue & {
  readonly section: 'system' | 'data';
  readonly name: string;
};

export interface DialectPlan {
  readonly fields: readonly DialectField[];
  readonly computed?: readonly ComputedField[];
  /** Data fields whose name is itself a value: `{"@Name": "Image", "#text": "C:\\a.exe"}`; null: the empty value. */
  readonly pairs?: readonly { readonly nameSlot: number; readonly valueSlot: number | null }[];
  /** A value that may hold the whole event as XML text; when it does, nothing else is looked at. */
  readonly xmlSlot?: number;
  /** Asked once, with the first record of the layout: what a user should know about what is lost. */
  readonly note?: (text: (slot: number) => string | undefined) => Pick<Diagnostic, 'code' | 'message' | 'hint'> | null;
}

export interface Dialect {
  readonly name: string;
  /** Asked in this order; the first plan counts. */
  readonly priority: number;
  /** null: not this exporter. */
  plan(leaves: Leaves): DialectPlan | null;
}
