/**
 * OpenTelemetry Collector, `windowseventlog` receiver: the body of a log record as a map, at the top level or under `body`. Event
 * data is a map, or (older versions) a list with one pair of name and value per item.
 */
import { GUID } from '../text/text-value.ts';
import type { Exporter, ExporterField, Leaf, Leaves } from './exporter.ts';
import { auditKeywords, dataField, nestedIn, renamedLeaves, type SystemNames, systemFields, withUnnamed } from './mapping.ts';

const SYSTEM: SystemNames = {
  'provider.name': 'Provider_Name',
  'provider.guid': ['Provider_Guid', GUID],
  'event_id.id': 'EventID',
  'event_id.qualifiers': 'EventID_Qualifiers',
  version: 'Version',
  system_time: 'TimeCreated_SystemTime',
  record_id: 'EventRecordID',
  'correlation.activity_id': ['Correlation_ActivityID', GUID],
  'correlation.related_activity_id': ['Correlation_RelatedActivityID', GUID],
  'execution.process_id': 'Execution_ProcessID',
  'execution.thread_id': 'Execution_ThreadID',
  channel: 'Channel',
  computer: 'Computer',
  'security.user_id': 'Security_UserID',
};

/** Keys of a section that are no fields: the name of the template, or of the wrapper element of UserData. */
const OWN_KEYS = new Set(['name', 'xml_name']);

/** The name of a data field; null when the value is no data field. */
function fieldName({ path }: Leaf): string | null {
  const [section, first = '', ...rest] = path;
  if (section !== 'event_data' && section !== 'user_data') return null;
  if (rest.length === 0 && OWN_KEYS.has(first)) return null;
  if (section === 'event_data' && first === 'binary') return 'Binary';
  // An item of the list without a name has an empty key, which is no step of the path.
  return first === 'data[]' ? (rest.at(-1) ?? 'Data') : (rest.at(-1) ?? first);
}

/** The fields of a body, whose leaves are given without the path that leads to it; null for a body of another kind. */
export function bodyFields(leaves: Leaves): ExporterField[] | null {
  if (!leaves.has('event_id.id') || !leaves.has('channel')) return null;
  const data = leaves.all.flatMap((leaf) => {
    const name = fieldName(leaf);
    return name === null ? [] : [dataField(leaf, name)];
  });
  const message = leaves.get('message');
  if (data.length === 0 && message !== undefined) data.push(dataField(message, 'Message'));
  return [...systemFields(leaves, SYSTEM), ...withUnnamed(data), ...auditKeywords(leaves, 'keywords')];
}

export const exporter: Exporter = {
  name: 'otel',
  description: 'OpenTelemetry Collector, `windowseventlog` receiver: `event_id.id` and `channel`, also inside of `body`',
  lost: 'Level, Task, Opcode (names instead of numbers), Keywords but for the audit ones; UserData in older versions. `raw: true` keeps all',
  priority: 21,
  example: {
    channel: 'Microsoft-Windows-Sysmon/Operational',
    computer: 'PC1',
    event_id: { id: 1, qualifiers: 0 },
    provider: { name: 'Microsoft-Windows-Sysmon' },
    record_id: 77,
    system_time: '2024-01-01T00:00:00.1234567Z',
    event_data: { data: [{ Image: 'C:\\a.exe' }] },
  },
  plan(leaves) {
    const body = renamedLeaves(leaves, (name) => name.replace(/^body\.(?:structured\.)?/i, ''));
    const fields = bodyFields(body);
    if (fields === null) return null;
    return fields.some(({ name }) => name === 'Message') ? { fields, nested: nestedIn(body, 'data', 'message') } : { fields };
  },
};
