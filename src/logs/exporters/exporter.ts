/**
 * How an exporter's records map to events. Each exporter is one file that exports an `Exporter`. In: the keys of a JSON record,
 * without values, so that the answer can be remembered for each sequence of keys. Out: which value is which field.
 */
import type { Diagnostic } from '../../model/diagnostic.ts';
import type { ComputedValue } from '../text/text-event.ts';

/** One value of a record. */
export interface Leaf {
  /**
   * The keys from the outside in. For an array of objects the key ends with `[]`: `['Event', 'EventData', 'Data[]', '@Name']`. An
   * array of anything else is one leaf.
   */
  readonly path: readonly string[];
  /** The path joined by dots. */
  readonly name: string;
  readonly slot: number;
  /** The number of the object inside an array that contains the value; 0 when there is none. */
  readonly item: number;
}

/** The values of a record in document order, found by dotted name. */
export interface Leaves {
  readonly all: readonly Leaf[];
  /** The first value with that name. */
  get(name: string): Leaf | undefined;
  has(name: string): boolean;
}

/** A field whose value stands in a slot. */
export interface SlotField {
  readonly section: 'system' | 'data';
  /** The name of the field in rules. It may contain blanks; they are removed later. */
  readonly name: string;
  readonly slot: number;
  /** A conversion of `text-value.ts`, which undoes what the exporter changed. */
  readonly conversion?: number | undefined;
  /** True: a JSON null means that there was no such element, so the field is absent. Always so for System fields. */
  readonly omitNull?: boolean;
  /** True: a JSON null means that the element was there but empty. */
  readonly emptyNull?: boolean;
}

/** A field that is computed from other values. `text(slot)` is undefined for null, and the first item for an array. */
export type ComputedField = ComputedValue & {
  readonly section: 'system' | 'data';
  readonly name: string;
};

export type ExporterField = SlotField | ComputedField;

/**
 * A value whose text is XML, JSON, or the message that Windows made from an event. Its first characters tell which. `event`: the
 * text is the whole event, and nothing else of the record is used. `data`: the text holds the fields of EventData or UserData,
 * and the record holds the System fields. `system`: the text holds the System fields, and the record holds the data.
 */
export interface Nested {
  readonly leaf: Leaf;
  readonly holds: 'event' | 'system' | 'data';
}

export interface ExporterPlan {
  /** In the order in which they are shown. */
  readonly fields: readonly ExporterField[];
  /**
   * Further fields, which depend on the texts in the slots `on`: field names that are themselves values, or names that differ by
   * EventID. They are remembered for each set of texts, so these texts must not be different in every record. A text of more than
   * 256 characters is undefined: no name is that long.
   */
  readonly dependent?: {
    readonly on: readonly number[];
    fields(texts: readonly (string | undefined)[]): readonly ExporterField[];
  };
  /** Tried in this order. Records with such values are read more slowly. */
  readonly nested?: readonly Nested[];
  /** Asked once, with the first record of the layout: what a user should know about fields that the export has lost. */
  readonly note?: (text: (slot: number) => string | undefined) => Pick<Diagnostic, 'code' | 'message' | 'hint'> | null;
}

export interface Exporter {
  readonly name: string;
  /** For the documentation: who writes such records, and by which keys they are recognised. */
  readonly description: string;
  /** For the documentation: what the event had and the record no longer has. */
  readonly lost?: string;
  /** Exporters are asked in this order. The first one that returns a plan is used. */
  readonly priority: number;
  /** A record as the exporter writes it. Tests check that it is read as an event with a time and data. */
  readonly example: unknown;
  /** null: the record was not written by this exporter. */
  plan(leaves: Leaves): ExporterPlan | null;
}
