/**
 * Forms that the values of certain fields always have. In: an atom and what is known about its rule. Out: why the field never
 * has the value that the atom asks for, or nothing. Data: one entry for each field and log, with the reason.
 */
import type { EventSource } from '../../model/logsource.ts';
import type { Pattern } from '../../model/rule.ts';
import { mappingOf } from '../../sigma/logsource/fields.ts';
import { parseText } from '../../sigma/modifiers/support/text-parts.ts';
import { isSysmon, possibleSources, type RuleFacts } from '../facts/rule-facts.ts';
import type { Finding } from '../lint-rule.ts';
import type { Atom } from '../logic/formula.ts';
import { literalOf, patternImplies, patternsExclude } from '../logic/pattern.ts';

const DIGITS = {
  decimal: /^-?\d*$/,
  hexadecimal: /^(?:0x[\da-f]+|-|)$/i,
  // Some rules add the number without 0x, as some products show it.
  'not decimal': /^(?!\d+$)/,
};

interface ValueForm {
  readonly fields: readonly string[];
  /** Sigma texts. Every value of the field matches at least one of them. */
  readonly forms?: readonly string[];
  /** Sigma texts that no value of the field matches. */
  readonly not?: readonly string[];
  /** Every value is a decimal number, or hexadecimal with `0x`, or is at least not decimal. */
  readonly digits?: keyof typeof DIGITS;
  /** Matches texts that cannot be a whole value, the beginning or the end of one. */
  readonly neverWhole?: RegExp;
  readonly neverFirst?: RegExp;
  readonly neverLast?: RegExp;
  /** Matches literals of a pattern that no value holds, wherever they stand. */
  readonly neverInside?: RegExp;
  /** Matches the source of regular expressions that no value satisfies. */
  readonly neverRegex?: RegExp;
  /** True when the form has rare exceptions. A finding is then never an error. */
  readonly usual?: true;
  /** True when it holds for Sysmon's events only: other events that appear under this field name have a spelling of their own. */
  readonly sysmonOnly?: true;
  readonly says: string;
  /** True when `says` names the events of which it holds. */
  readonly there?: true;
  readonly hint?: string;
}

const BOOLEAN = ['true', 'false'];
const PATHS = ['Image', 'ParentImage', 'ImageLoaded', 'SourceImage', 'TargetImage', 'TargetFilename'];
const ADDRESSES = ['SourceIp', 'DestinationIp'];
const WITH_PORT = /^(?:\d+\.\d+\.\d+\.\d+|\[[\da-f:.]+\]):\d+$/i;
const PROCESS_IDS = ['ProcessId', 'ParentProcessId', 'SourceProcessId', 'TargetProcessId'];

/** Forms in Sysmon's events. Names that mean something else in other logs are left out. */
const SYSMON_FORMS: readonly ValueForm[] = [
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
    // Some programs keep keys of this name below their own, so it may stand behind other text.
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
    neverInside: /"/,
    usual: true,
    says: 'is a path, which has no quotation marks',
    hint: 'Leave them out.',
  },
  {
    fields: PATHS,
    // A path on another computer begins with two, and has a folder behind them.
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
  { fields: ['GrantedAccess'], digits: 'not decimal', sysmonOnly: true, says: 'is hexadecimal: 0x1010' },
  {
    fields: ['OriginalFileName'],
    neverLast: /\\[^\\]+$/,
    // A few programs have a path there.
    usual: true,
    says: 'is the name that the file was compiled with, without a path',
    hint: 'Write the name alone.',
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
    not: ['*EventConsumer'],
    says: 'is the kind of consumer in words (Command Line, Script), not its class',
    hint: 'Write `Command Line` or `Script`, or look for the class in `Consumer` of event 21.',
  },
];

