/**
 * OTLP in JSON, as the file exporter of the OpenTelemetry Collector writes it: a body is a list of keys and typed values, which
 * nest. In: the leaves of a log record. Out: the fields that `otel.ts` knows, once the keys have been read.
 */
import type { Exporter, ExporterPlan, Leaf, Leaves } from './exporter.ts';
import { leavesByName } from './mapping.ts';
import { bodyFields } from './otel.ts';

const VALUE = /^(?:string|int|double|bool|bytes)Value$/;
const LIST = 'values[]';

/** A value of the body, and the slots of the keys that lead to it. */
interface KeyedValue {
  readonly leaf: Leaf;
  readonly keys: readonly number[];
}

/** A key comes before its value, which is how the collector writes them. */
function keyedValues(leaves: readonly Leaf[]): KeyedValue[] {
  const values: KeyedValue[] = [];
  let keys: number[] = [];
  /** By depth: how many keys there are outside of the list at that depth. */
  const lengths: number[] = [];
  for (const leaf of leaves) {
    const depth = leaf.path.filter((step) => step === LIST).length;
    const last = leaf.path.at(-1)!;
    if (last === 'key') {
      const isInner = lengths[depth] === undefined || lengths.length <= depth;
      if (isInner) lengths[depth] = keys.length;
      lengths.length = depth + 1;
      keys = [...keys.slice(0, lengths[depth]), leaf.slot];
    } else if (VALUE.test(last)) values.push({ leaf, keys });
  }
  return values;
}

function fieldsOf(values: readonly KeyedValue[], textOf: ReadonlyMap<number, string | undefined>): ReturnType<typeof bodyFields> {
  const all = values.map(({ leaf, keys }): Leaf => {
    const names = keys.map((slot) => textOf.get(slot) ?? '');
    // The items of a list of pairs: `event_data.data[].Image`. Data without a name has an empty key.
    const path = names
      .map((name, i) => (name === 'data' && names[i - 1] === 'event_data' ? 'data[]' : name))
      .filter((name) => name !== '');
    return { ...leaf, path, name: path.join('.') };
  });
  return bodyFields(leavesByName(all));
}

export const exporter: Exporter = {
  name: 'otlp',
  description:
    'OTLP in JSON (file exporter of the OpenTelemetry Collector): `body.kvlistValue`, or `body.stringValue` with XML in it',
  lost: 'as with `otel`; nothing with `raw: true`',
  priority: 22,
  example: {
    timeUnixNano: '1704067200123456700',
    body: {
      kvlistValue: {
        values: [
          { key: 'channel', value: { stringValue: 'Security' } },
          { key: 'event_id', value: { kvlistValue: { values: [{ key: 'id', value: { intValue: '4688' } }] } } },
          { key: 'system_time', value: { stringValue: '2024-01-01T00:00:00.1234567Z' } },
          {
            key: 'event_data',
            value: { kvlistValue: { values: [{ key: 'NewProcessName', value: { stringValue: 'C:\\a.exe' } }] } },
          },
        ],
      },
    },
  },
  plan(leaves: Leaves): ExporterPlan | null {
    const raw = leaves.get('body.stringValue');
    if (raw !== undefined) return { fields: [], nested: [{ leaf: raw, holds: 'event' }] };
    const body = leaves.all.filter(({ path }) => path[0] === 'body' && path[1] === 'kvlistValue');
    if (body.length === 0) return null;
    const values = keyedValues(body);
    const on = body.filter(({ path }) => path.at(-1) === 'key').map(({ slot }) => slot);
    const fields = (texts: readonly (string | undefined)[]) =>
      fieldsOf(values, new Map(on.map((slot, i) => [slot, texts[i]]))) ?? [];
    return { fields: [], dependent: { on, fields } };
  },
};
