/** Microsoft Defender: its own service, and its events for the generic category `antivirus`. */
import type { LogSourceFamily } from '../family.ts';
import { derive, eachText, rename } from '../values.ts';

const CHANNELS = ['Microsoft-Windows-Windows Defender/Operational'];
const PROVIDERS = ['Microsoft-Windows-Windows Defender'];

/**
 * EventIDs of detections; thor.yml and hayabusa have the same list. Events about the action taken (1117 and later) repeat what
 * 1116 says.
 */
const DETECTIONS = [1006, 1007, 1008, 1009, 1010, 1011, 1012, 1017, 1018, 1019, 1115, 1116];

/** Fields of 1116 with the blanks of their names removed. */
const OBSERVED = [
  'ProductName',
  'ProductVersion',
  'DetectionID',
  'DetectionTime',
  'ThreatID',
  'ThreatName',
  'SeverityID',
  'SeverityName',
  'CategoryID',
  'CategoryName',
  'FWLink',
  'StatusCode',
  'StatusDescription',
  'State',
  'SourceID',
  'SourceName',
  'ProcessName',
  'DetectionUser',
  'Path',
  'OriginID',
  'OriginName',
  'ExecutionID',
  'ExecutionName',
  'TypeID',
  'TypeName',
  'PreExecutionStatus',
  'ActionID',
  'ActionName',
  'ErrorCode',
  'ErrorDescription',
  'PostCleanStatus',
  'AdditionalActionsID',
  'AdditionalActionsString',
  'RemediationUser',
  'SignatureVersion',
  'EngineVersion',
];

/** `file:_C:\a.exe` -> `C:\a.exe`. */
const ENTRY_KIND = /^[a-z]+:_/i;

/** `file:_C:\a.exe; containerfile:_C:\b.zip` gives the whole text, and each path without the prefix that says what it is. */
function pathEntries(text: string): readonly string[] {
  const entries = text.split(';').map((entry) => entry.trim().replace(ENTRY_KIND, ''));
  return [text, ...entries.filter((entry) => entry !== '')];
}

export const family: LogSourceFamily = {
  name: 'defender',
  categories: {
    antivirus: [
      {
        via: 'windows_defender',
        channels: CHANNELS,
        providers: PROVIDERS,
        eventIds: DETECTIONS,
        fields: { Signature: rename('ThreatName'), Filename: derive('defender-path', 'Path') },
        observed: Object.fromEntries(DETECTIONS.map((id) => [id, OBSERVED])),
      },
    ],
  },
  services: {
    windefend: { channels: CHANNELS, providers: PROVIDERS },
  },
  commonFields: {
    // System messages end in a blank: `The operation completed successfully. `.
    ErrorDescription: derive('unpadded', 'ErrorDescription'),
  },
  derivations: { 'defender-path': ([path]) => eachText(path, pathEntries) },
};
