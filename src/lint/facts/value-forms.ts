/** Forms that certain fields always have. Data: one entry per field and log source, with the reason. */
import type { Pattern } from '../../model/rule.ts';
import { parseText } from '../../sigma/modifiers/support/text-parts.ts';
import type { Finding } from '../lint-rule.ts';
import type { Atom } from '../logic/formula.ts';
import { literalOf, patternImplies, patternsExclude } from '../logic/pattern.ts';
import { isSysmon, type RuleFacts } from './rule-facts.ts';

interface ValueForm {
  readonly fields: readonly string[];
  /** Sigma texts; every value of the field matches one of them. */
  readonly forms?: readonly string[];
  /** Sigma texts that no value of the field matches, whatever else it is. */
  readonly not?: readonly string[];
  /** Every value is a decimal number. */
  readonly decimal?: true;
  /** Every value is a whole path: a value that is compared whole is no bare `\\name.exe`. */
  readonly path?: true;
  readonly says: string;
  readonly hint?: string;
}

const BOOLEAN = ['true', 'false'];

/** Of Sysmon's events; names that mean something else in other logs are not here. */
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
    fields: ['Image', 'ParentImage', 'ImageLoaded', 'SourceImage', 'TargetImage', 'TargetFilename'],
    path: true,
    says: 'is a whole path',
    hint: 'Use `endswith`.',
  },
  { fields: ['SourcePort', 'DestinationPort'], decimal: true, says: 'is a decimal number' },
  { fields: ['Protocol'], forms: ['tcp', 'udp', '-', ''], says: 'is tcp or udp' },
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

const SYSTEM_FORMS: readonly ValueForm[] = [{ fields: ['EventID'], decimal: true, says: 'is a decimal number' }];

/** Why the field cannot hold what the atom asks for; undefined when it can, or nobody knows. */
export function impossibleValue(atom: Atom, facts: RuleFacts): Omit<Finding, 'at'> | undefined {
  if (atom.field === null) return undefined;
  const tables = facts.sources.some(isSysmon) ? [...SYSTEM_FORMS, ...SYSMON_FORMS] : SYSTEM_FORMS;
  for (const form of tables) {
    if (!form.fields.includes(atom.field) || !excludes(form, atom.pattern)) continue;
    return { message: `"${atom.field}" ${form.says}, so it never holds ${quote(atom.value.source)}.`, hint: form.hint };
  }
  return undefined;
}

function excludes(form: ValueForm, pattern: Pattern): boolean {
  if (form.decimal === true) {
    const literal = literalOf(pattern);
    return literal !== undefined && !/^\d+$/.test(literal);
  }
  if (form.path === true) return /^\\[^\\]+$/.test(literalOf(pattern) ?? '');
  if (form.forms !== undefined) return form.forms.every((text) => patternsExclude(pattern, textPattern(text)));
  return form.not?.some((text) => pattern.kind === 'text' && patternImplies(pattern, textPattern(text))) === true;
}

function textPattern(text: string): Extract<Pattern, { kind: 'text' }> {
  return { kind: 'text', parts: parseText(text), cased: false };
}

function quote(text: string): string {
  return `"${text.length > 60 ? `${text.slice(0, 57)}...` : text}"`;
}
