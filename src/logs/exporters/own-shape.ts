/**
 * A record shape that a user has described (`--logsources`). In: the description. Out: an exporter that is asked before all
 * others.
 */
import type { RecordShape } from '../../model/record-shape.ts';
import { convert, TIME } from '../text/text-value.ts';
import type { Exporter, ExporterField, Leaf, Leaves } from './exporter.ts';
import { dataField, dottedName } from './mapping.ts';

const TIME_FIELD = 'TimeCreated_SystemTime';

type ComputedText = (text: (slot: number) => string | undefined) => string | undefined;

function leavesAt(leaves: Leaves, key: string): readonly Leaf[] {
  return leaves.all.filter(({ name }) => dottedName(name) === key);
}

/** True when the key exists. The key of an object counts too. */
function hasKey(leaves: Leaves, key: string): boolean {
  return leaves.all.some(({ name }) => dottedName(name) === key || dottedName(name).startsWith(`${key}.`));
}

function systemFields(shape: RecordShape, leaves: Leaves): ExporterField[] {
  const entries = Object.entries(shape.system);
  if (shape.system.Channel === undefined) entries.push(['Channel', { text: shape.name }]);
  return entries.flatMap(([name, from]): ExporterField[] => {
    if ('text' in from) return [{ section: 'system', name, kind: 'text', compute: () => from.text }];
    const leaf = leavesAt(leaves, from.key)[0];
    if (leaf === undefined) return [];
    const { slot } = leaf;
    if (name !== TIME_FIELD) return [{ section: 'system', name, slot }];
    // Computed, because a conversion would also change the data field of the same key, which rules ask for as it is written.
    const compute: ComputedText = (text) => {
      const time = text(slot);
      return time === undefined ? undefined : convert(time, TIME);
    };
    return [{ section: 'system', name, kind: 'text', compute }];
  });
}

export function ownShape(shape: RecordShape): Exporter {
  return {
    name: shape.name,
    description: 'described by the user',
    priority: 0,
    example: null,
    plan(leaves) {
      if (!shape.keys.every((key) => hasKey(leaves, key))) return null;
      const named = Object.entries(shape.data).flatMap(([name, key]) =>
        leavesAt(leaves, key).map((leaf) => dataField(leaf, name)),
      );
      const names = new Set(Object.keys(shape.data));
      // Two fields with one name would become one field with two values.
      const all = leaves.all.map((leaf) => dataField(leaf, dottedName(leaf.name))).filter(({ name }) => !names.has(name));
      return { fields: [...systemFields(shape, leaves), ...named, ...all] };
    },
  };
}
