/**
 * GELF, and what Graylog makes of it: NXLog's fields (in GELF with an underscore before their names) beside the fields of a
 * Graylog message.
 */
import { HEX, TIME } from '../text/text-value.ts';
import type { ComputedField, Exporter, Leaves } from './exporter.ts';
import { columns, dataField, type FieldNames, nestedIn, renamedLeaves } from './mapping.ts';
import { ADDED as NXLOG_ADDED } from './nxlog.ts';

const SYSTEM: FieldNames = {
  Provider_Name: 'SourceName',
  Provider_Guid: 'ProviderGuid',
  EventID: 'EventID',
  Version: 'Version',
  Task: 'Task',
  Opcode: 'OpcodeValue',
  Keywords: [HEX, 'Keywords'],
  TimeCreated_SystemTime: [TIME, 'timestamp'],
  EventRecordID: 'RecordNumber',
  Correlation_ActivityID: 'ActivityID',
  Execution_ProcessID: 'ExecutionProcessID',
  Execution_ThreadID: ['ExecutionThreadID', 'ThreadID'],
  Channel: 'Channel',
  Computer: ['Hostname', 'host', 'source'],
  Security_UserID: 'UserID',
};
/** Keys of a Graylog message that are not fields of the event. */
const MESSAGE = /^(?:version|level|short_message|full_message|message|facility|line|file|streams|id|EventType|gl2_.*)$/;

/** Values of NXLog's own EventType, which is a severity, not a field of the event. */
const SEVERITY = /^(?:AUDIT_FAILURE|AUDIT_SUCCESS|CRITICAL|DEBUG|ERROR|INFO|VERBOSE|WARNING)$/;

function eventType(leaves: Leaves): ComputedField[] {
  const leaf = leaves.get('EventType');
  if (leaf === undefined) return [];
  const compute = (text: (slot: number) => string | undefined): string | undefined => {
    const value = text(leaf.slot);
    return value === undefined || SEVERITY.test(value) ? undefined : value;
  };
  return [{ section: 'data', name: 'EventType', kind: 'text', compute }];
}

export const exporter: Exporter = {
  name: 'gelf',
  description: 'GELF and Graylog behind NXLog: `EventID` or `_EventID` beside `short_message` or `full_message`',
  lost: 'as with NXLog; times have milliseconds',
  priority: 26,
  example: {
    version: '1.1',
    host: 'PC1',
    short_message: 'Process Create',
    timestamp: 1704067200.44,
    _EventID: 1,
    _SourceName: 'Microsoft-Windows-Sysmon',
    _Channel: 'Microsoft-Windows-Sysmon/Operational',
    _Image: 'C:\\a.exe',
  },
  plan(leaves) {
    if (!leaves.has('short_message') && !leaves.has('full_message')) return null;
    const plain = renamedLeaves(leaves, (name) => name.replace(/^_(?=[A-Za-z])/, ''));
    if (!plain.has('EventID')) return null;
    const { system, data } = columns(plain, SYSTEM, (name) => MESSAGE.test(name) || NXLOG_ADDED.has(name));
    if (data.length > 0) return { fields: [...system, ...data, ...eventType(plain)] };
    const message = plain.get('full_message') ?? plain.get('short_message')!;
    return { fields: [...system, dataField(message, 'Message')], nested: nestedIn(plain, 'data', 'full_message') };
  },
};
