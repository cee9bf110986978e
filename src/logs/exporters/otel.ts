/**
 * OpenTelemetry Collector, `windowseventlog` receiver: the body of a log record as a map, at the top level or under `body`. Event
 * data is a map, or (older versions) a list with one pair of name and value per item.
 */
import type { Exporter, ExporterField, Leaf, Leaves } from './exporter.ts';
import {
  auditKeywords,
  dataField,
  dataFields,
  type FieldNames,
  nestedIn,
  renamedLeaves,
  systemFields,
  withUnnamed,
} from './mapping.ts';

const SYSTEM: FieldNames = {
  Provider_Name: 'provider.name',
  Provider_Guid: 'provider.guid',
  EventID: 'event_id.id',
  EventID_Qualifiers: 'event_id.qualifiers',
  Version: 'version',
  TimeCreated_SystemTime: 'system_time',
  EventRecordID: 'record_id',
  Correlation_ActivityID: 'correlation.activity_id',
  Correlation_RelatedActivityID: 'correlation.related_activity_id',
  Execution_ProcessID: 'execution.process_id',
  Execution_ThreadID: 'execution.thread_id',
  Channel: 'channel',
  Computer: 'computer',
  Security_UserID: 'security.user_id',
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
  if (data.length === 0) data.push(...dataFields(leaves, { Message: 'message' }));
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
