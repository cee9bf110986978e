/**
 * Splunk search results exported as JSON: `{"preview": false, "result": {...}}` (the envelope has been removed before). If
 * `_raw` is the event as XML (XmlWinEventLog), the event is read from it; otherwise the fields that Splunk extracted are used.
 */
import { TIME } from '../text/text-value.ts';
import type { Exporter, Leaves, SlotField } from './exporter.ts';
import { dataField, dottedName, type FieldNames, systemFields } from './mapping.ts';

const SYSTEM: FieldNames = {
  Provider_Name: ['SourceName', 'Provider_Name', 'ProviderName'],
  Provider_Guid: 'Guid',
  EventID: ['EventCode', 'EventID'],
  Channel: ['Channel', 'LogName'],
  Computer: ['ComputerName', 'Computer', 'dvc', 'host'],
  TimeCreated_SystemTime: [TIME, 'SystemTime', '_time', 'time'],
  EventRecordID: ['RecordNumber', 'EventRecordID'],
  Level: 'Level',
  Task: 'Task',
  Opcode: 'Opcode',
  Keywords: 'Keywords',
  Version: 'Version',
};

/** What Splunk adds to every event. */
const ADDED =
  /^(?:_.*|event|time|host|source|sourcetype|index|linecount|punct|splunk_server(?:_group)?|timestartpos|timeendpos|date_.*|eventtype|tag(?:::.*)?|vendor_product|Message|EventType|Type|OpCode|TaskCategory|SystemTime|EventCode|RecordNumber|ComputerName|LogName)$/;

function dataFields(leaves: Leaves, taken: ReadonlySet<number>): SlotField[] {
  return leaves.all
    .filter(({ name, slot }) => !taken.has(slot) && !ADDED.test(name))
    .map((leaf) => dataField(leaf, dottedName(leaf.name)));
}

export const exporter: Exporter = {
  name: 'splunk',
  description:
    'Splunk search results and HTTP event collector: `_raw`, `event` beside `sourcetype`, or `sourcetype` and `EventCode`',
  lost: 'nothing when `_raw` holds XML; else what the field extraction of Splunk left',
  example: {
    result: {
      _time: '2024-01-01T00:00:00Z',
      sourcetype: 'WinEventLog:Security',
      LogName: 'Security',
      SourceName: 'Microsoft Windows security auditing.',
      EventCode: '4688',
      ComputerName: 'PC1',
      New_Process_Name: 'C:\\a.exe',
    },
  },
  priority: 35,
  plan(leaves) {
    const collected = leaves.has('sourcetype') ? leaves.get('event') : undefined;
    const raw = leaves.get('_raw') ?? collected;
    const isSearchResult = leaves.has('sourcetype') && (leaves.has('EventCode') || leaves.has('EventID'));
    if (raw === undefined && !isSearchResult) return null;
    const system = systemFields(leaves, SYSTEM);
    const data = dataFields(leaves, new Set(system.map(({ slot }) => slot)));
    const message = leaves.get('Message') ?? raw;
    if (data.length === 0 && message !== undefined) data.push(dataField(message, 'Message'));
    return { fields: [...system, ...data], ...(raw === undefined ? {} : { nested: [{ leaf: raw, holds: 'event' as const }] }) };
  },
};
