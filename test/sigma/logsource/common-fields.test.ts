/** Fields that rules may ask of any event: hashes out of Sysmon's lists, values without the blanks that Windows adds. */
import { describe, expect, it } from 'vitest';
import { compileRules } from '../../../src/engine/compile/compile.ts';
import { interpretRule } from '../../../src/engine/match/interpret.ts';
import { createMatcher } from '../../../src/engine/match/matcher.ts';
import { lintTexts } from '../../../src/lint/lint.ts';
import { plainEvent } from '../../../src/logs/plain-event.ts';
import type { LogSource } from '../../../src/model/rule.ts';
import { mappedFieldValue } from '../../../src/sigma/logsource/fields.ts';
import { resolveLogSource } from '../../../src/sigma/logsource/resolve.ts';
import { parseRules } from '../../../src/sigma/rule/parse-rules.ts';

const SYSMON = { Channel: 'Microsoft-Windows-Sysmon/Operational', Provider_Name: 'Microsoft-Windows-Sysmon' };
const MD5 = 'CCF1D1573F175299ADE01C07791A6541';
const IMPHASH = 'E96A73C7BF33A464C510EDE582318BF2';
const process = { ...SYSMON, EventID: 1, Image: 'x', Hashes: `SHA1=0A,MD5=${MD5},IMPHASH=${IMPHASH}` };
const logon = { Channel: 'Security', EventID: 4624, LogonType: 3, LogonProcessName: 'NtLmSsp ' };

/** What the engine and the interpreter say, which must agree. */
function matches(logsource: string, selection: string, fields: Readonly<Record<string, unknown>>): boolean {
  const text = `title: t\nlogsource: {product: windows${logsource}}\ndetection:\n    selection: ${selection}\n    condition: selection\n`;
  const { rules } = parseRules(text);
  const rule = rules[0];
  if (rule?.kind !== 'detection') throw new Error('the rule does not load');
  const event = plainEvent(fields);
  let found = false;
  createMatcher(compileRules(rules, resolveLogSource)).match(event, () => {
    found = true;
  });
  const resolution = resolveLogSource(rule.logsource);
  const sources = resolution.kind === 'sources' ? resolution.sources : [];
  expect(sources.some((source) => interpretRule(rule, event, source))).toBe(found);
  return found;
}

function valueIn(logsource: LogSource, name: string, fields: Readonly<Record<string, unknown>>): unknown {
  const resolution = resolveLogSource(logsource);
  if (resolution.kind !== 'sources') throw new Error('no source');
  return mappedFieldValue(plainEvent(fields), resolution.sources[0]!, name);
}

describe('md5, sha1, sha256 and imphash', () => {
  it.each([
    [', category: process_creation', `{md5: ${MD5.toLowerCase()}}`, process, true],
    [', category: process_creation', `{imphash: ${IMPHASH}}`, process, true],
    [', service: sysmon', `{sha1: 0a}`, process, true],
    ['', `{md5: ${MD5}}`, process, true],
    [', category: process_creation', `{sha256: null}`, process, true],
    [', category: process_creation', `{sha256|exists: true}`, process, false],
    // A list of one name is no digest of another.
    [', category: process_creation', `{md5: 0A}`, process, false],
    [', category: create_stream_hash', `{md5: aa}`, { ...SYSMON, EventID: 15, Hash: 'MD5=AA' }, true],
    [', category: image_load', `{md5: aa}`, { ...SYSMON, EventID: 7, Hashes: 'Md5=aa, SHA256=00' }, true],
    // What an exporter has split already, and what a test of a rule writes.
    [', category: process_creation', `{md5: aa}`, { ...SYSMON, EventID: 1, md5: 'AA' }, true],
    [', category: process_creation', `{md5: aa}`, { Channel: 'Security', EventID: 4688, NewProcessName: 'x', md5: 'aa' }, false],
  ])('%s %s', (logsource, selection, fields, expected) => {
    expect(matches(logsource, selection, fields)).toBe(expected);
  });

  it('are no unknown fields to lint where the events have hashes, and are where they have none', () => {
    const codes = (category: string): readonly string[] => {
      const text = `title: t\nlogsource: {product: windows, category: ${category}}\ndetection:\n    s: {md5: ${MD5}}\n    condition: s\n`;
      return lintTexts([{ path: 'a.yml', text }])
        .findings.map(({ code }) => code)
        .filter((code) => code.startsWith('field-'));
    };
    expect(codes('process_creation')).toEqual([]);
    expect(codes('image_load')).toEqual([]);
    expect(codes('dns_query')).toEqual(['field-not-in-log-source']);
  });
});

describe('values that Windows pads', () => {
  it.each([
    [', service: security', '{LogonProcessName: NtLmSsp}', true],
    [', service: security', "{LogonProcessName: 'NtLmSsp '}", true],
    [', service: security', "{LogonProcessName|endswith: 'ssp'}", true],
    ['', '{LogonProcessName: NtLmSsp}', true],
    [', service: security', '{LogonProcessName: NtLm}', false],
    [', service: security', "{LogonProcessName: ' NtLmSsp'}", false],
  ])('%s %s', (logsource, selection, expected) => {
    expect(matches(logsource, selection, logon)).toBe(expected);
  });

  it('have both spellings only where the event has blanks', () => {
    expect(valueIn({ service: 'security' }, 'LogonProcessName', logon)).toEqual(['NtLmSsp ', 'NtLmSsp']);
    expect(valueIn({ service: 'security' }, 'LogonProcessName', { ...logon, LogonProcessName: 'Kerberos' })).toBe('Kerberos');
    expect(valueIn({ service: 'security' }, 'LogonProcessName', { EventID: 1 })).toBeUndefined();
    expect(valueIn({ service: 'windefend' }, 'ErrorDescription', { ErrorDescription: 'Done. ' })).toEqual(['Done. ', 'Done.']);
  });

  it('are text like any other in every other field', () => {
    expect(matches('', '{CommandLine: a}', { ...process, CommandLine: 'a ' })).toBe(false);
  });
});
