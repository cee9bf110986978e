/**
 * Describes an event in one line. In: an event. Out: the fields that matter in events of its kind. The text comes from the log
 * and still has to be made harmless.
 */
import type { EventSnapshot, FieldValue } from '../model/event.ts';

/**
 * Fields that say what an event is about, tried in order: the first recipe whose `lead` is present is used. The fields in
 * `also` follow with their names.
 */
const RECIPES: readonly { readonly lead: string; readonly bare?: true; readonly also: readonly string[] }[] = [
  { lead: 'CommandLine', bare: true, also: [] },
  { lead: 'ProcessCommandLine', bare: true, also: [] },
  { lead: 'ScriptBlockText', bare: true, also: [] },
  { lead: 'NewProcessName', bare: true, also: ['SubjectUserName'] },
  // Sysmon 19, 20, 21.
  { lead: 'Consumer', also: ['Filter', 'Operation'] },
  { lead: 'Query', also: ['Name', 'Operation'] },
  { lead: 'Destination', also: ['Name', 'Type', 'Operation'] },
  // WMI-Activity 5861.
  { lead: 'CONSUMER', also: ['ESS', 'PossibleCause'] },
  { lead: 'TargetObject', bare: true, also: ['Details', 'Image'] },
  { lead: 'TargetFilename', bare: true, also: ['Image'] },
  { lead: 'QueryName', bare: true, also: ['QueryResults', 'Image'] },
  { lead: 'DestinationIp', also: ['DestinationPort', 'DestinationHostname', 'Image'] },
  { lead: 'DestAddress', also: ['DestPort', 'Application'] },
  { lead: 'PipeName', bare: true, also: ['Image'] },
  { lead: 'ImageLoaded', bare: true, also: ['Image'] },
  { lead: 'TargetImage', also: ['SourceImage', 'GrantedAccess'] },
  { lead: 'Image', bare: true, also: [] },
  { lead: 'ServiceName', also: ['ImagePath', 'ServiceFileName', 'AccountName'] },
  { lead: 'TaskName', also: ['TaskContent', 'ActionName', 'SubjectUserName'] },
  { lead: 'ShareName', also: ['RelativeTargetName', 'IpAddress', 'SubjectUserName'] },
  { lead: 'ObjectName', also: ['AccessMask', 'ProcessName', 'SubjectUserName'] },
  { lead: 'LogonType', also: ['TargetUserName', 'IpAddress', 'WorkstationName', 'ProcessName'] },
  { lead: 'Payload', bare: true, also: ['ContextInfo'] },
  { lead: 'Threat Name', also: ['Path', 'Process Name'] },
  { lead: 'TargetUserName', also: ['SubjectUserName', 'IpAddress'] },
];
/** How many fields an event without a recipe shows. */
const FIELDS_SHOWN = 4;
/** Longer values are cut before any other work is done on them. */
const VALUE_LENGTH = 2000;

/** A field's value on one line; several values are joined by ` | `. */
export function valueText(value: FieldValue): string {
  if (value === null) return 'null';
  if (typeof value === 'string') return value;
  return value.map((item) => item ?? 'null').join(' | ');
}

export function eventText(event: EventSnapshot): string {
  for (const { lead, bare, also } of RECIPES) {
    const value = presentValue(event, lead);
    if (value === null) continue;
    const rest = also.map((name) => named(event, name)).filter((text) => text !== null);
    return [bare ? value : `${lead}=${value}`, ...rest].join(', ');
  }
  const shown: string[] = [];
  for (const name of Object.keys(event.data)) {
    const text = named(event, name);
    if (text !== null) shown.push(text);
    if (shown.length === FIELDS_SHOWN) break;
  }
  return shown.length === 0 ? `${event.Provider || 'event'} without data` : shown.join(', ');
}

function named(event: EventSnapshot, name: string): string | null {
  const value = presentValue(event, name);
  return value === null ? null : `${name}=${value}`;
}

/** The trimmed value; null when it is absent or empty. */
export function presentValue(event: EventSnapshot, name: string): string | null {
  const value = Object.hasOwn(event.data, name) ? event.data[name] : undefined;
  if (value === undefined || value === null) return null;
  const text = valueText(value).slice(0, VALUE_LENGTH).trim();
  return text === '' || text === '-' ? null : text;
}
