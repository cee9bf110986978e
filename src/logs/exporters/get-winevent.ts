/**
 * `Get-WinEvent ... | ConvertTo-Json`: properties of EventLogRecord. The data has values but no names (`Properties`), so it is
 * unnamed data here, and the rendered `Message` is kept beside it: it is the only place that says what is what.
 */
import { GUID, HEX, TIME } from '../text/text-value.ts';
import type { Dialect, DialectField, Leaves } from './dialect.ts';
import { dataField, type SystemNames, systemFields } from './mapping.ts';

const SYSTEM: SystemNames = {
  ProviderName: 'Provider_Name',
  ProviderId: ['Provider_Guid', GUID],
  Id: 'EventID',
  Qualifiers: 'EventID_Qualifiers',
  Version: 'Version',
  Level: 'Level',
  Task: 'Task',
  Opcode: 'Opcode',
  Keywords: ['Keywords', HEX],
  // Windows PowerShell writes a bare `/Date(ms)/` or, where it has added display text, an object with it.
  'TimeCreated.value': ['TimeCreated_SystemTime', TIME],
  TimeCreated: ['TimeCreated_SystemTime', TIME],
  RecordId: 'EventRecordID',
  ActivityId: ['Correlation_ActivityID', GUID],
  'ActivityId.Guid': ['Correlation_ActivityID', GUID],
  RelatedActivityId: ['Correlation_RelatedActivityID', GUID],
  ProcessId: 'Execution_ProcessID',
  ThreadId: 'Execution_ThreadID',
  LogName: 'Channel',
  MachineName: 'Computer',
  'UserId.Value': 'Security_UserID',
  UserId: 'Security_UserID',
};

function properties(leaves: Leaves): DialectField[] {
  const isProperty = (name: string): boolean => name === 'Properties' || name === 'Properties[]' || name === 'Properties[].Value';
  return leaves.all.filter(({ name }) => isProperty(name)).map((leaf) => dataField(leaf, 'Data'));
}

export const dialect: Dialect = {
  name: 'get-winevent',
  priority: 30,
  plan(leaves) {
    if (!leaves.has('Id') || !leaves.has('ProviderName') || !leaves.has('LogName')) return null;
    const message = leaves.get('Message');
    const text = message === undefined ? [] : [dataField(message, 'Message')];
    return { fields: [...systemFields(leaves, SYSTEM), ...properties(leaves), ...text] };
  },
};
