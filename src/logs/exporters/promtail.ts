/**
 * Grafana's agents (Promtail `windows_events`, Alloy `loki.source.windowsevent`): a line of JSON with System as keys, and the
 * inside of EventData or UserData as XML text.
 */
import type { Exporter } from './exporter.ts';
import { auditKeywords, dataFields, type FieldNames, nestedIn, systemFields } from './mapping.ts';

const SYSTEM: FieldNames = {
  Provider_Name: 'source',
  EventID: 'event_id',
  Version: 'version',
  Level: 'level',
  Task: 'task',
  Opcode: 'opCode',
  TimeCreated_SystemTime: 'timeCreated',
  EventRecordID: 'eventRecordID',
  Correlation_ActivityID: 'correlation.activityID',
  Correlation_RelatedActivityID: 'correlation.relatedActivityID',
  Execution_ProcessID: 'execution.processId',
  Execution_ThreadID: 'execution.threadId',
  Channel: 'channel',
  Computer: 'computer',
  Security_UserID: 'security.userId',
};

export const exporter: Exporter = {
  name: 'promtail',
  description: 'Promtail `windows_events`, Grafana Alloy `loki.source.windowsevent`: `event_id`, `timeCreated`, `source`',
  lost: 'the GUID of the provider; System fields that are 0; Keywords but for the audit ones; UserData in versions of Promtail that write EventData twice',
  priority: 23,
  example: {
    source: 'Microsoft-Windows-Sysmon',
    channel: 'Microsoft-Windows-Sysmon/Operational',
    computer: 'PC1',
    event_id: 1,
    timeCreated: '2024-01-01T00:00:00.1234567Z',
    eventRecordID: 77,
    event_data: "<Data Name='Image'>C:\\a.exe</Data>",
  },
  plan(leaves) {
    if (!leaves.has('event_id') || !leaves.has('timeCreated')) return null;
    const fields = [...systemFields(leaves, SYSTEM), ...auditKeywords(leaves, 'keywords')];
    const data = nestedIn(leaves, 'data', 'event_data', 'user_data');
    if (data.length > 0) return { fields, nested: data };
    return { fields: [...fields, ...dataFields(leaves, { Message: 'message' })], nested: nestedIn(leaves, 'data', 'message') };
  },
};
