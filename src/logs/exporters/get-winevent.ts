/**
 * `Get-WinEvent ... | ConvertTo-Json`: the properties of EventLogRecord. The data (`Properties`) has values without names, so it
 * becomes unnamed data. The rendered `Message` is kept too, because only the message tells what each value is.
 */
import { HEX, TIME } from '../text/text-value.ts';
import type { Exporter, Leaves, SlotField } from './exporter.ts';
import { dataField, dataFields, type FieldNames, nestedIn, systemFields } from './mapping.ts';

export const SYSTEM: FieldNames = {
  Provider_Name: 'ProviderName',
  Provider_Guid: 'ProviderId',
  EventID: 'Id',
  EventID_Qualifiers: 'Qualifiers',
  Version: 'Version',
  Level: 'Level',
  Task: 'Task',
  Opcode: 'Opcode',
  Keywords: [HEX, 'Keywords'],
  // Windows PowerShell writes either a bare `/Date(ms)/` or an object that contains it beside a display text.
  TimeCreated_SystemTime: [TIME, 'TimeCreated.value', 'TimeCreated'],
  EventRecordID: 'RecordId',
  Correlation_ActivityID: ['ActivityId', 'ActivityId.Guid'],
  Correlation_RelatedActivityID: 'RelatedActivityId',
  Execution_ProcessID: 'ProcessId',
  Execution_ThreadID: 'ThreadId',
  Channel: 'LogName',
  Computer: 'MachineName',
  Security_UserID: ['UserId.Value', 'UserId'],
};

/** Written in place of an object that lies deeper than `-Depth`. */
const TYPE_NAME = 'System.Diagnostics.Eventing.Reader.';
const CUT = {
  code: 'json/cut-properties',
  message: 'Properties holds the names of types instead of values: the data of these events is not there.',
  hint: 'ConvertTo-Json -Depth 4 keeps it; Event XML or EVTX says more.',
};

function properties(leaves: Leaves): SlotField[] {
  const isProperty = (name: string): boolean => name === 'Properties' || name === 'Properties[]' || name === 'Properties[].Value';
  return leaves.all.filter(({ name }) => isProperty(name)).map((leaf) => dataField(leaf, 'Data'));
}

export const exporter: Exporter = {
  name: 'get-winevent',
  description: '`Get-WinEvent | ConvertTo-Json`: `Id`, `ProviderName`, `LogName`',
  lost: 'the names of data, but where the message tells them (see Messages below): values are `Data`, `Message` is kept beside them. Use `-Depth 4`, or better: export XML',
  example: {
    Id: 1,
    ProviderName: 'Microsoft-Windows-Sysmon',
    LogName: 'Microsoft-Windows-Sysmon/Operational',
    TimeCreated: '/Date(1704067200000)/',
    Properties: [{ Value: 'C:\\a.exe' }],
  },
  priority: 30,
  plan(leaves) {
    if (!leaves.has('Id') || !leaves.has('ProviderName') || !leaves.has('LogName')) return null;
    const cut = leaves.get('Properties');
    return {
      fields: [...systemFields(leaves, SYSTEM), ...properties(leaves), ...dataFields(leaves, { Message: 'Message' })],
      nested: nestedIn(leaves, 'data', 'Message'),
      ...(cut === undefined ? {} : { note: (textOf) => (textOf(cut.slot)?.startsWith(TYPE_NAME) === true ? CUT : null) }),
    };
  },
};
