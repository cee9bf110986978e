/**
 * Forms that the values of certain fields always have. In: an atom and what is known about its rule. Out: why the field never
 * has the value that the atom asks for, or nothing. Data: one entry for each field and log, with the reason.
 */
import type { EventSource } from '../../model/logsource.ts';
import type { Pattern } from '../../model/rule.ts';
import { getOrInsert } from '../../model/values/maps.ts';
import { mappingOf } from '../../sigma/logsource/fields.ts';
import { parseText } from '../../sigma/modifiers/support/text-parts.ts';
import { canHoldElsewhere } from '../facts/known-fields.ts';
import { isSysmon, possibleSources, type RuleFacts } from '../facts/rule-facts.ts';
import type { Finding } from '../lint-rule.ts';
import type { Atom } from '../logic/formula.ts';
import { literalOf, patternImplies, patternsExclude } from '../logic/pattern.ts';
import { SYSMON_FORMS } from './sysmon-forms.ts';
import { DIGITS, type ValueForm, WITH_PORT } from './value-form.ts';

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
    // Some exporters replace the number by a name.
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
    fields: ['SubjectLogonId', 'TargetLogonId', 'LogonID'],
    digits: 'not decimal',
    says: 'is hexadecimal: 0x3e7',
  },
  {
    fields: ['PrivilegeList'],
    eventIds: new Set([4672]),
    neverWhole: /^Se\w+$/i,
    usual: true,
    says: 'is a list of the rights of a session in event 4672',
    there: true,
    hint: 'Use `contains`.',
  },
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
    const form = formsOf(source, mapping !== undefined).find(
      (one) => one.fields.includes(field) && isFor(one, source, facts) && excludes(one, atom.pattern),
    );
    if (form === undefined) return undefined;
    found ??= form;
  }
  if (found === undefined) return undefined;
  if (found.withSysmon === true && !possibleSources(facts).some(isSysmon)) return undefined;
  const value = `${quote(atom.value.source)}${found.there === true ? ' there' : ''}`;
  const hint = hintOf(found, atom.value.source);
  if (found.unless !== undefined)
    return { message: `"${field}" ${found.says}, and ${value} only if ${found.unless}.`, hint, certain: false, severity: 'info' };
  return { message: `"${field}" ${found.says}, so it never holds ${value}.`, hint, certain: found.usual !== true };
}

/** Whether the form holds for every event of the source that the rule may match. */
function isFor({ eventIds }: ValueForm, source: EventSource, facts: RuleFacts): boolean {
  if (eventIds === undefined) return true;
  return source.eventIds.length > 0 ? source.eventIds.every((id) => eventIds.has(id)) : !canHoldElsewhere(facts, eventIds);
}

/**
 * What to write instead. For a decimal number where the log has hexadecimal ones, and the other way round, the converted number
 * is named.
 */
function hintOf({ digits, hint }: ValueForm, source: string): string | undefined {
  if (digits === undefined || hint !== undefined) return hint;
  if (digits === 'decimal') return /^0x[\da-f]{1,8}$/i.test(source) ? `Write ${Number(source)}.` : undefined;
  const isDecimal = /^\d{1,10}$/.test(source);
  return isDecimal ? `Write '0x${Number(source).toString(16)}', in quotes.` : 'Write it with 0x, in quotes.';
}

/** The values of a field that has only a few, as completion offers them. */
export function usualValues(field: string, source: EventSource): readonly string[] {
  const form = formsOf(source, mappingOf(source, field) !== undefined).find((one) => one.fields.includes(field) && one.forms);
  return (form?.forms ?? []).filter((text) => /^\w[\w ]*$/.test(text));
}

/** The values of a field that is mapped to a name of Sysmon's are spelt as Sysmon spells them, with exceptions (`sysmonOnly`). */
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
  return getOrInsert(textPatterns, text, () => ({ kind: 'text', parts: parseText(text), cased: false }));
}

function quote(text: string): string {
  return `"${text.length > 60 ? `${text.slice(0, 57)}...` : text}"`;
}
