/**
 * Fields of type HexInt32, HexInt64 and Pointer, which Windows prints as `0x3e7`. python-evtx, plaso and evtxexport pad them
 * with zeros; Velociraptor writes a decimal number. Other fields look alike but are padded by Windows itself (`StartAddress` of
 * Sysmon, `ErrorCode` of Defender). In: all field names of an event, which tell what event it is. Out: the hexadecimal ones.
 */

const SYSMON = new Set(['GrantedAccess', 'LogonId']);
const SECURITY = new Set([
  'AccessMask',
  'CallerProcessId',
  'HandleId',
  'LogonID',
  'LogonId',
  'NewProcessId',
  'NewUacValue',
  'OldUacValue',
  'ProcessId',
  'SourceHandleId',
  'SourceProcessId',
  'Status',
  'SubStatus',
  'SubjectLogonId',
  'TargetHandleId',
  'TargetLinkedLogonId',
  'TargetLogonId',
  'TargetProcessId',
  'TicketEncryptionType',
  'TicketOptions',
]);
/** Only events of the Security log have fields with these names. */
const OF_SECURITY = /^(?:Subject|Target)(?:Logon|User|Domain)|^Ticket(?:Options|EncryptionType)$/;
const NONE: ReadonlySet<string> = new Set();

/** Which of an event's data fields are hexadecimal. */
export function hexFields(names: readonly string[]): ReadonlySet<string> {
  if (names.includes('UtcTime') || names.includes('GrantedAccess')) return SYSMON;
  return names.some((name) => OF_SECURITY.test(name)) ? SECURITY : NONE;
}
