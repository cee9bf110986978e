/**
 * Telegraf `win_eventlog` in JSON: one map of `fields` and one of `tags`. Which of the two holds a value is a setting. The names of
 * data begin with the element: `Data_Image`, `EventXML_Param1`.
 */
import { TIME } from '../text/text-value.ts';
import type { Exporter, SlotField } from './exporter.ts';
import { auditKeywords, columns, dataFields, type FieldNames, nestedIn, renamedLeaves, withUnnamed } from './mapping.ts';

const SYSTEM: FieldNames = {
  Provider_Name: 'Source',
  EventID: 'EventID',
  Version: 'Version',
  Level: 'Level',
  Task: 'Task',
  Opcode: 'Opcode',
  // The time of the metric: that of the event, or that of its collection.
  TimeCreated_SystemTime: ['TimeCreated', TIME, 'timestamp'],
  EventRecordID: 'EventRecordID',
  Correlation_ActivityID: 'ActivityID',
  Correlation_RelatedActivityID: 'RelatedActivityID',
  Execution_ProcessID: 'ProcessID',
  Execution_ThreadID: 'ThreadID',
  Channel: 'Channel',
  Computer: 'Computer',
  Security_UserID: 'UserID',
};
const ADDED = new Set(['Keywords', 'LevelText', 'TaskText', 'OpcodeText', 'UserName', 'ProcessName', 'Message', 'host', 'name']);

const DATA = /^Data(?:_|$)/;

/** What the names of UserData have in common: the name of their element, which may contain an underscore itself. */
function elementPrefix(names: readonly string[]): string {
  const user = names.filter((name) => !DATA.test(name) && name !== 'Binary');
  let common = user[0] ?? '';
  for (const name of user) while (!name.startsWith(common)) common = common.slice(0, -1);
  return common.slice(0, common.lastIndexOf('_') + 1);
}

/** `Data_Image` is `Image`. Unnamed data is `Data`, or `Data_1`, `Data_2` when there are several. */
function windowsName(name: string, prefix: string): string {
  if (/^Data(?:_\d+)?$/.test(name)) return 'Data';
  if (DATA.test(name)) return name.slice('Data_'.length);
  return name === 'Binary' ? name : name.slice(prefix.length);
}

export const exporter: Exporter = {
  name: 'telegraf',
  description: 'Telegraf `win_eventlog` in JSON: `EventID` and `Channel` inside of `tags` or `fields`',
  lost: 'the GUID of the provider; data that is empty, and blanks at its ends; Keywords but for the audit ones; a name that comes twice is numbered',
  priority: 27,
  example: {
    name: 'win_eventlog',
    tags: { Channel: 'Microsoft-Windows-Sysmon/Operational', Computer: 'PC1', EventID: '1', Source: 'Microsoft-Windows-Sysmon' },
    fields: { Data_Image: 'C:\\a.exe', EventRecordID: 77, TimeCreated: '2024-01-01T00:00:00.1234567Z' },
    timestamp: 1704067200,
  },
  plan(leaves) {
    const isMetric = leaves.all.some(({ path }) => path[0] === 'tags') && leaves.all.some(({ path }) => path[0] === 'fields');
    if (!isMetric) return null;
    const flat = renamedLeaves(leaves, (name) => name.replace(/^(?:fields|tags)\./, ''));
    if (!flat.has('EventID') || !flat.has('Channel')) return null;
    const { system, data: found } = columns(flat, SYSTEM, (name) => ADDED.has(name));
    const prefix = elementPrefix(found.map(({ name }) => name));
    const data: SlotField[] = found.map((field) => ({ ...field, name: windowsName(field.name, prefix) }));
    if (data.length === 0) data.push(...dataFields(flat, { Message: 'Message' }));
    return {
      fields: [...system, ...withUnnamed(data), ...auditKeywords(flat, 'Keywords')],
      nested: found.length > 0 ? [] : nestedIn(flat, 'data', 'Message'),
    };
  },
};
