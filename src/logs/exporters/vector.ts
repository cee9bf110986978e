/**
 * Vector, `windows_event_log` source: System as keys in small letters, the data as maps, values without names in `string_inserts`,
 * and the whole event in `xml` when it is asked for.
 */
import { GUID, HEX } from '../text/text-value.ts';
import type { Exporter, SlotField } from './exporter.ts';
import { dataField, dottedName, nestedIn, type SystemNames, systemFields, withUnnamed } from './mapping.ts';

const SYSTEM: SystemNames = {
  provider_name: 'Provider_Name',
  provider_guid: ['Provider_Guid', GUID],
  event_id: 'EventID',
  qualifiers: 'EventID_Qualifiers',
  version: 'Version',
  level_value: 'Level',
  task: 'Task',
  opcode: 'Opcode',
  keywords: ['Keywords', HEX],
  timestamp: 'TimeCreated_SystemTime',
  record_id: 'EventRecordID',
  activity_id: ['Correlation_ActivityID', GUID],
  related_activity_id: ['Correlation_RelatedActivityID', GUID],
  process_id: 'Execution_ProcessID',
  thread_id: 'Execution_ThreadID',
  channel: 'Channel',
  computer: 'Computer',
  user_id: 'Security_UserID',
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
    const values = leaves.get('string_inserts');
    if (values !== undefined) data.push(dataField(values, 'Data'));
    const message = leaves.get('message');
    const isBare = data.length === 0 && message !== undefined;
    if (isBare) data.push(dataField(message, 'Message'));
    return {
      fields: [...systemFields(leaves, SYSTEM), ...withUnnamed(data)],
      nested: [...nestedIn(leaves, 'event', 'xml')!, ...(isBare ? nestedIn(leaves, 'data', 'message')! : [])],
    };
  },
};
