/**
 * A record shape that a user has described (`--logsources`). In: the description. Out: an exporter that is asked before all
 * others.
 */
import type { RecordShape } from '../../model/record-shape.ts';
import { TIME } from '../text/text-value.ts';
import type { Exporter, ExporterField, Leaf, Leaves } from './exporter.ts';
import { dataField, dottedName } from './mapping.ts';

const TIME_FIELD = 'TimeCreated_SystemTime';

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
    return leaf === undefined
      ? []
      : [{ section: 'system', name, slot: leaf.slot, conversion: name === TIME_FIELD ? TIME : undefined }];
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
