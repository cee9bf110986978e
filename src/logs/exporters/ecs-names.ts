/**
 * Where Elastic's modules put the fields of a Windows event. Their ingest pipelines *rename* fields, which then no longer stand
 * in `event_data`. Facts taken from the pipelines of Winlogbeat 7 and 8 and of the Elastic Agent packages `windows` and
 * `system`. A group gives the ECS key for each Windows field. When two groups name the same key, the first group that has the
 * EventID gets it.
 */

export interface EcsGroup {
  /** EventIDs of the group. Left out: every EventID of the channel. */
  readonly ids?: readonly number[];
  /** From a Windows field to its ECS key, or to several keys, of which the first that exists is used. */
  readonly names: Readonly<Record<string, string | readonly string[]>>;
  /** Fields that the pipeline writes as decimal numbers although Windows writes `0x3e7`. */
  readonly hex?: readonly string[];
}

const FILE_EVENTS = [2, 11, 15, 23, 26, 27, 28, 29];

const SYSMON: readonly EcsGroup[] = [
  {
    ids: [8],
    names: {
      SourceProcessGuid: 'process.entity_id',
      SourceProcessId: 'process.pid',
      SourceImage: 'process.executable',
      TargetProcessGuid: 'winlog.event_data.TargetProcessGUID',
    },
  },
  {
    ids: [10],
    names: {
      SourceProcessGUID: 'process.entity_id',
      SourceProcessId: 'process.pid',
      SourceThreadId: 'process.thread.id',
      SourceImage: 'process.executable',
    },
  },
  { ids: [20], names: { Destination: 'process.executable' } },
  { ids: [25], names: { Type: 'message' } },
  { ids: [255], names: { ID: 'error.code' } },
  {
    ids: [7],
    names: {
      OriginalFileName: 'file.pe.original_file_name',
      Company: 'file.pe.company',
      Description: 'file.pe.description',
      FileVersion: 'file.pe.file_version',
      Product: 'file.pe.product',
    },
  },
  {
    ids: [6, 7],
    names: {
      ImageLoaded: 'file.path',
      Signed: 'file.code_signature.signed',
      Signature: 'file.code_signature.subject_name',
      SignatureStatus: 'file.code_signature.status',
    },
  },
  { ids: [9], names: { Device: 'file.path' } },
  { ids: [17, 18], names: { PipeName: 'file.name' } },
  { ids: FILE_EVENTS, names: { TargetFilename: 'file.path' } },
  { ids: [12, 13, 14], names: { TargetObject: 'registry.path' } },
  {
    ids: [3],
    names: {
      Protocol: 'network.transport',
      SourceIp: 'source.ip',
      SourceHostname: 'source.domain',
      SourcePort: 'source.port',
      DestinationIp: 'destination.ip',
      DestinationHostname: 'destination.domain',
      DestinationPort: 'destination.port',
      DestinationPortName: 'network.protocol',
    },
  },
  { ids: [22], names: { QueryName: 'dns.question.name' } },
  { ids: [23, 26], names: { Archived: 'sysmon.file.archived', IsExecutable: 'sysmon.file.is_executable' } },
  {
    names: {
      RuleName: 'rule.name',
      ProcessGuid: 'process.entity_id',
      ProcessId: 'process.pid',
      Image: 'process.executable',
      CommandLine: 'process.command_line',
      CurrentDirectory: 'process.working_directory',
      OriginalFileName: 'process.pe.original_file_name',
      Company: 'process.pe.company',
      Description: 'process.pe.description',
      FileVersion: 'process.pe.file_version',
      Product: 'process.pe.product',
      ParentProcessGuid: 'process.parent.entity_id',
      ParentProcessId: 'process.parent.pid',
      ParentImage: 'process.parent.executable',
      ParentCommandLine: 'process.parent.command_line',
    },
  },
];

/** For both PowerShell channels. */
const POWERSHELL = {
  HostApplication: 'process.command_line',
  HostName: 'process.title',
  HostVersion: 'powershell.process.executable_version',
  EngineVersion: 'powershell.engine.version',
  CommandName: 'powershell.command.name',
  CommandType: 'powershell.command.type',
  CommandPath: 'powershell.command.path',
  CommandLine: 'powershell.command.value',
  ScriptName: 'file.path',
};

const WINDOWS_POWERSHELL: readonly EcsGroup[] = [
  {
    ids: [800],
    names: { DetailSequence: 'powershell.sequence', DetailTotal: 'powershell.total' },
  },
  {
    names: {
      ...POWERSHELL,
      HostId: 'process.entity_id',
      RunspaceId: 'powershell.runspace_id',
      PipelineId: 'powershell.pipeline_id',
      NewEngineState: 'powershell.engine.new_state',
      PreviousEngineState: 'powershell.engine.previous_state',
      NewProviderState: 'powershell.provider.new_state',
      ProviderName: 'powershell.provider.name',
      SequenceNumber: 'event.sequence',
    },
  },
];

const POWERSHELL_OPERATIONAL: readonly EcsGroup[] = [
  {
    ids: [4104],
    names: {
      MessageNumber: 'powershell.sequence',
      MessageTotal: 'powershell.total',
      ScriptBlockText: 'powershell.file.script_block_text',
      ScriptBlockId: 'powershell.file.script_block_id',
      Path: 'file.path',
    },
  },
  { ids: [4105, 4106], names: { ScriptBlockId: 'powershell.file.script_block_id', RunspaceId: 'powershell.runspace_id' } },
  {
    ids: [4103],
    names: {
      ...POWERSHELL,
      HostID: 'process.entity_id',
      RunspaceID: 'powershell.runspace_id',
      PipelineID: 'powershell.pipeline_id',
      ShellID: 'powershell.id',
      SequenceNumber: 'event.sequence',
    },
  },
];

const SECURITY: readonly EcsGroup[] = [
  {
    ids: [4688],
    names: {
      NewProcessId: 'process.pid',
      NewProcessName: 'process.executable',
      ProcessId: 'process.parent.pid',
      ParentProcessName: 'process.parent.executable',
      CommandLine: 'process.command_line',
    },
    hex: ['NewProcessId', 'ProcessId'],
  },
  { ids: [4624, 4625], names: { WorkstationName: 'source.domain' } },
  { ids: [4778, 4779], names: { ClientAddress: 'source.ip' } },
  {
    names: { ProcessId: 'process.pid', ProcessName: 'process.executable', IpAddress: 'source.ip', IpPort: 'source.port' },
    hex: ['ProcessId'],
  },
];

/** By channel. */
export const ECS_NAMES: Readonly<Record<string, readonly EcsGroup[]>> = {
  'Microsoft-Windows-Sysmon/Operational': SYSMON,
  'Windows PowerShell': WINDOWS_POWERSHELL,
  'Microsoft-Windows-PowerShell/Operational': POWERSHELL_OPERATIONAL,
  'PowerShellCore/Operational': POWERSHELL_OPERATIONAL,
  Security: SECURITY,
};
