/**
 * The System section of an event by rule name (Sigma specification, Field Usage: `Element`, `Element_Attribute`). Readers, lint
 * and explain all use this one list. Source: SystemPropertiesType of Microsoft's event schema.
 */

/** Elements and attributes of the section. An event need not have all of them, and has each at most once. */
export const SYSTEM_FIELDS: ReadonlySet<string> = new Set([
  'Provider_Name',
  'Provider_Guid',
  'Provider_EventSourceName',
  'EventID',
  'EventID_Qualifiers',
  'Version',
  'Level',
  'Task',
  'Opcode',
  'Keywords',
  'TimeCreated_SystemTime',
  'TimeCreated_RawTime',
  'EventRecordID',
  'Correlation_ActivityID',
  'Correlation_RelatedActivityID',
  'Execution_ProcessID',
  'Execution_ThreadID',
  'Execution_ProcessorID',
  'Execution_SessionID',
  'Execution_KernelTime',
  'Execution_UserTime',
  'Execution_ProcessorTime',
  'Channel',
  'Computer',
  'Security_UserID',
]);

const BY_LOWER_CASE = new Map([...SYSTEM_FIELDS].map((name) => [name.toLowerCase(), name]));

/** The name as Windows writes it, for a name in any case. Other names stay as they are. */
export function systemFieldName(name: string): string {
  return BY_LOWER_CASE.get(name.toLowerCase()) ?? name;
}
