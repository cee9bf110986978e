/**
 * Fields of type HexInt32, HexInt64 and Pointer: Windows prints them as `0x3e7`. python-evtx, plaso and evtxexport pad them with
 * zeros, Velociraptor writes a decimal number. Texts that look alike (`StartAddress` of Sysmon, `ErrorCode` of Defender) are
 * padded by Windows itself, so that the event decides, known by the other fields that it has.
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
