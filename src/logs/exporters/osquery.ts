/** osquery: the tables `windows_events` (in the results log, with its columns inside `columns`) and `windows_eventlog`. */
import { HEX, TIME } from '../text/text-value.ts';
import type { Exporter } from './exporter.ts';
import { type FieldNames, nestedIn, renamedLeaves, systemFields } from './mapping.ts';

const SYSTEM: FieldNames = {
  Provider_Name: 'provider_name',
  Provider_Guid: 'provider_guid',
  EventID: 'eventid',
  Level: 'level',
  Task: 'task',
  Keywords: [HEX, 'keywords'],
  TimeCreated_SystemTime: [TIME, 'datetime', 'time'],
  Execution_ProcessID: 'pid',
  Execution_ThreadID: 'tid',
  Channel: ['channel', 'source'],
  Computer: ['computer_name', 'hostIdentifier'],
};

export const exporter: Exporter = {
  name: 'osquery',
  description: 'osquery `windows_events`, `windows_eventlog`: `eventid`, `provider_name`, `data`',
  lost: 'EventRecordID; unnamed data is one field',
  priority: 16,
  example: {
    name: 'windows_events',
    hostIdentifier: 'PC1',
    unixTime: 1704067200,
    columns: {
      data: '{"EventData":{"LogonType":"10"}}',
      datetime: '2024-01-01T00:00:00.123456700Z',
      eventid: '4624',
      provider_name: 'Microsoft-Windows-Security-Auditing',
      source: 'Security',
    },
    action: 'added',
  },
  plan(leaves) {
    const columns = renamedLeaves(leaves, (name) => name.replace(/^columns\./, ''));
    if (!columns.has('eventid') || !columns.has('provider_name') || !columns.has('data')) return null;
    return { fields: systemFields(columns, SYSTEM), nested: nestedIn(columns, 'data', 'data') };
  },
};
