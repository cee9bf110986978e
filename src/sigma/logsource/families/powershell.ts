/**
 * PowerShell. Windows PowerShell 5 and PowerShell 7 (PowerShellCore) write the same events, each to its own channel. Events of
 * the classic log have unnamed `Data` elements, the last of which is a block of `Name=value` lines. Rules search that block as
 * `Data`; here each of its lines also becomes a field.
 */
import type { FieldValue } from '../../../model/event.ts';
import type { FieldMapping } from '../../../model/logsource.ts';
import type { LogSourceFamily, SourceDefinition } from '../family.ts';
import { derive, spellings, textsOf } from '../values.ts';

const CHANNELS = ['Microsoft-Windows-PowerShell/Operational', 'PowerShellCore/Operational'];
const PROVIDERS = ['Microsoft-Windows-PowerShell', 'PowerShellCore'];
const CLASSIC_CHANNELS = ['Windows PowerShell'];
const CLASSIC_PROVIDERS = ['PowerShell'];

/** Names of the lines in the blocks of 400, 403, 600 and 800, in the spelling of Windows PowerShell 5.1. */
const BLOCK_NAMES = [
  'NewEngineState',
  'PreviousEngineState',
  'NewProviderState',
  'ProviderName',
  'SequenceNumber',
  'DetailSequence',
  'DetailTotal',
  'UserId',
  'HostName',
  'HostVersion',
  'HostId',
  'HostApplication',
  'EngineVersion',
  'RunspaceId',
  'PipelineId',
  'CommandName',
  'CommandType',
  'ScriptName',
  'CommandPath',
  'CommandLine',
];

const LINE = /^\s*([A-Za-z]+)=([\s\S]*)$/;

/**
 * The values of one name in `Name=value` blocks. HostApplication and CommandLine may run over several lines, so a line that
 * does not begin with a known name continues the line before it.
 */
function blockValues(texts: readonly string[], name: string): string[] {
  const values: string[] = [];
  for (const text of texts) {
    let open = -1;
    for (const line of text.split(/\r?\n/)) {
      const parts = LINE.exec(line);
      if (parts !== null && BLOCK_NAMES.includes(parts[1]!)) {
        open = parts[1] === name ? values.push(parts[2]!) - 1 : -1;
      } else if (open >= 0) {
        values[open] += `\n${line}`;
      }
    }
  }
  return values.map((value) => value.trimEnd());
}

/** The field of that name, if an exporter has already split the block; otherwise the line of that name in `Data`. */
function blockLine([own, data]: readonly (FieldValue | undefined)[], name: string): FieldValue | undefined {
  return own === undefined ? spellings(blockValues(textsOf(data), name)) : own;
}

const CLASSIC_FIELDS: Readonly<Record<string, FieldMapping>> = Object.fromEntries(
  BLOCK_NAMES.map((name) => [name, derive(`block-line:${name}`, name, 'Data')]),
);
const CLASSIC_OBSERVED = ['Data', ...BLOCK_NAMES];

function operational(eventId: number, observed: readonly string[]): readonly SourceDefinition[] {
  return [
    { via: 'powershell', channels: CHANNELS, providers: PROVIDERS, eventIds: [eventId], observed: { [eventId]: observed } },
  ];
}

function classic(eventId: number): readonly SourceDefinition[] {
  return [
    {
      via: 'powershell',
      channels: CLASSIC_CHANNELS,
      providers: CLASSIC_PROVIDERS,
      eventIds: [eventId],
      fields: CLASSIC_FIELDS,
      observed: { [eventId]: CLASSIC_OBSERVED },
    },
  ];
}

const MODULE_FIELDS = ['ContextInfo', 'UserData', 'Payload'];
// One script block may span several events (MessageNumber of MessageTotal, same ScriptBlockId): each part is an event of its own.
const SCRIPT_FIELDS = ['MessageNumber', 'MessageTotal', 'ScriptBlockText', 'ScriptBlockId', 'Path'];

export const family: LogSourceFamily = {
  name: 'powershell',
  categories: {
    ps_module: operational(4103, MODULE_FIELDS),
    ps_script: operational(4104, SCRIPT_FIELDS),
    ps_classic_start: classic(400),
    ps_classic_provider_start: classic(600),
    ps_classic_script: classic(800),
  },
  services: {
    // The taxonomy lists only the channel of version 5; thor.yml, pySigma and hayabusa have both.
    powershell: { channels: CHANNELS, providers: PROVIDERS, observed: { 4103: MODULE_FIELDS, 4104: SCRIPT_FIELDS } },
    'powershell-classic': {
      channels: CLASSIC_CHANNELS,
      providers: CLASSIC_PROVIDERS,
      fields: CLASSIC_FIELDS,
      observed: { 400: CLASSIC_OBSERVED, 600: CLASSIC_OBSERVED, 800: CLASSIC_OBSERVED },
    },
  },
  derivations: { 'block-line': blockLine },
};
