/**
 * `Get-EventLog | ConvertTo-Json`: without a channel, because the log's name is not exported; the data is in
 * `ReplacementStrings`.
 */
import { TIME } from '../text/text-value.ts';
import type { Exporter } from './exporter.ts';
import { dataFields, type FieldNames, systemFields } from './mapping.ts';

export const SYSTEM: FieldNames = {
  Provider_Name: 'Source',
  EventID: 'EventID',
  TimeCreated_SystemTime: [TIME, 'TimeGenerated.value', 'TimeGenerated'],
  EventRecordID: 'Index',
  Computer: 'MachineName',
};

export const exporter: Exporter = {
  name: 'get-eventlog',
  description: '`Get-EventLog | ConvertTo-Json`: `ReplacementStrings`, `EventID`, `Source`',
  lost: 'the channel: only rules whose log source names a provider look at them; the names of all data: values are `Data`',
  priority: 32,
  example: {
    EventID: 7045,
    MachineName: 'PC1',
    Index: 5,
    Source: 'Service Control Manager',
    ReplacementStrings: ['PSEXESVC'],
    TimeGenerated: '/Date(1704067200000)/',
    Message: 'A service was installed in the system.',
  },
  plan(leaves) {
    if (!leaves.has('ReplacementStrings') || !leaves.has('EventID') || !leaves.has('Source')) return null;
    return {
      fields: [...systemFields(leaves, SYSTEM), ...dataFields(leaves, { Data: 'ReplacementStrings', Message: 'Message' })],
    };
  },
};
