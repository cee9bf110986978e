/**
 * What look-back knows about kinds of events: which ones an analyst wants to see before a match, and which of their fields tie
 * one event to another. Data only. Kinds that are not listed are counted, but not shown.
 */

/** Fields by what they identify. Names as in `Shape.fields`. */
export interface LinkFields {
  /** Sysmon's process GUIDs: the event's own process, and its parent. */
  readonly processGuid?: readonly string[];
  readonly parentGuid?: readonly string[];
  /** Process ids, decimal or hexadecimal. */
  readonly processId?: readonly string[];
  readonly parentId?: readonly string[];
  readonly logonId?: readonly string[];
  readonly logonGuid?: readonly string[];
  readonly user?: readonly string[];
}

export interface EventKind {
  /** Shown as the reason for listing the event. */
  readonly label: string;
  /**
   * In lower case. Events of other providers are not of this kind. Absent where no other provider writes this EventID to the
   * channel.
   */
  readonly provider?: string;
  /** How much an event of this kind is worth without a tie to the match: 0 to 30. With 0 it is shown only if it has a tie. */
  readonly score: number;
  /** The share of a tie's worth that counts, by default 1. Low for kinds of which there are hundreds. */
  readonly weight?: number;
  readonly links: LinkFields;
  /** Fields that may contain names of WMI objects. */
  readonly text?: readonly string[];
  /** The executable, and the one that started it. */
  readonly image?: readonly string[];
  readonly parentImage?: readonly string[];
  /** The score is lower where this field has one of these values. */
  readonly lessWhen?: { readonly field: string; readonly values: readonly string[]; readonly score: number };
}

const sysmonProcess: LinkFields = { processGuid: ['ProcessGuid'], processId: ['ProcessId'], user: ['User'] };
const subject: LinkFields = { logonId: ['SubjectLogonId'], user: ['SubjectUserName'] };
const account: LinkFields = { logonId: ['SubjectLogonId'], user: ['SubjectUserName', 'TargetUserName'] };
const image = ['Image'];

const sysmon: Readonly<Record<number, EventKind>> = {
  1: {
    label: 'process creation',
    score: 20,
    links: {
      ...sysmonProcess,
      parentGuid: ['ParentProcessGuid'],
      parentId: ['ParentProcessId'],
      logonId: ['LogonId'],
      logonGuid: ['LogonGuid'],
    },
    text: ['CommandLine', 'ParentCommandLine'],
    image,
    parentImage: ['ParentImage'],
  },
  3: { label: 'network connection', score: 6, weight: 0.6, links: sysmonProcess, image },
  5: { label: 'process end', score: 0, weight: 0.2, links: sysmonProcess, image },
  6: { label: 'driver loaded', score: 10, links: {} },
  7: { label: 'image loaded', score: 0, weight: 0.2, links: sysmonProcess, image },
  8: {
    label: 'remote thread',
    score: 14,
    links: { processGuid: ['SourceProcessGuid', 'TargetProcessGuid'], processId: ['SourceProcessId', 'TargetProcessId'] },
    image: ['SourceImage'],
  },
  11: { label: 'file created', score: 3, weight: 0.5, links: sysmonProcess, image },
  12: { label: 'registry key', score: 0, weight: 0.2, links: sysmonProcess, image },
  13: { label: 'registry value', score: 0, weight: 0.3, links: sysmonProcess, image },
  14: { label: 'registry renamed', score: 0, weight: 0.2, links: sysmonProcess, image },
  15: { label: 'file stream', score: 4, weight: 0.5, links: sysmonProcess, image },
  17: { label: 'pipe created', score: 2, weight: 0.4, links: sysmonProcess, image },
  18: { label: 'pipe connected', score: 2, weight: 0.4, links: sysmonProcess, image },
  19: { label: 'WMI filter', score: 25, links: { user: ['User'] } },
  20: { label: 'WMI consumer', score: 25, links: { user: ['User'] } },
  21: { label: 'WMI binding', score: 25, links: { user: ['User'] } },
  22: { label: 'DNS query', score: 4, weight: 0.5, links: sysmonProcess, image },
  23: { label: 'file deleted', score: 2, weight: 0.4, links: sysmonProcess, image },
  25: { label: 'process tampering', score: 16, links: sysmonProcess, image },
  26: { label: 'file deleted', score: 2, weight: 0.4, links: sysmonProcess, image },
};

