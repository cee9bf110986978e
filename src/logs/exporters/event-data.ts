/**
 * Records with System as columns and the data in a section: `EventData` or `UserData` beside `EventID`, as an object, a list of
 * names and values, or JSON or XML text. Written by Velociraptor's artifacts, many databases and scripts.
 */
import { TIME } from '../text/text-value.ts';
import { dependentItems, eventData, sectionLeaves, userData } from './data-section.ts';
import type { Exporter } from './exporter.ts';
import { type FieldNames, nestedIn, systemFields } from './mapping.ts';

/** Names in use for System fields. When several mean the same field, the first one counts. */
export const SYSTEM: FieldNames = {
  Provider_Name: ['Provider_Name', 'ProviderName', 'Provider', 'Provider.Name', 'SourceName', 'Source'],
  Provider_Guid: ['Provider_Guid', 'ProviderGuid'],
  EventID: ['EventID', 'EventId', 'EventID.Value', 'event_id', 'EventCode'],
  Version: 'Version',
  Level: 'Level',
  Task: 'Task',
  Opcode: 'Opcode',
  Keywords: 'Keywords',
  TimeCreated_SystemTime: [
    TIME,
    'TimeCreated_SystemTime',
    'TimeCreated',
    'TimeCreated.SystemTime',
    'SystemTime',
    'EventTime',
    'TimeGenerated',
    '@timestamp',
    'Timestamp',
    'timestamp',
  ],
  EventRecordID: ['EventRecordID', 'EventRecordId', 'RecordNumber', 'RecordID', 'RecordId'],
  Execution_ProcessID: 'ProcessID',
  Execution_ThreadID: 'ThreadID',
  Channel: ['Channel', 'LogName'],
  Computer: ['Computer', 'ComputerName', 'MachineName', 'Hostname', 'Fqdn'],
  Security_UserID: ['UserID', 'UserSID'],
};

export const exporter: Exporter = {
  name: 'event-data',
  description: 'Velociraptor artifacts and others with `EventData` or `UserData` beside `EventID`',
  priority: 45,
  example: {
    EventTime: '2024-01-01T00:00:00Z',
    Channel: 'System',
    Provider: 'Service Control Manager',
    EventID: 7045,
    EventData: [{ Name: 'ServiceName', Value: 'PSEXESVC' }],
  },
  plan(leaves) {
    const data = sectionLeaves(leaves.all, 0, 'eventdata');
    const user = sectionLeaves(leaves.all, 0, 'userdata');
    const texts = nestedIn(leaves, 'data', 'EventData', 'UserData', 'eventdata', 'eventData');
    if (data.length + user.length + texts.length === 0) return null;
    const system = systemFields(leaves, SYSTEM);
    if (!system.some(({ name }) => name === 'EventID')) return null;
    const section = eventData(data);
    return { fields: [...system, ...section.fields, ...userData(user)], dependent: dependentItems(section.named), nested: texts };
  },
};
