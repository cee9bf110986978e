/**
 * What an exporter makes of an event: one file per exporter, each an `Exporter`. In: the keys of a JSON record (no values: the
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

/** A field that stands in a slot. */
export interface SlotField {
  readonly section: 'system' | 'data';
  /** Rule field name, blanks allowed. */
  readonly name: string;
  readonly slot: number;
  /** A conversion of `text-value.ts`. */
  readonly conversion?: number | undefined;
  /** JSON null means that there was no such element: absent. Always so for System fields. */
  readonly omitNull?: boolean;
  /** JSON null means that the element was there and empty. */
  readonly emptyNull?: boolean;
}

/** A field that follows from other values. `text(slot)` is undefined for null. */
export type ComputedField = ComputedValue & {
  readonly section: 'system' | 'data';
  readonly name: string;
};

export type ExporterField = SlotField | ComputedField;

/**
 * A value whose text is XML or JSON, or the message that Windows made of an event; which of these its first characters say.
 * `event`: it is the whole event; when it is, nothing else of the record is looked at. `data`: the fields of EventData or
 * UserData, beside the System fields of the record. `system`: the System fields, beside the data of the record.
 */
export interface Nested {
  readonly leaf: Leaf;
  readonly holds: 'event' | 'system' | 'data';
}

export interface ExporterPlan {
  /** In the order in which they are shown. */
  readonly fields: readonly ExporterField[];
  /**
   * Further fields, which depend on the texts in the slots `on`: field names that are values themselves, names that differ by
   * EventID. Remembered per texts, so that these must not differ by record.
   */
  readonly dependent?: {
    readonly on: readonly number[];
    fields(texts: readonly (string | undefined)[]): readonly ExporterField[];
  };
  /** In the order in which they are tried. Such records are read slowly. */
  readonly nested?: readonly Nested[];
  /** Asked once, with the first record of the layout: what a user should know about what is lost. */
  readonly note?: (text: (slot: number) => string | undefined) => Pick<Diagnostic, 'code' | 'message' | 'hint'> | null;
}

export interface Exporter {
  readonly name: string;
  /** For docs: who writes this, and by which keys it is known. */
  readonly description: string;
  /** For docs: what the event has and the record has not. */
  readonly lost?: string;
  /** Asked in this order; the first plan counts. */
  readonly priority: number;
  /** A record as it writes them: tests ask that it is read as an event with a time and data. */
  readonly example: unknown;
  /** null: not this exporter. */
  plan(leaves: Leaves): ExporterPlan | null;
}
