/**
 * Winlogbeat and Elastic Agent: the event under `winlog` (since 7.0) or at the top level (before), ECS fields beside it. The
 * ECS fields repeat the event in other words; only the event's own fields are kept, so that rules see what Windows logged.
 */
import { GUID } from '../text/text-value.ts';
import type { ComputedField, Dialect, DialectField, Leaves } from './dialect.ts';
import { dataField, type SystemNames, systemFields } from './mapping.ts';

const SYSTEM: SystemNames = {
  'winlog.provider_name': 'Provider_Name',
  'winlog.provider_guid': ['Provider_Guid', GUID],
  'winlog.event_id': 'EventID',
  'event.code': 'EventID',
  'winlog.version': 'Version',
  'winlog.time_created': 'TimeCreated_SystemTime',
  'event.created_time': 'TimeCreated_SystemTime',
  '@timestamp': 'TimeCreated_SystemTime',
  'winlog.record_id': 'EventRecordID',
  'winlog.activity_id': ['Correlation_ActivityID', GUID],
  'winlog.related_activity_id': ['Correlation_RelatedActivityID', GUID],
  'winlog.process.pid': 'Execution_ProcessID',
  'winlog.process.thread.id': 'Execution_ThreadID',
  'winlog.channel': 'Channel',
  'winlog.computer_name': 'Computer',
  'winlog.user.identifier': 'Security_UserID',
};

/** Winlogbeat 6 and older. */
const OLD_SYSTEM: SystemNames = {
  source_name: 'Provider_Name',
  provider_guid: ['Provider_Guid', GUID],
  event_id: 'EventID',
  version: 'Version',
  '@timestamp': 'TimeCreated_SystemTime',
  record_number: 'EventRecordID',
  activity_id: ['Correlation_ActivityID', GUID],
  related_activity_id: ['Correlation_RelatedActivityID', GUID],
  process_id: 'Execution_ProcessID',
  thread_id: 'Execution_ThreadID',
  log_name: 'Channel',
  computer_name: 'Computer',
  'user.identifier': 'Security_UserID',
};

/** The names that Windows gives to the audit keywords; other names stand for bits that differ by provider. */
const AUDIT_KEYWORDS: Readonly<Record<string, string>> = {
  'audit success': '0x8020000000000000',
  'audit failure': '0x8010000000000000',
};

function keywords(leaves: Leaves, key: string): ComputedField[] {
  const leaf = leaves.get(key);
  if (leaf === undefined) return [];
  return [
    {
      section: 'system',
      name: 'Keywords',
      kind: 'text',
      compute: (text) => AUDIT_KEYWORDS[text(leaf.slot)?.toLowerCase() ?? ''],
    },
  ];
}

/** Fields of `event_data` and `user_data`; `xml_name` is the name of UserData's wrapper. */
function dataFields(leaves: Leaves, prefix: string): DialectField[] {
  const fields: DialectField[] = [];
  for (const leaf of leaves.all) {
    for (const section of ['event_data.', 'user_data.']) {
      if (!leaf.name.startsWith(prefix + section)) continue;
      const name = leaf.name.slice(prefix.length + section.length).replaceAll('[]', '');
      if (name !== 'xml_name') fields.push(dataField(leaf, name));
    }
  }
  // Unnamed data is `param1`, `param2` ... here. Some providers have data of that name: rules may ask for either.
  if (fields.length > 0 && fields.every(({ name }) => /^param\d+$/.test(name))) {
    return fields.flatMap((field) => [field, { ...field, name: 'Data' }]);
  }
  return fields;
}

export const dialect: Dialect = {
  name: 'winlogbeat',
  priority: 20,
  plan(leaves) {
    const isNew = leaves.all.some(({ name }) => name.startsWith('winlog.'));
    const isOld = !isNew && leaves.has('log_name') && leaves.has('event_id');
    if (!isNew && !isOld) return null;
    const prefix = isNew ? 'winlog.' : '';
    const data = dataFields(leaves, prefix);
    const message = leaves.get('message');
    if (data.length === 0 && message !== undefined) data.push(dataField(message, 'Message'));
    return {
      fields: [...systemFields(leaves, isNew ? SYSTEM : OLD_SYSTEM), ...data],
      computed: keywords(leaves, `${prefix}keywords`),
    };
  },
};
