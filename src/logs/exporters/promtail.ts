/**
 * Grafana's agents (Promtail `windows_events`, Alloy `loki.source.windowsevent`): a line of JSON with System as keys, and the
 * inside of EventData or UserData as XML text.
 */
import { GUID } from '../text/text-value.ts';
import type { Exporter } from './exporter.ts';
import { auditKeywords, dataField, nestedIn, type SystemNames, systemFields } from './mapping.ts';

const SYSTEM: SystemNames = {
  source: 'Provider_Name',
  event_id: 'EventID',
  version: 'Version',
  level: 'Level',
  task: 'Task',
  opCode: 'Opcode',
  timeCreated: 'TimeCreated_SystemTime',
  eventRecordID: 'EventRecordID',
  'correlation.activityID': ['Correlation_ActivityID', GUID],
  'correlation.relatedActivityID': ['Correlation_RelatedActivityID', GUID],
  'execution.processId': 'Execution_ProcessID',
  'execution.threadId': 'Execution_ThreadID',
  channel: 'Channel',
  computer: 'Computer',
  'security.userId': 'Security_UserID',
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
    const data = nestedIn(leaves, 'data', 'event_data', 'user_data')!;
    const message = leaves.get('message');
    if (data.length > 0 || message === undefined) return { fields, nested: data };
    return { fields: [...fields, dataField(message, 'Message')], nested: nestedIn(leaves, 'data', 'message') };
  },
};
