/** The System section by rule name (Sigma specification, Field Usage: `Element`, `Element_Attribute`). */

/** Elements and attributes of the Event schema's System section. */
const SYSTEM_FIELDS: ReadonlySet<string> = new Set([
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

/** True when a flat map's key names a System field. */
export function isSystemField(name: string): boolean {
  return SYSTEM_FIELDS.has(name);
}
