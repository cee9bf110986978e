/**
 * Tables of Microsoft Sentinel and Log Analytics: `SecurityEvent` (a column per field, or EventData as XML), `WindowsEvent`
 * (EventData as an object or as JSON text) and `Event` (EventData as XML inside an element that Azure adds).
 */
import { GUID, TIME } from '../text/text-value.ts';
import { dependentItems, eventData, sectionLeaves } from './data-section.ts';
import type { Exporter, SlotField } from './exporter.ts';
import { columns, type FieldNames, nestedIn } from './mapping.ts';

const SYSTEM: FieldNames = {
  Provider_Name: ['Provider', 'EventSourceName', 'Source'],
  EventID: 'EventID',
  Version: 'Version',
  Level: ['Level', 'EventLevel'],
  Task: 'Task',
  Opcode: 'Opcode',
  Keywords: 'Keywords',
  TimeCreated_SystemTime: [TIME, 'TimeGenerated', 'TimeGenerated [UTC]'],
  EventRecordID: 'EventRecordId',
  Correlation_ActivityID: 'Correlation',
  Execution_ProcessID: 'SystemProcessId',
  Execution_ThreadID: 'SystemThreadId',
  Channel: ['Channel', 'EventLog'],
  Computer: 'Computer',
  Security_UserID: 'SystemUserId',
};
/** Columns that Azure adds or derives from other columns. */
const ADDED = new Set([
  'Account',
  'AccountType',
  'Activity',
  'AzureDeploymentID',
  'EventCategory',
  'EventData',
  'EventLevelName',
  'EventOriginId',
  'LogonTypeName',
  'MG',
  'ManagementGroupName',
  'Message',
  'ParameterXml',
  'PartitionKey',
  'Process',
  'RawEventData',
  'RenderedDescription',
  'Role',
  'RowKey',
  'SourceComputerId',
  'SourceSystem',
  'StorageAccount',
  'SubjectAccount',
  'TargetAccount',
  'TenantId',
  'TimeCollected',
  'TimeCollected [UTC]',
  'Type',
  'UserName',
  '_ItemId',
  '_ResourceId',
  '_SubscriptionId',
]);

/** null in a column means that this kind of event does not have the field. GUIDs written without braces get them back. */
function column(field: SlotField): SlotField {
  return { ...field, omitNull: true, conversion: field.name.endsWith('Guid') ? GUID : undefined };
}

export const exporter: Exporter = {
  name: 'sentinel',
  description: 'Microsoft Sentinel, Log Analytics (`SecurityEvent`, `WindowsEvent`, `Event`): `TimeGenerated`, `EventID`',
  lost: 'of `SecurityEvent`, the fields that have no column and EventRecordID; an empty field of CSV is as one that is not there',
  priority: 14,
  example: {
    TimeGenerated: '2024-01-01T00:00:00Z',
    Provider: 'Service Control Manager',
    Channel: 'System',
    Computer: 'PC1',
    EventID: 7045,
    EventData: '<EventData><Data Name="ServiceName">a</Data></EventData>',
    Type: 'WindowsEvent',
  },
  plan(leaves) {
    const isTimed = leaves.has('TimeGenerated') || leaves.has('TimeGenerated [UTC]');
    if (!isTimed || !leaves.has('EventID') || !(leaves.has('Channel') || leaves.has('EventLog'))) return null;
    const isSection = (name: string): boolean => /^eventdata(?:\[\])?\./i.test(name);
    const { system, data } = columns(leaves, SYSTEM, (name) => ADDED.has(name) || isSection(name));
    const section = eventData(sectionLeaves(leaves.all, 0, 'eventdata'));
    const holder = leaves.has('EventData') ? 'EventData' : 'ParameterXml';
    return {
      fields: [...system, ...data.map(column), ...section.fields],
      dependent: dependentItems(section.named),
      nested: nestedIn(leaves, 'data', holder),
    };
  },
};
