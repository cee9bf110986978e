/** Any other object: a flat map of rule field names and values, as rule tests, vectors and home-made exports write it. */
import { SYSTEM_FIELDS } from '../../model/system-fields.ts';
import { TIME } from '../text/text-value.ts';
import type { Exporter, SlotField } from './exporter.ts';
import { dataField, dottedName, type SystemNames, systemFields } from './mapping.ts';

/** Names for System fields that are in use, each only where the field is not there under its own name. */
const ALIASES: SystemNames = {
  TimeCreated_SystemTime: ['TimeCreated_SystemTime', TIME],
  '@timestamp': ['TimeCreated_SystemTime', TIME],
  SystemTime: ['TimeCreated_SystemTime', TIME],
  TimeCreated: ['TimeCreated_SystemTime', TIME],
  EventTime: ['TimeCreated_SystemTime', TIME],
  TimeGenerated: ['TimeCreated_SystemTime', TIME],
  timestamp: ['TimeCreated_SystemTime', TIME],
  EventID: 'EventID',
  EventId: 'EventID',
  event_id: 'EventID',
  EventCode: 'EventID',
  Channel: 'Channel',
  LogName: 'Channel',
  Provider_Name: 'Provider_Name',
  ProviderName: 'Provider_Name',
  SourceName: 'Provider_Name',
  Computer: 'Computer',
  ComputerName: 'Computer',
  Hostname: 'Computer',
  EventRecordID: 'EventRecordID',
  EventRecordId: 'EventRecordID',
  RecordNumber: 'EventRecordID',
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
    // Defender's events have a field SourceName of their own: it is the provider's name or the event's, so it is both.
    const rest = leaves.all.filter(({ name, slot }) => name === 'SourceName' || !taken.has(slot));
    const fields = rest.map((leaf): SlotField => {
      const name = dottedName(leaf.name);
      return SYSTEM_FIELDS.has(name) ? { section: 'system', name, slot: leaf.slot } : dataField(leaf, name);
    });
    const isEvent = system.some(({ name }) => name === 'EventID' || name === 'Channel' || name === 'Provider_Name');
    // Any of the values of what looks like no event may be one: a container's `log`, a queue's `message`, a script's `xml`.
    return {
      fields: [...system, ...fields],
      ...(isEvent ? {} : { nested: leaves.all.map((leaf) => ({ leaf, holds: 'event' })) }),
    };
  },
};