const security: Readonly<Record<number, EventKind>> = {
  1102: { label: 'log cleared', score: 28, links: subject },
  4624: {
    label: 'logon',
    score: 16,
    links: { logonId: ['TargetLogonId', 'SubjectLogonId'], logonGuid: ['LogonGuid'], user: ['TargetUserName'] },
    // Services and the system itself log on all the time.
    lessWhen: { field: 'LogonType', values: ['0', '5'], score: 2 },
  },
  4625: { label: 'failed logon', score: 13, links: { user: ['TargetUserName'] } },
  4634: { label: 'logoff', score: 0, weight: 0.4, links: { logonId: ['TargetLogonId'], user: ['TargetUserName'] } },
  4647: { label: 'logoff', score: 2, weight: 0.6, links: { logonId: ['TargetLogonId'], user: ['TargetUserName'] } },
  4648: {
    label: 'logon with explicit credentials',
    score: 17,
    links: { logonId: ['SubjectLogonId'], user: ['SubjectUserName', 'TargetUserName'], processId: ['ProcessId'] },
  },
  4672: { label: 'privileged logon', score: 4, weight: 0.7, links: subject },
  4688: {
    label: 'process creation',
    score: 20,
    links: {
      processId: ['NewProcessId'],
      parentId: ['ProcessId'],
      logonId: ['SubjectLogonId', 'TargetLogonId'],
      user: ['SubjectUserName', 'TargetUserName'],
    },
    text: ['CommandLine'],
    image: ['NewProcessName'],
    parentImage: ['ParentProcessName'],
  },
  4697: { label: 'service installed', score: 15, links: subject, text: ['ServiceFileName'] },
  4698: { label: 'task created', score: 15, links: subject, text: ['TaskContent'] },
  4699: { label: 'task deleted', score: 8, links: subject },
  4702: { label: 'task changed', score: 12, links: subject, text: ['TaskContent'] },
  4719: { label: 'audit policy changed', score: 16, links: subject },
  4720: { label: 'account created', score: 16, links: account },
  4722: { label: 'account enabled', score: 10, links: account },
  4724: { label: 'password reset', score: 12, links: account },
  4728: { label: 'group member added', score: 14, links: account },
  4732: { label: 'group member added', score: 14, links: account },
  4738: { label: 'account changed', score: 8, links: account },
  4756: { label: 'group member added', score: 14, links: account },
  5140: { label: 'share accessed', score: 4, weight: 0.5, links: subject },
  5145: { label: 'share object accessed', score: 1, weight: 0.3, links: subject },
};

const powershell: Readonly<Record<number, EventKind>> = {
  4103: {
    label: 'PowerShell command',
    score: 10,
    links: { processId: ['Execution_ProcessID'] },
    text: ['Payload', 'ContextInfo'],
  },
  4104: { label: 'script block', score: 18, links: { processId: ['Execution_ProcessID'] }, text: ['ScriptBlockText'] },
};

const wmiActivity: Readonly<Record<number, EventKind>> = {
  5859: { label: 'WMI filter activated', score: 12, links: { user: ['User'] }, text: ['Query', 'PossibleCause'] },
  5860: { label: 'temporary WMI subscription', score: 6, links: { user: ['User'] }, text: ['Query', 'PossibleCause'] },
  5861: { label: 'WMI binding', score: 25, links: {}, text: ['CONSUMER', 'ESS', 'PossibleCause'] },
};

/** Lower-cased channel -> EventID -> kind. */
export const EVENT_KINDS: Readonly<Record<string, Readonly<Record<number, EventKind>>>> = {
  'microsoft-windows-sysmon/operational': sysmon,
  security,
  system: {
    104: { label: 'log cleared', provider: 'microsoft-windows-eventlog', score: 28, links: { user: ['SubjectUserName'] } },
    7045: { label: 'service installed', score: 15, links: {}, text: ['ImagePath'] },
    7040: { label: 'service start type changed', score: 5, links: {} },
  },
  'microsoft-windows-powershell/operational': powershell,
  'powershellcore/operational': powershell,
  'windows powershell': {
    400: { label: 'PowerShell started', score: 8, links: {}, text: ['Data'] },
    800: { label: 'PowerShell pipeline', score: 8, links: {}, text: ['Data'] },
  },
  'microsoft-windows-wmi-activity/operational': wmiActivity,
  'microsoft-windows-taskscheduler/operational': {
    106: { label: 'task registered', score: 14, links: { user: ['UserContext'] } },
    140: { label: 'task changed', score: 10, links: { user: ['UserName'] } },
    141: { label: 'task deleted', score: 6, links: { user: ['UserName'] } },
  },
  'microsoft-windows-terminalservices-localsessionmanager/operational': {
    21: { label: 'remote desktop logon', score: 14, links: { user: ['User'] } },
    25: { label: 'remote desktop reconnected', score: 12, links: { user: ['User'] } },
  },
  'microsoft-windows-terminalservices-remoteconnectionmanager/operational': {
    1149: { label: 'remote desktop connection', score: 12, links: {} },
  },
  'microsoft-windows-windows defender/operational': {
    1116: { label: 'malware detected', score: 26, links: { user: ['DetectionUser'] } },
    1117: { label: 'malware acted on', score: 22, links: { user: ['DetectionUser'] } },
    5001: { label: 'Defender switched off', score: 24, links: {} },
  },
};

/** The channel of events that do not name one. */
export const PROVIDER_CHANNELS: Readonly<Record<string, string>> = {
  'microsoft-windows-sysmon': 'microsoft-windows-sysmon/operational',
  'microsoft-windows-security-auditing': 'security',
  'microsoft-windows-powershell': 'microsoft-windows-powershell/operational',
  powershell: 'windows powershell',
  'microsoft-windows-wmi-activity': 'microsoft-windows-wmi-activity/operational',
  'service control manager': 'system',
};
