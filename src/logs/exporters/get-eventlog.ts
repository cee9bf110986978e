/**
 * `Get-EventLog | ConvertTo-Json`: without a channel, because the log's name is not exported; the data is in
 * `ReplacementStrings`.
 */
import { TIME } from '../text/text-value.ts';
import type { Exporter } from './exporter.ts';
import { dataField, type SystemNames, systemFields } from './mapping.ts';

const SYSTEM: SystemNames = {
  Source: 'Provider_Name',
  EventID: 'EventID',
  'TimeGenerated.value': ['TimeCreated_SystemTime', TIME],
  TimeGenerated: ['TimeCreated_SystemTime', TIME],
  Index: 'EventRecordID',
  MachineName: 'Computer',
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
    const strings = leaves.get('ReplacementStrings');
    if (strings === undefined || !leaves.has('EventID') || !leaves.has('Source')) return null;
    const message = leaves.get('Message');
    const texts = message === undefined ? [] : [dataField(message, 'Message')];
    return { fields: [...systemFields(leaves, SYSTEM), dataField(strings, 'Data'), ...texts] };
  },
};
