/**
 * Records with System as columns and the data in a section: `EventData` or `UserData` beside `EventID`, as an object, a list of
 * names and values, or JSON or XML text. Written by Velociraptor's artifacts, many databases and scripts.
 */
import { GUID, TIME } from '../text/text-value.ts';
import { dependentItems, eventData, sectionLeaves, userData } from './data-section.ts';
import type { Exporter } from './exporter.ts';
import { nestedIn, type SystemNames, systemFields } from './mapping.ts';

/** Names in use for System fields. When several mean the same field, the first one counts. */
export const SYSTEM: SystemNames = {
  Provider_Name: 'Provider_Name',
  ProviderName: 'Provider_Name',
  Provider: 'Provider_Name',
  'Provider.Name': 'Provider_Name',
  SourceName: 'Provider_Name',
  Source: 'Provider_Name',
  Provider_Guid: ['Provider_Guid', GUID],
  ProviderGuid: ['Provider_Guid', GUID],
  EventID: 'EventID',
  EventId: 'EventID',
  'EventID.Value': 'EventID',
  event_id: 'EventID',
  EventCode: 'EventID',
  Version: 'Version',
  Level: 'Level',
  Task: 'Task',
  Opcode: 'Opcode',
  Keywords: 'Keywords',
  TimeCreated_SystemTime: ['TimeCreated_SystemTime', TIME],
  TimeCreated: ['TimeCreated_SystemTime', TIME],
  'TimeCreated.SystemTime': ['TimeCreated_SystemTime', TIME],
  SystemTime: ['TimeCreated_SystemTime', TIME],
  EventTime: ['TimeCreated_SystemTime', TIME],
  TimeGenerated: ['TimeCreated_SystemTime', TIME],
  '@timestamp': ['TimeCreated_SystemTime', TIME],
  Timestamp: ['TimeCreated_SystemTime', TIME],
  timestamp: ['TimeCreated_SystemTime', TIME],
  EventRecordID: 'EventRecordID',
  EventRecordId: 'EventRecordID',
  RecordNumber: 'EventRecordID',
  RecordID: 'EventRecordID',
  RecordId: 'EventRecordID',
  ProcessID: 'Execution_ProcessID',
  ThreadID: 'Execution_ThreadID',
  Channel: 'Channel',
  LogName: 'Channel',
  Computer: 'Computer',
  ComputerName: 'Computer',
  MachineName: 'Computer',
  Hostname: 'Computer',
  Fqdn: 'Computer',
  UserID: 'Security_UserID',
  UserSID: 'Security_UserID',
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
    const texts = [...nestedIn(leaves, 'data', 'EventData', 'UserData', 'eventdata', 'eventData')!];
    if (data.length + user.length + texts.length === 0) return null;
    const system = systemFields(leaves, SYSTEM);
    if (!system.some(({ name }) => name === 'EventID')) return null;
    const section = eventData(data);
    return { fields: [...system, ...section.fields, ...userData(user)], dependent: dependentItems(section.named), nested: texts };
  },
};
