/**
 * Gives the fields that Elastic's modules have moved to ECS keys their Windows names back. In: the keys of a record. Out: its
 * Windows fields.
 */
import { HEX } from '../text/text-value.ts';
import { ECS_NAMES, type EcsGroup } from './ecs-names.ts';
import { ECS_VALUES, rebuiltField } from './ecs-values.ts';
import type { ExporterField, Leaves } from './exporter.ts';
import { dataField } from './mapping.ts';

const keysOf = (keys: string | readonly string[]): readonly string[] => (typeof keys === 'string' ? [keys] : keys);

/** All keys to which some module moves fields. */
export const KEYS: ReadonlySet<string> = new Set([
  ...Object.values(ECS_NAMES).flatMap((groups) => groups.flatMap(({ names }) => Object.values(names).flatMap(keysOf))),
  ...Object.values(ECS_VALUES).flatMap((fields) => Object.values(fields).flatMap(({ keys }) => keys)),
]);
/** Beats write these keys with every record, even if no module has processed it. */
const USUAL = new Set(['@timestamp', 'message']);
/** The module that has processed the record. */
const MODULE = 'event.module';

/** True when a module may have moved fields. */
export function hasEcsFields(leaves: Leaves): boolean {
  return leaves.all.some(({ name }) => name === MODULE || (KEYS.has(name) && !USUAL.has(name)));
}

/**
 * The fields of an event of this channel that stand under ECS keys. `taken`: fields that the record has under their own names.
 */
export function windowsFields(leaves: Leaves, channel: string, eventId: number, taken: ReadonlySet<string>): ExporterField[] {
  const fields: ExporterField[] = [];
  const used = new Set<string>();
  const has = (ids: readonly number[] | undefined): boolean => ids === undefined || ids.includes(eventId);
  for (const group of ECS_NAMES[channel] ?? []) if (has(group.ids)) fields.push(...renamed(group, leaves, taken, used));
  // ECS fields may also stand beside an event that no module has processed.
  if (fields.length === 0 && !leaves.has(MODULE)) return fields;
  for (const [name, rebuilt] of Object.entries(ECS_VALUES[channel] ?? {})) {
    if (has(rebuilt.ids) && !taken.has(name) && rebuilt.keys.some((key) => leaves.has(key)))
      fields.push(rebuiltField(name, rebuilt, leaves));
  }
  return fields;
}

function renamed({ names, hex }: EcsGroup, leaves: Leaves, taken: ReadonlySet<string>, used: Set<string>): ExporterField[] {
  const fields: ExporterField[] = [];
  for (const [name, keys] of Object.entries(names)) {
    const key = keysOf(keys).find((each) => leaves.has(each));
    if (key === undefined || used.has(key)) continue;
    used.add(key);
    if (taken.has(name)) continue;
    fields.push(dataField(leaves.get(key)!, name, hex?.includes(name) ? HEX : undefined));
  }
  return fields;
}
