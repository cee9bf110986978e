/**
 * Elastic Defend, and other documents in the Elastic Common Schema that are not Windows events. In: the keys of a record. Out:
 * every key as a field under its dotted name (`process.Ext.api.name`), with the time and the computer.
 */
import type { Exporter } from './exporter.ts';
import { dataField, dottedName, type FieldNames, nestedIn, systemFields } from './mapping.ts';

const SYSTEM: FieldNames = {
  TimeCreated_SystemTime: '@timestamp',
  Computer: ['host.name', 'host.hostname', 'agent.hostname'],
  // There is no Windows channel. The dataset takes its place, because it says what kind of event this is (`endpoint.events.api`).
  Channel: ['event.dataset', 'data_stream.dataset'],
  Provider_Name: 'event.module',
};
const MARKS =
  /^(?:ecs\.version|event\.(?:dataset|kind|category|action|module)|data_stream\.dataset|agent\.type|process\.Ext\..*)/;

export const exporter: Exporter = {
  name: 'ecs',
  description: 'Elastic Defend and other ECS documents: `ecs.version`, `event.dataset` ... without `winlog`',
  lost: 'nothing: every key is a field under its dotted name; `Channel` is the dataset, `Computer` is `host.name`',
  example: {
    '@timestamp': '2024-01-01T00:00:00Z',
    ecs: { version: '8.0.0' },
    event: { dataset: 'endpoint.events.process' },
    host: { name: 'PC1' },
    process: { executable: 'C:\\a.exe' },
  },
  priority: 50,
  plan(leaves) {
    if (!leaves.all.some(({ name }) => MARKS.test(name))) return null;
    // The fields are kept as data as well, because rules for these documents use their original names.
    const data = leaves.all.map((leaf) => dataField(leaf, dottedName(leaf.name)));
    return {
      fields: [...systemFields(leaves, SYSTEM), ...data],
      // A pipeline may keep no more of a Windows event than its XML.
      nested: nestedIn(leaves, 'event', 'event.original', 'message'),
    };
  },
};
