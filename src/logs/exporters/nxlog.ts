/**
 * NXLog's im_msvistalog as flat JSON (OTRF Security-Datasets). `EventTime` is local time without a zone. The zone is computed
 * from the shipper's two times of reception, one local and one UTC, when the record has both.
 */
import { readIsoTime } from '../../model/values/time.ts';
import { HEX, TIME } from '../text/text-value.ts';
import type { Exporter, ExporterField, ExporterPlan, Leaf, Leaves, SlotField } from './exporter.ts';
import { dataField, dottedName, type FieldNames, systemFields } from './mapping.ts';
import { messageFields } from './nxlog-message.ts';

const SYSTEM: FieldNames = {
  Provider_Name: 'SourceName',
  Provider_Guid: 'ProviderGuid',
  EventID: 'EventID',
  Version: 'Version',
  Task: 'Task',
  Opcode: 'OpcodeValue',
  Keywords: [HEX, 'Keywords'],
  EventRecordID: 'RecordNumber',
  Correlation_ActivityID: 'ActivityID',
  Correlation_RelatedActivityID: 'RelatedActivityID',
  Execution_ProcessID: 'ExecutionProcessID',
  Execution_ThreadID: ['ThreadID', 'ExecutionThreadID'],
  Channel: 'Channel',
  Computer: 'Hostname',
  Security_UserID: 'UserID',
};

/** Keys that NXLog and the shippers behind it add. */
export const ADDED: ReadonlySet<string> = new Set([
  '@timestamp',
  '@version',
  'AccountType',
  'Category',
  'ERROR_EVT_UNRESOLVED',
  'EventReceivedTime',
  'EventTime',
  'EventTimeWritten',
  'EventTypeOrignal',
  'Message',
  'Opcode',
  'TimeCreated',
  'Severity',
  'SeverityValue',
  'SourceModuleName',
  'SourceModuleType',
  'host',
  'port',
  'tags',
  'timestamp',
]);

/** Time zones are multiples of a quarter of an hour. */
const QUARTER_HOUR_US = 15 * 60 * 1e6;

/**
 * True for a field that NXLog has looked up for `UserID`. The event may have a field of that name itself (7045 `AccountName`).
 */
function isLookedUp(name: string, leaves: Leaves): boolean {
  return (name === 'AccountName' || name === 'Domain') && leaves.has('AccountType') && !leaves.has('ServiceName');
}

/** The event's time in UTC. The zone's offset is `utcUs - receivedUs`, rounded because the two times are not taken at once. */
function zonedUs(localUs: number, receivedUs: number, utcUs: number): number {
  const gap = utcUs - receivedUs;
  return Number.isNaN(gap) ? localUs : localUs + Math.round(gap / QUARTER_HOUR_US) * QUARTER_HOUR_US;
}

/** Where shippers store the event's own time. The first one that exists is used. */
const TIMES: FieldNames = {
  TimeCreated_SystemTime: [TIME, 'TimeCreated', '@timestamp'],
};

function hasZone(text: string): boolean {
  return (readIsoTime(text)?.zone ?? null) !== null;
}

function timeFields(leaves: Leaves): Pick<ExporterPlan, 'fields' | 'note'> {
  const local = leaves.get('EventTime');
  if (local === undefined) return { fields: systemFields(leaves, TIMES) };
  const received = leaves.get('EventReceivedTime')?.slot ?? -1;
  const utc = leaves.get('@timestamp')?.slot ?? -1;
  return {
    fields: [
      {
        section: 'system',
        name: 'TimeCreated_SystemTime',
        kind: 'time',
        timeUs: (times) => {
          const localUs = times.timeOf(local.slot);
          return times.hasZone(local.slot) ? localUs : zonedUs(localUs, times.timeOf(received), times.timeOf(utc));
        },
      },
    ],
    note: (text) => {
      const zoneKnown = hasZone(text(local.slot) ?? '') || (received >= 0 && utc >= 0);
      if (zoneKnown) return null;
      return {
        code: 'json/local-time',
        message: 'EventTime has no time zone; it was read as UTC.',
        hint: 'Times of other logs may lie hours apart from it.',
      };
    },
  };
}

function dataFields(leaves: Leaves, taken: ReadonlySet<number>): SlotField[] {
  const isData = ({ name, slot }: Leaf): boolean => {
    if (taken.has(slot) || ADDED.has(dottedName(name)) || isLookedUp(name, leaves)) return false;
    // NXLog's own EventType is the severity. If the event has a field of that name, NXLog renames its own.
    return name !== 'EventType' || leaves.has('EventTypeOrignal') || leaves.has('EventTypeOriginal');
  };
  return leaves.all.filter(isData).map((leaf) => dataField(leaf, dottedName(leaf.name)));
}

export const exporter: Exporter = {
  name: 'nxlog',
  description: 'NXLog `im_msvistalog` (OTRF Security-Datasets): `SourceName`, `EventID`, `EventTime`',
  lost: "time below seconds, and its zone; UserData; very long values; Level; a field named like one of NXLog's own",
  example: {
    EventTime: '2024-01-01 00:00:00',
    Hostname: 'PC1',
    SourceName: 'Microsoft-Windows-Sysmon',
    EventID: 1,
    Channel: 'Microsoft-Windows-Sysmon/Operational',
    Image: 'C:\\a.exe',
  },
  priority: 40,
  plan(leaves) {
    if (!leaves.has('SourceName') || !leaves.has('EventID')) return null;
    if (!leaves.has('EventTime') && !leaves.has('Hostname')) return null;
    const system = systemFields(leaves, SYSTEM);
    const time = timeFields(leaves);
    const data: ExporterField[] = dataFields(leaves, new Set(system.map(({ slot }) => slot)));
    // UserData is lost on the way. All that is left of such an event is its message.
    const message = leaves.get('Message');
    if (message !== undefined && data.every(({ name }) => name === 'EventType')) {
      data.push(dataField(message, 'Message'), ...messageFields(leaves, message));
    }
    return { ...time, fields: [...system, ...time.fields, ...data] };
  },
};
