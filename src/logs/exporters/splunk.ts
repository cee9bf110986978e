/**
 * Splunk search results, exported as JSON: `{"preview": false, "result": {...}}` (the envelope is taken off before). `_raw` is
 * the event as XML (XmlWinEventLog) and then is the event; else Splunk's own field extraction is all there is.
 */
import { GUID, TIME } from '../text/text-value.ts';
import type { Dialect, DialectField, Leaves } from './dialect.ts';
import { dataField, dottedName, type SystemNames, systemFields } from './mapping.ts';

const SYSTEM: SystemNames = {
  SourceName: 'Provider_Name',
  Provider_Name: 'Provider_Name',
  ProviderName: 'Provider_Name',
  Guid: ['Provider_Guid', GUID],
  EventCode: 'EventID',
  EventID: 'EventID',
  Channel: 'Channel',
  LogName: 'Channel',
  ComputerName: 'Computer',
  Computer: 'Computer',
  dvc: 'Computer',
  host: 'Computer',
  SystemTime: ['TimeCreated_SystemTime', TIME],
  _time: ['TimeCreated_SystemTime', TIME],
  RecordNumber: 'EventRecordID',
  EventRecordID: 'EventRecordID',
  Level: 'Level',
  Task: 'Task',
  Opcode: 'Opcode',
  Keywords: 'Keywords',
  Version: 'Version',
};

/** What Splunk adds to every event. */
const ADDED =
  /^(?:_.*|host|source|sourcetype|index|linecount|punct|splunk_server(?:_group)?|timestartpos|timeendpos|date_.*|eventtype|tag(?:::.*)?|vendor_product|Message|EventType|Type|OpCode|TaskCategory|SystemTime|EventCode|RecordNumber|ComputerName|LogName)$/;

function dataFields(leaves: Leaves, taken: ReadonlySet<number>): DialectField[] {
  return leaves.all
    .filter(({ name, slot }) => !taken.has(slot) && !ADDED.test(name))
    .map((leaf) => dataField(leaf, dottedName(leaf.name)));
}

export const dialect: Dialect = {
  name: 'splunk',
  priority: 35,
  plan(leaves) {
    const raw = leaves.get('_raw');
    const isSearchResult = leaves.has('sourcetype') && (leaves.has('EventCode') || leaves.has('EventID'));
    if (raw === undefined && !isSearchResult) return null;
    const system = systemFields(leaves, SYSTEM);
    const data = dataFields(leaves, new Set(system.map(({ slot }) => slot)));
    const message = leaves.get('Message') ?? raw;
    if (data.length === 0 && message !== undefined) data.push(dataField(message, 'Message'));
    return { fields: [...system, ...data], ...(raw === undefined ? {} : { xmlSlot: raw.slot }) };
  },
};
