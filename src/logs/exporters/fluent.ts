/**
 * fluent-bit `winevtlog` and fluentd `windows_eventlog2`: System as a map, or as XML in `System`; the data as values without
 * names, together with the rendered message.
 */
import { GUID, TIME } from '../text/text-value.ts';
import type { Exporter } from './exporter.ts';
import { dataField, nestedIn, type SystemNames, systemFields } from './mapping.ts';

const SYSTEM: SystemNames = {
  ProviderName: 'Provider_Name',
  ProviderGuid: ['Provider_Guid', GUID],
  ProviderGUID: ['Provider_Guid', GUID],
  Qualifiers: 'EventID_Qualifiers',
  EventID: 'EventID',
  Version: 'Version',
  Level: 'Level',
  Task: 'Task',
  Opcode: 'Opcode',
  Keywords: 'Keywords',
  TimeCreated: ['TimeCreated_SystemTime', TIME],
  TimeGenerated: ['TimeCreated_SystemTime', TIME],
  date: ['TimeCreated_SystemTime', TIME],
  EventRecordID: 'EventRecordID',
  RecordNumber: 'EventRecordID',
  ActivityID: ['Correlation_ActivityID', GUID],
  RelatedActivityID: ['Correlation_RelatedActivityID', GUID],
  ProcessID: 'Execution_ProcessID',
  ThreadID: 'Execution_ThreadID',
  Channel: 'Channel',
  Computer: 'Computer',
  ComputerName: 'Computer',
  UserID: 'Security_UserID',
};
const VALUES = ['StringInserts', 'EventData'];
const MESSAGES = ['Message', 'Description'];

export const exporter: Exporter = {
  name: 'fluent',
  description: 'fluent-bit `winevtlog`, fluentd `windows_eventlog2`: `StringInserts`, or `EventData` beside `ProviderGUID`',
  lost: 'the names of data, but where the message tells them (see Messages below): values are `Data`, `Message` is kept beside them; the user, who is a name',
  priority: 28,
  example: {
    ProviderName: 'Service Control Manager',
    EventID: 7045,
    TimeCreated: '2024-01-01 00:00:00 +0000',
    Channel: 'System',
    Computer: 'PC1',
    Message: 'A service was installed in the system.',
    StringInserts: ['PSEXESVC', 'C:\\a.exe'],
  },
  plan(leaves) {
    if (!leaves.has('StringInserts') && !(leaves.has('ProviderGUID') && leaves.has('EventData'))) return null;
    if (!leaves.has('System') && !leaves.has('EventID')) return null;
    const find = (names: readonly string[]) => names.map((name) => leaves.get(name)).find((leaf) => leaf !== undefined);
    const values = find(VALUES);
    const message = find(MESSAGES);
    return {
      fields: [
        ...systemFields(leaves, SYSTEM),
        ...(values === undefined ? [] : [dataField(values, 'Data')]),
        ...(message === undefined ? [] : [dataField(message, 'Message')]),
      ],
      nested: [...nestedIn(leaves, 'system', 'System')!, ...nestedIn(leaves, 'data', ...MESSAGES)!],
    };
  },
};
