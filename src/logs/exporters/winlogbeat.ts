/**
 * Winlogbeat and Elastic Agent: the event under `winlog` (since 7.0) or at the top level (before), with ECS fields beside it.
 * Most ECS fields repeat the event in other words and are dropped, so that rules see what Windows logged. Fields that Elastic's
 * modules have moved to ECS keys are moved back.
 */
import { hasEcsFields, windowsFields } from './ecs-windows.ts';
import type { Exporter, ExporterPlan, Leaves, SlotField } from './exporter.ts';
import { auditKeywords, dataField, dataFields, type FieldNames, nestedIn, systemFields, withUnnamed } from './mapping.ts';

const SYSTEM: FieldNames = {
  Provider_Name: 'winlog.provider_name',
  Provider_Guid: 'winlog.provider_guid',
  EventID: ['winlog.event_id', 'event.code'],
  Version: 'winlog.version',
  TimeCreated_SystemTime: ['winlog.time_created', 'event.created_time', '@timestamp'],
  EventRecordID: 'winlog.record_id',
  Correlation_ActivityID: 'winlog.activity_id',
  Correlation_RelatedActivityID: 'winlog.related_activity_id',
  Execution_ProcessID: 'winlog.process.pid',
  Execution_ThreadID: 'winlog.process.thread.id',
  Channel: 'winlog.channel',
  Computer: 'winlog.computer_name',
  Security_UserID: 'winlog.user.identifier',
};

/** Names in Winlogbeat 6 and older. */
const OLD_SYSTEM: FieldNames = {
  Provider_Name: 'source_name',
  Provider_Guid: 'provider_guid',
  EventID: 'event_id',
  Version: 'version',
  TimeCreated_SystemTime: '@timestamp',
  EventRecordID: 'record_number',
  Correlation_ActivityID: 'activity_id',
  Correlation_RelatedActivityID: 'related_activity_id',
  Execution_ProcessID: 'process_id',
  Execution_ThreadID: 'thread_id',
  Channel: 'log_name',
  Computer: 'computer_name',
  Security_UserID: 'user.identifier',
};

/** Fields of `event_data` and `user_data`. `xml_name` is the name of UserData's wrapper element. */
function sectionFields(leaves: Leaves, prefix: string): SlotField[] {
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
    const data = sectionFields(leaves, prefix);
    const rendered = data.length === 0 ? dataFields(leaves, { Message: 'message' }) : [];
    const isMoved = isNew && hasEcsFields(leaves);
    return {
      fields: [...system, ...data, ...(isMoved ? [] : rendered), ...auditKeywords(leaves, `${prefix}keywords`)],
      ...(isMoved ? { dependent: movedFields(leaves, system, data, rendered) } : {}),
      nested: nestedIn(leaves, 'event', 'event.original', 'message'),
    };
  },
};
