/**
 * The fields of events in which Windows and Sysmon write the name of an account. Whoever wants one name of an event takes the first
 * that has a value: Sysmon's `User`, then who was acted upon, then who acted.
 */
export const ACCOUNT_FIELDS: readonly string[] = [
  'User',
  'TargetUserName',
  'SubjectUserName',
  'AccountName',
  'UserName',
  'SourceUser',
  'TargetUser',
];
