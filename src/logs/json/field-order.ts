/**
 * The order of a record's fields when the record uses the layout of another one, which has the same keys in another order.
 * Exporters give some fields a fixed order and leave the others in the order of the keys. To tell which, the exporter is shown
 * the same keys in other orders. In: the keys of a layout, then where the values of a record stand. Out: the fields in the
 * record's order. Refuses (null) layouts whose fields are not the same in every order of the keys. Refuses layouts with a
 * computed text as well, because the computation may depend on the order.
 */
import type { FieldOrder } from '../../model/event.ts';
import type { ExporterField, Leaf } from '../exporters/exporter.ts';
import { MAX_FIELDS } from '../text/text-event.ts';
import { type JsonLayout, planOf, type RecordOrder } from './layout.ts';

type Section = 'system' | 'data';

/** The fields of one section. A run is a group of fields in the order of the keys; every other field stays where it is. */
class SectionOrder {
  readonly #slots: Int32Array;
  /** Parts of `#sorted`. */
  readonly #runs: readonly Float64Array[];
  /** By place: where the value stands times MAX_FIELDS, plus the place, so that sorting the numbers sorts the places. */
  readonly #sorted: Float64Array;
  readonly #places: Int32Array;

  /** `runs`: pairs of the first place of a run and the place after its last one. */
  constructor(slots: readonly number[], runs: readonly (readonly [number, number])[]) {
    this.#slots = Int32Array.from(slots);
    this.#sorted = Float64Array.from(slots, (_, place) => place);
    this.#places = Int32Array.from(slots, (_, place) => place);
    this.#runs = runs.map(([from, to]) => this.#sorted.subarray(from, to));
  }

  /** `starts`: by slot, where its value stands. The answer is valid until the next call. */
  places(starts: Int32Array): Int32Array {
    for (const run of this.#runs) {
      const from = run.byteOffset / run.BYTES_PER_ELEMENT;
      for (let i = 0; i < run.length; i++) run[i] = starts[this.#slots[from + i]!]! * MAX_FIELDS + from + i;
      run.sort();
      for (let i = 0; i < run.length; i++) this.#places[from + i] = run[i]! - Math.floor(run[i]! / MAX_FIELDS) * MAX_FIELDS;
    }
    return this.#places;
  }
}

class LayoutOrder implements RecordOrder {
  readonly #system: SectionOrder;
  readonly #data: SectionOrder;

  constructor(system: SectionOrder, data: SectionOrder) {
    this.#system = system;
    this.#data = data;
  }

  of(starts: Int32Array): FieldOrder {
    return { system: this.#system.places(starts), data: this.#data.places(starts) };
  }
}

/** `leaves` are those of the layout. Its names must have one slot each. */
export function layoutOrder(leaves: readonly Leaf[], layout: JsonLayout): RecordOrder | null {
  const fields = layout.plan.fields;
  if (fields.some((field) => 'kind' in field && field.kind === 'text')) return null;
  const isOdd = ({ slot }: Leaf): boolean => slot % 2 === 1;
  const shown = [[...leaves].reverse(), [...leaves.filter(isOdd), ...leaves.filter((leaf) => !isOdd(leaf))]].map((order) => {
    const { exporter, plan } = planOf(order, layout.exporters);
    const starts = new Int32Array(leaves.length);
    order.forEach(({ slot }, place) => {
      starts[slot] = place;
    });
    return { fields: exporter === layout.exporter ? plan.fields : [], starts };
  });
  const section = (name: Section): SectionOrder | null => {
    const first = fieldsOf(fields, name);
    const runs = runsOf(first, fieldsOf(shown[0]!.fields, name));
    if (runs === null) return null;
    const order = new SectionOrder(
      first.map((field) => ('slot' in field ? field.slot : -1)),
      runs,
    );
    const isSo = shown.every(({ fields, starts }) => {
      const own = fieldsOf(fields, name);
      const places = order.places(starts);
      return own.length === first.length && own.every((field, i) => isSame(field, first[places[i]!]!));
    });
    return isSo ? order : null;
  };
  const system = section('system');
  const data = section('data');
  return system === null || data === null ? null : new LayoutOrder(system, data);
}

function fieldsOf(fields: readonly ExporterField[], section: Section): ExporterField[] {
  return fields.filter((field) => field.section === section);
}

function isSame(a: ExporterField, b: ExporterField): boolean {
  if ('kind' in a || 'kind' in b) return 'kind' in a && 'kind' in b && a.kind === b.kind && a.name === b.name;
  return (
    a.slot === b.slot &&
    a.name === b.name &&
    a.conversion === b.conversion &&
    a.omitNull === b.omitNull &&
    a.emptyNull === b.emptyNull
  );
}

/** The runs of fields that are reversed when the keys are. Null unless every other field stays at its place. */
function runsOf(fields: readonly ExporterField[], backwards: readonly ExporterField[]): [number, number][] | null {
  const runs: [number, number][] = [];
  for (let from = 0; from < fields.length; ) {
    const last = backwards[from];
    const to = last === undefined ? 0 : fields.findIndex((field) => isSame(field, last)) + 1;
    if (to <= from) return null;
    if (to > from + 1) {
      if (fields.slice(from, to).some((field) => 'kind' in field)) return null;
      runs.push([from, to]);
    }
    from = to;
  }
  return runs;
}