/** Forms in events of the Security log, by their own field names. */
const SECURITY_ADDRESSES = ['IpAddress', 'SourceAddress', 'DestAddress', 'ClientAddress'];
const SECURITY_FORMS: readonly ValueForm[] = [
  {
    fields: ['LogonType'],
    digits: 'decimal',
    says: 'is a number',
    hint: '2 is interactive, 3 network, 4 batch, 5 service, 7 unlock, 8 clear text, 9 new credentials, 10 remote desktop, 11 cached.',
  },
  {
    fields: ['SubjectUserSid', 'TargetUserSid', 'TargetSid', 'MemberSid'],
    neverWhole: /^(?!S-1-|-$|%\{|NULL SID$)/i,
    // Some exporters replace it by a name.
    usual: true,
    says: 'is the number of an account: S-1-5-18',
    hint: 'The name stands in another field, such as `SubjectUserName`.',
  },
  {
    fields: ['SubjectUserSid', 'TargetUserSid', 'TargetSid', 'MemberSid'],
    neverLast: /\s$/,
    usual: true,
    says: 'is the number of an account and does not end with a blank',
    hint: 'Leave the blank out.',
  },
  {
    fields: SECURITY_ADDRESSES,
    not: ['*/*'],
    says: 'is one address',
    hint: 'Use `cidr` for a network.',
  },
  { fields: SECURITY_ADDRESSES, neverWhole: WITH_PORT, says: 'is an address alone', hint: 'The port stands in another field.' },
  {
    fields: ['TicketEncryptionType', 'TicketOptions', 'SubStatus'],
    digits: 'hexadecimal',
    says: 'is hexadecimal: 0x17',
  },
  { fields: ['AccessMask'], digits: 'not decimal', says: 'is hexadecimal: 0x100' },
  {
    fields: ['AccessMask'],
    neverWhole: /^[a-z]*[g-wyz]/i,
    usual: true,
    says: 'is hexadecimal: 0x100',
    hint: 'Codes of single rights, such as %%4417, stand in `AccessList`.',
  },
  { fields: ['IpPort'], digits: 'decimal', says: 'is a decimal number' },
  {
    fields: ['ShareName'],
    neverWhole: /^(?!\\\\\*\\)/,
    usual: true,
    says: 'is \\\\*\\ and the name of the share',
    hint: "Use `endswith: '\\name'`.",
  },
  {
    fields: ['ServiceStartType'],
    digits: 'decimal',
    says: 'is a number',
    hint: '0 is started by the boot loader, 1 by the kernel, 2 automatically, 3 on demand, 4 disabled.',
  },
];

/** Forms in events of the service control manager in the System log. */
const SERVICE_FORMS: readonly ValueForm[] = [
  {
    fields: ['StartType'],
    neverWhole: /^(?:[\dx]+|auto|automatic|manual|demand|on demand|boot|system)$/i,
    says: 'is "auto start" or the like',
    hint: 'Write "boot start", "system start", "auto start", "demand start" or "disabled", as an English Windows does.',
  },
];

const SYSTEM_FORMS: readonly ValueForm[] = [{ fields: ['EventID'], digits: 'decimal', says: 'is a decimal number' }];

export interface Impossible extends Omit<Finding, 'at'> {
  /** True when this holds without exception for every event of the log source. */
  readonly certain: boolean;
}

/** Why the field cannot have the value that the atom asks for. Undefined when it can, or when that is not known. */
export function impossibleValue(atom: Atom, facts: RuleFacts): Impossible | undefined {
  const { field } = atom;
  if (field === null) return undefined;
  let found: ValueForm | undefined;
  for (const source of possibleSources(facts)) {
    const mapping = mappingOf(source, field);
    if (mapping?.kind === 'absent') continue;
    const form = formsOf(source, mapping !== undefined).find((one) => one.fields.includes(field) && excludes(one, atom.pattern));
    if (form === undefined) return undefined;
    found ??= form;
  }
  if (found === undefined) return undefined;
  const value = `${quote(atom.value.source)}${found.there === true ? ' there' : ''}`;
  const message = `"${field}" ${found.says}, so it never holds ${value}.`;
  return { message, hint: hintOf(found, atom.value.source), certain: found.usual !== true };
}

/** A number in decimal was probably converted: its hexadecimal form is named. */
function hintOf({ digits, hint }: ValueForm, source: string): string | undefined {
  if (digits === undefined || hint !== undefined) return hint;
  if (digits === 'decimal') return /^0x[\da-f]{1,8}$/i.test(source) ? `Write ${Number(source)}.` : undefined;
  const isDecimal = /^\d{1,10}$/.test(source);
  return isDecimal ? `Write '0x${Number(source).toString(16)}', in quotes.` : 'Write it with 0x, in quotes.';
}

/** Whole values of a field, where it has only a few: for completion. */
export function usualValues(field: string, source: EventSource): readonly string[] {
  const form = formsOf(source, mappingOf(source, field) !== undefined).find((one) => one.fields.includes(field) && one.forms);
  return (form?.forms ?? []).filter((text) => /^\w[\w ]*$/.test(text));
}

/** A field that is mapped to a name of Sysmon's is also spelt as Sysmon spells it. */
function formsOf(source: EventSource, isMapped: boolean): readonly ValueForm[] {
  if (isSysmon(source)) return [...SYSTEM_FORMS, ...SYSMON_FORMS];
  if (isMapped) return SYSMON_FORMS.filter((form) => form.sysmonOnly !== true);
  if (source.channels.length !== 1) return SYSTEM_FORMS;
  if (source.channels[0] === 'security') return [...SYSTEM_FORMS, ...SECURITY_FORMS];
  return source.channels[0] === 'system' ? [...SYSTEM_FORMS, ...SERVICE_FORMS] : SYSTEM_FORMS;
}

function excludes(form: ValueForm, pattern: Pattern): boolean {
  const literal = writtenLiteral(pattern);
  if (form.digits !== undefined) return literal !== undefined && !DIGITS[form.digits].test(literal);
  if (form.neverWhole !== undefined) return literal !== undefined && literal !== '' && form.neverWhole.test(literal);
  if (form.neverFirst !== undefined) {
    const first = pattern.kind === 'text' ? pattern.parts[0] : undefined;
    return typeof first === 'string' && form.neverFirst.test(first);
  }
  if (form.neverInside !== undefined) {
    const never = form.neverInside;
    return pattern.kind === 'text' && pattern.parts.some((part) => typeof part === 'string' && never.test(part));
  }
  if (form.neverRegex !== undefined) return pattern.kind === 'regex' && form.neverRegex.test(pattern.source);
  if (form.neverLast !== undefined) {
    const last = pattern.kind === 'text' ? pattern.parts.at(-1) : undefined;
    return typeof last === 'string' && form.neverLast.test(last);
  }
  if (form.forms !== undefined) return form.forms.every((text) => patternsExclude(pattern, textPattern(text)));
  return form.not?.some((text) => pattern.kind === 'text' && patternImplies(pattern, textPattern(text))) === true;
}

/** The text of a pattern that holds for one text only, in whatever case. */
function writtenLiteral(pattern: Pattern): string | undefined {
  if (pattern.kind === 'number') return pattern.decimal;
  return pattern.kind === 'boolean' ? String(pattern.value) : literalOf(pattern);
}

const textPatterns = new Map<string, Extract<Pattern, { kind: 'text' }>>();

function textPattern(text: string): Extract<Pattern, { kind: 'text' }> {
  let pattern = textPatterns.get(text);
  if (pattern === undefined) {
    pattern = { kind: 'text', parts: parseText(text), cased: false };
    textPatterns.set(text, pattern);
  }
  return pattern;
}

function quote(text: string): string {
  return `"${text.length > 60 ? `${text.slice(0, 57)}...` : text}"`;
}
