/**
 * fluent-bit `winevtlog` and fluentd `windows_eventlog2`: System as a map, or as XML in `System`; the data as values without
 * names, together with the rendered message.
 */
import { TIME } from '../text/text-value.ts';
import type { Exporter } from './exporter.ts';
import { dataFields, type FieldNames, nestedIn, systemFields } from './mapping.ts';

const SYSTEM: FieldNames = {
  Provider_Name: 'ProviderName',
  Provider_Guid: ['ProviderGuid', 'ProviderGUID'],
  EventID_Qualifiers: 'Qualifiers',
  EventID: 'EventID',
  Version: 'Version',
  Level: 'Level',
  Task: 'Task',
  Opcode: 'Opcode',
  Keywords: 'Keywords',
  TimeCreated_SystemTime: [TIME, 'TimeCreated', 'TimeGenerated', 'date'],
  EventRecordID: ['EventRecordID', 'RecordNumber'],
  Correlation_ActivityID: 'ActivityID',
  Correlation_RelatedActivityID: 'RelatedActivityID',
  Execution_ProcessID: 'ProcessID',
  Execution_ThreadID: 'ThreadID',
  Channel: 'Channel',
  Computer: ['Computer', 'ComputerName'],
  Security_UserID: 'UserID',
};
const DATA: FieldNames = { Data: ['StringInserts', 'EventData'], Message: ['Message', 'Description'] };

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
    return {
      fields: [...systemFields(leaves, SYSTEM), ...dataFields(leaves, DATA)],
      nested: [...nestedIn(leaves, 'system', 'System'), ...nestedIn(leaves, 'data', 'Message', 'Description')],
    };
  },
};
