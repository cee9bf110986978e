/**
 * Winlogbeat and Elastic Agent: the event under `winlog` (since 7.0) or at the top level (before), with ECS fields beside it.
 * Most ECS fields repeat the event in other words and are dropped, so that rules see what Windows logged. Fields that Elastic's
 * modules have moved to ECS keys are moved back.
 */
import { GUID } from '../text/text-value.ts';
import { hasEcsFields, windowsFields } from './ecs-windows.ts';
import type { Exporter, ExporterPlan, Leaves, SlotField } from './exporter.ts';
import { auditKeywords, dataField, type SystemNames, systemFields, withUnnamed } from './mapping.ts';

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

/** Names in Winlogbeat 6 and older. */
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

/** Fields of `event_data` and `user_data`. `xml_name` is the name of UserData's wrapper element. */
function dataFields(leaves: Leaves, prefix: string): SlotField[] {
  const fields: SlotField[] = [];
  for (const leaf of leaves.all) {
    for (const section of ['event_data.', 'user_data.']) {
      if (!leaf.name.startsWith(prefix + section)) continue;
      const name = leaf.name.slice(prefix.length + section.length).replaceAll('[]', '');
      if (name !== 'xml_name') fields.push(dataField(leaf, name));
    }
  }
  return withUnnamed(fields);
}

/** The fields that modules have moved. Which ones they are depends on channel and EventID. */
function movedFields(
  leaves: Leaves,
  system: readonly SlotField[],
  data: readonly SlotField[],
  rendered: readonly SlotField[],
): ExporterPlan['dependent'] {
  const slotOf = (name: string): number => system.find((field) => field.name === name)?.slot ?? -1;
  const taken = new Set(data.map(({ name }) => name));
  return {
    on: [slotOf('Channel'), slotOf('EventID')],
    fields([channel, eventId]) {
      const moved = windowsFields(leaves, channel ?? '', Number(eventId ?? -1), taken);
      return moved.length === 0 ? rendered : moved;
    },
  };
}

export const exporter: Exporter = {
  name: 'winlogbeat',
  description: 'Winlogbeat, Elastic Agent: `winlog` (before 7.0: `log_name`, `event_id`)',
  lost: 'Level, Task, Opcode (names instead of numbers), Keywords but for the audit ones; times have milliseconds unless `winlog.time_created` is there; unnamed data is `param1`, `param2` ... (offered as `Data`, too)',
  example: {
    '@timestamp': '2024-01-01T00:00:00Z',
    winlog: {
      channel: 'Microsoft-Windows-Sysmon/Operational',
      provider_name: 'Microsoft-Windows-Sysmon',
      event_id: '1',
      computer_name: 'PC1',
      event_data: { Image: 'C:\\a.exe' },
    },
  },
  priority: 20,
  plan(leaves) {
    const isNew = leaves.all.some(({ name }) => name.startsWith('winlog.'));
    const isOld = !isNew && leaves.has('log_name') && leaves.has('event_id');
    if (!isNew && !isOld) return null;
    const prefix = isNew ? 'winlog.' : '';
    const system = systemFields(leaves, isNew ? SYSTEM : OLD_SYSTEM);
    const data = dataFields(leaves, prefix);
    const message = leaves.get('message');
    const rendered = data.length === 0 && message !== undefined ? [dataField(message, 'Message')] : [];
    const isMoved = isNew && hasEcsFields(leaves);
    const originals = [leaves.get('event.original'), message].filter((leaf) => leaf !== undefined);
    return {
      fields: [...system, ...data, ...(isMoved ? [] : rendered), ...auditKeywords(leaves, `${prefix}keywords`)],
      ...(isMoved ? { dependent: movedFields(leaves, system, data, rendered) } : {}),
      nested: originals.map((leaf) => ({ leaf, holds: 'event' })),
    };
  },
};
