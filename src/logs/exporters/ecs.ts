/**
 * Elastic Defend and other documents in the Elastic Common Schema that are no Windows event: every key is a field under its
 * dotted name (`process.Ext.api.name`), the time and the computer are known.
 */
import type { Dialect } from './dialect.ts';
import { dataField, dottedName, type SystemNames, systemFields } from './mapping.ts';

const SYSTEM: SystemNames = {
  '@timestamp': 'TimeCreated_SystemTime',
  'host.name': 'Computer',
  'host.hostname': 'Computer',
  'agent.hostname': 'Computer',
  // There is no Windows channel: the dataset says what kind of event it is (`endpoint.events.api`).
  'event.dataset': 'Channel',
  'data_stream.dataset': 'Channel',
  'event.module': 'Provider_Name',
};
const MARKS =
  /^(?:ecs\.version|event\.(?:dataset|kind|category|action|module)|data_stream\.dataset|agent\.type|process\.Ext\..*)/;

export const dialect: Dialect = {
  name: 'ecs',
  priority: 50,
  plan(leaves) {
    if (!leaves.all.some(({ name }) => MARKS.test(name))) return null;
    // The fields stay data as well: rules for these documents name them as they are.
    const data = leaves.all.map((leaf) => dataField(leaf, dottedName(leaf.name)));
    return { fields: [...systemFields(leaves, SYSTEM), ...data] };
  },
};
