/**
 * Any other object: a flat map from rule field names to values, as rule tests, test vectors and self-made exports write it. In:
 * keys. Out: fields.
 */
import { SYSTEM_FIELDS } from '../../model/system-fields.ts';
import { TIME } from '../text/text-value.ts';
import type { Exporter, SlotField } from './exporter.ts';
import { dataField, dottedName, type FieldNames, systemFields } from './mapping.ts';

/** Other names in use for System fields. Each applies only if the field is not there under its own name. */
const ALIASES: FieldNames = {
  TimeCreated_SystemTime: [
    TIME,
    'TimeCreated_SystemTime',
    '@timestamp',
    'SystemTime',
    'TimeCreated',
    'TimeCreated.SystemTime',
    'EventTime',
    'TimeGenerated',
    'timestamp',
  ],
  EventID: ['EventID', 'EventId', 'event_id', 'EventCode'],
  Channel: ['Channel', 'LogName'],
  Provider_Name: ['Provider_Name', 'ProviderName', 'Provider', 'Provider.Name', 'SourceName'],
  Computer: ['Computer', 'ComputerName', 'Hostname'],
  EventRecordID: ['EventRecordID', 'EventRecordId', 'RecordNumber'],
};

export const exporter: Exporter = {
  name: 'flat',
  description: 'anything else: a flat map of field names; nested objects get dotted names',
  example: {
    EventID: 1,
    Channel: 'Microsoft-Windows-Sysmon/Operational',
    Image: 'C:\\a.exe',
    '@timestamp': '2024-01-01T00:00:00Z',
  },
  priority: 1000,
  plan(leaves) {
    const system = systemFields(leaves, ALIASES);
    const taken = new Set(system.map(({ slot }) => slot));
    // Either key may be the provider's name or a field of the event (Defender has a SourceName), so it is kept as both.
    const rest = leaves.all.filter(({ name, slot }) => name === 'SourceName' || name === 'Provider' || !taken.has(slot));
    const fields = rest.map((leaf): SlotField => {
      const name = dottedName(leaf.name);
      return SYSTEM_FIELDS.has(name) ? { section: 'system', name, slot: leaf.slot } : dataField(leaf, name);
    });
    const isEvent = system.some(({ name }) => name === 'EventID' || name === 'Channel' || name === 'Provider_Name');
    // If the record does not look like an event, any of its values may be one: the `log` of a container, the `message` of a
    // queue, the `xml` of a script.
    return {
      fields: [...system, ...fields],
      ...(isEvent ? {} : { nested: leaves.all.map((leaf) => ({ leaf, holds: 'event' })) }),
    };
  },
};
