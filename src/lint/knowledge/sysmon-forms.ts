/** Forms of values in Sysmon's events: data, one entry for each field and form. */
import { type ValueForm, WITH_PORT } from './value-form.ts';

const BOOLEAN = ['true', 'false'];
const PATHS = ['Image', 'ParentImage', 'ImageLoaded', 'SourceImage', 'TargetImage', 'TargetFilename'];
const ADDRESSES = ['SourceIp', 'DestinationIp'];
const PROCESS_IDS = ['ProcessId', 'ParentProcessId', 'SourceProcessId', 'TargetProcessId'];

/** Forms in Sysmon's events. Names that mean something else in other logs are left out. */
export const SYSMON_FORMS: readonly ValueForm[] = [
  {
    fields: ['Initiated', 'SourceIsIpv6', 'DestinationIsIpv6', 'Signed', 'IsExecutable'],
    forms: [...BOOLEAN, '-', ''],
    says: 'is true or false',
  },
  {
    fields: ['TargetObject'],
    not: ['HKEY_*', 'HKCU\\\\*', 'Computer\\\\*'],
    says: 'begins with an abbreviated hive: HKLM\\, HKU\\<SID>\\, HKCR\\',
    hint: 'Write HKLM\\ for HKEY_LOCAL_MACHINE; for HKEY_CURRENT_USER leave the hive out and use `contains` or `endswith`.',
  },
  {
    fields: ['TargetObject'],
    // Some programs keep keys with such a name below their own keys, so the name may stand behind other text.
    neverInside: /^HKEY_(?:LOCAL_MACHINE|CURRENT_USER|CLASSES_ROOT|USERS)/i,
    usual: true,
    says: 'begins with an abbreviated hive: HKLM\\, HKU\\<SID>\\, HKCR\\',
    hint: 'Leave the hive out: no event holds its long name.',
  },
  {
    fields: ['EventType'],
    forms: [
      ...['CreateKey', 'CreateValue', 'DeleteKey', 'DeleteValue', 'RenameKey', 'RenameValue', 'SetValue'],
      ...['CreatePipe', 'ConnectPipe', 'WmiFilterEvent', 'WmiConsumerEvent', 'WmiBindingEvent', '-', ''],
    ],
    says: 'is one of a few words of Sysmon',
    hint: 'Of the registry they are CreateKey, DeleteKey, RenameKey, SetValue and DeleteValue.',
  },
  // When Sysmon could not resolve a process's path, the field may have the kernel's form of it.
  {
    fields: PATHS,
    neverWhole: /^(?:\\[^\\]+|[^\\/:]+\.(?:exe|com|scr|dll|sys))$/i,
    usual: true,
    says: 'is a whole path',
    hint: 'Use `endswith`, with a backslash before the name.',
  },
  {
    fields: PATHS,
    // Names such as `System` and `Registry` are processes without a file.
    neverRegex: /^\^(?!System|Registry|MemCompression|vmmem|Idle|Secure)[A-Za-z0-9_]{2,}[^|]*$/,
    usual: true,
    says: 'is a whole path, which begins with a drive or a backslash',
    hint: 'Leave out the "^", or begin with `\\\\`.',
  },
  { fields: PATHS, not: ['*/*'], says: 'is a path with backslashes', hint: 'Write "\\" for "/".' },
  {
    fields: PATHS,
    not: [
      '*%SystemRoot%*',
      '*%windir%*',
      '*%AppData%*',
      '*%LocalAppData%*',
      '*%Temp%*',
      '*%ProgramData%*',
      '*%UserProfile%*',
      '*%ProgramFiles%*',
      '*%ProgramFiles(x86)%*',
      '*%Public%*',
      '*%ComSpec%*',
      '*%SystemDrive%*',
      '*%tmp%*',
    ],
    says: 'is a path in which variables have been replaced',
    hint: 'Write the folder, without its drive and with `contains`: \\Windows\\, \\AppData\\Roaming\\.',
  },
  {
    fields: PATHS,
    neverLast: /\s$/,
    usual: true,
    says: 'is a path, and a name does not end with a blank',
    hint: 'Leave the blank out.',
  },
  {
    fields: PATHS,
    neverLast: /\\$/,
    usual: true,
    says: 'is the path of a file and does not end with a backslash',
    hint: 'Use `contains` for a folder.',
  },
  {
    fields: PATHS,
    neverInside: /"/,
    usual: true,
    says: 'is a path, which has no quotation marks',
    hint: 'Leave them out.',
  },
  {
    fields: PATHS,
    // Only a path on another computer has two backslashes, at its beginning, and it goes on with a folder.
    neverLast: /\\\\[^\\]+$/,
    usual: true,
    says: 'is a path with one backslash before a name',
    hint: 'Write `\\` once before the name: `\\\\` is one backslash as well, `\\\\\\\\` two.',
  },
  { fields: ['SourcePort', 'DestinationPort'], digits: 'decimal', says: 'is a decimal number' },
  { fields: ['QueryStatus'], digits: 'decimal', says: 'is a number', hint: '0 is success, 9003 a name that does not exist.' },
  {
    fields: ['Signature'],
    neverWhole: /^(?:true|false|valid|invalid|[01])$/i,
    usual: true,
    says: 'is the name of who signed',
    hint: 'Whether there is a signature is in `Signed`, whether it is valid in `SignatureStatus`.',
  },
  { fields: ADDRESSES, not: ['*/*'], says: 'is one address', hint: 'Use `cidr` for a network.' },
  { fields: ADDRESSES, neverWhole: WITH_PORT, says: 'is an address alone', hint: 'The port stands in another field.' },
  // Events of the Security log have the number in hexadecimal, and a rule may ask for either.
  { fields: PROCESS_IDS, digits: 'decimal', usual: true, says: 'is a decimal number in events of Sysmon', there: true },
  {
    fields: ['GrantedAccess'],
    digits: 'not decimal',
    sysmonOnly: true,
    says: 'is hexadecimal: 0x1010',
    hint: "Write it with 0x, in quotes. The decimal number 5136 is '0x1410'.",
  },
  {
    fields: ['GrantedAccess'],
    neverWhole: /^[\da-f]+$/i,
    sysmonOnly: true,
    usual: true,
    says: 'is hexadecimal: 0x1010',
    hint: 'Write it with 0x, in quotes.',
  },
  { fields: ['LogonId'], digits: 'not decimal', says: 'is hexadecimal: 0x3e7' },
  {
    fields: ['OriginalFileName'],
    neverLast: /\\[^\\]+$/,
    // A few programs have a path there.
    usual: true,
    says: 'is the name that the file was compiled with, without a path',
    hint: 'Write the name alone.',
  },
  {
    fields: ['Protocol'],
    neverWhole: /^(?:6|17)$/,
    withSysmon: true,
    says: 'is tcp or udp',
    hint: 'Write tcp for 6, udp for 17.',
  },
  { fields: ['Protocol'], forms: ['tcp', 'udp', '-', ''], sysmonOnly: true, says: 'is tcp or udp' },
  {
    fields: ['IntegrityLevel'],
    forms: [
      'Untrusted',
      'Low',
      'Medium',
      'MediumPlus',
      'Medium Plus',
      'High',
      'System',
      'AppContainer',
      'Protected*',
      'S-1-16-*',
      '?',
      '-',
      '',
    ],
    says: 'is Untrusted, Low, Medium, High or System',
    hint: 'Administrators work with High, without their rights with Medium.',
  },
  {
    fields: ['QueryName'],
    not: ['*/*', 'http:*', 'https:*'],
    says: 'is the name of a host',
    hint: 'Leave out the scheme and the path.',
  },
  {
    fields: ['PipeName'],
    not: ['\\\\\\\\.\\\\pipe*', '\\\\.\\\\pipe*'],
    says: 'is what stands behind \\\\.\\pipe',
    hint: 'Write "\\name".',
  },
  { fields: ['PipeName'], neverFirst: /^[^\\<]/, says: 'begins with a backslash', hint: 'Write "\\name".' },
  {
    fields: ['User', 'ParentUser', 'SourceUser', 'TargetUser'],
    neverWhole: /^(?![-?]$)[^\\]+$/,
    usual: true,
    says: 'is a domain and a name: DOMAIN\\name',
    hint: "Use `endswith: '\\name'`.",
  },
  {
    fields: ['Details'],
    neverWhole: /^DWORD \((?!0x[\da-f]{8}\)$)|^QWORD \((?!0x[\da-f]{8}-0x[\da-f]{8}\)$)/i,
    // A text value of the registry is shown as it is.
    usual: true,
    says: 'has eight digits after 0x: DWORD (0x00000001)',
    hint: 'Fill the number up with zeros.',
  },
  {
    fields: ['Details'],
    neverWhole: /^0x[\da-f]{1,8}$/i,
    usual: true,
    says: 'shows a number as DWORD (0x00000001)',
    hint: 'Write it so, with eight digits.',
  },
  {
    fields: ['Details'],
    neverWhole: /^\d{1,9}$/,
    unless: 'the registry holds it as text',
    says: 'shows a number as DWORD (0x00000001)',
    hint: 'Write it so, with eight digits.',
  },
  {
    fields: ['Consumer', 'Filter', 'Query', 'EventNamespace'],
    not: [
      'CommandLineEventConsumer*',
      'ActiveScriptEventConsumer*',
      '__EventFilter*',
      'root\\\\*',
      'SELECT*',
      '\\\\\\\\.\\\\root*',
    ],
    says: 'begins with a blank and a quotation mark in Sysmon 19, 20 and 21',
    hint: 'Use `contains`.',
  },
  {
    fields: ['Type'],
    eventIds: new Set([25]),
    forms: ['Image is replaced', 'Image is locked for access', '-', ''],
    usual: true,
    says: 'is "Image is replaced" or "Image is locked for access"',
    hint: 'Write one of them.',
  },
  {
    fields: ['Type'],
    not: ['*EventConsumer'],
    says: 'is the kind of consumer in words (Command Line, Script), not its class',
    hint: 'Write `Command Line` or `Script`, or look for the class in `Consumer` of event 21.',
  },
];
