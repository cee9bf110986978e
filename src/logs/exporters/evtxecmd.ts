/** EvtxECmd `--json`: System as columns, the data as JSON text in `Payload`. */
import { TIME } from '../text/text-value.ts';
import type { Exporter } from './exporter.ts';
import { auditKeywords, type FieldNames, nestedIn, systemFields } from './mapping.ts';

export const SYSTEM: FieldNames = {
  Provider_Name: 'Provider',
  EventID: 'EventId',
  TimeCreated_SystemTime: [TIME, 'TimeCreated'],
  EventRecordID: 'EventRecordId',
  Execution_ProcessID: 'ProcessId',
  Execution_ThreadID: 'ThreadId',
  Channel: 'Channel',
  Computer: 'Computer',
  Security_UserID: 'UserId',
};

export const exporter: Exporter = {
  name: 'evtxecmd',
  description: 'EvtxECmd `--json`: `Payload`, `EventId`, `Channel`',
  lost: 'Level, Task, Opcode; Keywords but for the audit ones; where one unnamed value ends and the next begins',
  priority: 12,
  example: {
    Payload: '{"EventData":{"Data":[{"@Name":"LogonType","#text":"10"}]}}',
    Channel: 'Security',
    Provider: 'Microsoft-Windows-Security-Auditing',
    EventId: 4624,
    EventRecordId: '5',
    Keywords: 'Audit success',
    TimeCreated: '2024-01-01T00:00:00.1234567+00:00',
  },
  plan(leaves) {
    if (!leaves.has('Payload') || !leaves.has('EventId') || !leaves.has('Channel')) return null;
    const fields = [...systemFields(leaves, SYSTEM), ...auditKeywords(leaves, 'Keywords')];
    return { fields, nested: nestedIn(leaves, 'data', 'Payload') };
  },
};
