/**
 * Vector, `windows_event_log` source: System as keys in small letters, the data as maps, values without names in `string_inserts`,
 * and the whole event in `xml` when it is asked for.
 */
import { HEX } from '../text/text-value.ts';
import type { Exporter, SlotField } from './exporter.ts';
import { dataField, dataFields, dottedName, type FieldNames, nestedIn, systemFields, withUnnamed } from './mapping.ts';

const SYSTEM: FieldNames = {
  Provider_Name: 'provider_name',
  Provider_Guid: 'provider_guid',
  EventID: 'event_id',
  EventID_Qualifiers: 'qualifiers',
  Version: 'version',
  Level: 'level_value',
  Task: 'task',
  Opcode: 'opcode',
  Keywords: [HEX, 'keywords'],
  TimeCreated_SystemTime: 'timestamp',
  EventRecordID: 'record_id',
  Correlation_ActivityID: 'activity_id',
  Correlation_RelatedActivityID: 'related_activity_id',
  Execution_ProcessID: 'process_id',
  Execution_ThreadID: 'thread_id',
  Channel: 'channel',
  Computer: 'computer',
  Security_UserID: 'user_id',
};
const SECTION = /^(?:event_data|user_data)\./;

export const exporter: Exporter = {
  name: 'vector',
  description: 'Vector `windows_event_log`: `event_id`, `provider_name`, `channel`',
  lost: 'UserData, data that is empty, blanks at the ends of values, System fields that are 0; nothing with `include_xml` up to 32 KiB',
  priority: 25,
  example: {
    channel: 'Microsoft-Windows-Sysmon/Operational',
    provider_name: 'Microsoft-Windows-Sysmon',
    event_id: 1,
    computer: 'PC1',
    record_id: 77,
    timestamp: '2024-01-01T00:00:00.1234567Z',
    event_data: { Image: 'C:\\a.exe' },
  },
  plan(leaves) {
    if (!leaves.has('event_id') || !leaves.has('provider_name') || !leaves.has('channel')) return null;
    const data: SlotField[] = leaves.all
      .filter(({ name }) => SECTION.test(name))
      .map((leaf) => dataField(leaf, dottedName(leaf.name.replace(SECTION, ''))));
    data.push(...dataFields(leaves, { Data: 'string_inserts' }));
    const isBare = data.length === 0;
    if (isBare) data.push(...dataFields(leaves, { Message: 'message' }));
    return {
      fields: [...systemFields(leaves, SYSTEM), ...withUnnamed(data)],
      nested: [...nestedIn(leaves, 'event', 'xml'), ...(isBare ? nestedIn(leaves, 'data', 'message') : [])],
    };
  },
};
