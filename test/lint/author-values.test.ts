/** Values that authors of rules write in another form than the event has: each is reported with the form. What is only like one is not. */
import { describe, expect, it } from 'vitest';
import { detection, ruleText } from '../../src/lint/examples.ts';
import { lintTexts } from '../../src/lint/lint.ts';

/** `code @ message -> hint`, of errors and warnings. */
function lint(logsource: string, ...items: readonly string[]): readonly string[] {
  const rule = detection(`selection:\n${items.map((one) => `    ${one}\n`).join('')}condition: selection`);
  const text = ruleText(`logsource:\n    product: windows\n    ${logsource}`, rule);
  return lintTexts([{ path: 'a.yml', text }], { nowMs: Date.UTC(2026, 1, 2) })
    .findings.filter(({ severity }) => severity !== 'info')
    .map(({ code, message, hint }) => `${code} @ ${message} -> ${hint ?? ''}`);
}

const SECURITY = 'service: security';
const ACCESS = 'category: process_access';
const REGISTRY = 'category: registry_set';
const TAMPERING = 'category: process_tampering';
const PROCESS = 'category: process_creation';

describe('another form than the event has is found', () => {
  it.each<[string, readonly [string, ...string[]], string]>([
    [
      'one right as a whole list',
      [SECURITY, 'EventID: 4672', 'PrivilegeList: SeDebugPrivilege'],
      'impossible-value @ "PrivilegeList" is a list of the rights of a session in event 4672, so it never holds "SeDebugPrivilege" there. -> Use `contains`.',
    ],
    [
      'the name that event 4697 has for it',
      ['service: system', 'EventID: 7045', "ServiceFileName|contains: 'powershell'"],
      'field-name-typo @ these events have no field "ServiceFileName", but "ImagePath". -> Write "ImagePath".',
    ],
    [
      'the number of a protocol',
      ['category: network_connection', 'Protocol: 6'],
      'impossible-value @ "Protocol" is tcp or udp, so it never holds "6". -> Write tcp for 6, udp for 17.',
    ],
    [
      'an access mask without 0x',
      [ACCESS, 'GrantedAccess: 1FFFFF'],
      'impossible-value @ "GrantedAccess" is hexadecimal: 0x1010, so it never holds "1FFFFF". -> Write it with 0x, in quotes.',
    ],
    [
      'a folder at the end of a path',
      [PROCESS, "Image|endswith: '\\AppData\\Local\\Temp\\'"],
      'impossible-value @ "Image" is the path of a file and does not end with a backslash, so it never holds "\\AppData\\Local\\Temp\\". -> Use `contains` for a folder.',
    ],
    [
      'a hexadecimal number in the registry',
      [REGISTRY, "TargetObject|endswith: '\\RunAsPPL'", "Details: '0x00000001'"],
      'impossible-value @ "Details" shows a number as DWORD (0x00000001), so it never holds "0x00000001". -> Write it so, with eight digits.',
    ],
    [
      'nearly the words of event 25',
      [TAMPERING, 'Type: Image replaced'],
      'impossible-value @ "Type" is "Image is replaced" or "Image is locked for access", so it never holds "Image replaced". -> Write one of them.',
    ],
    [
      'a session as a decimal number',
      [PROCESS, 'LogonId: 999'],
      'impossible-value @ "LogonId" is hexadecimal: 0x3e7, so it never holds "999". -> Write \'0x3e7\', in quotes.',
    ],
    [
      'a session as a decimal number in the Security log',
      [SECURITY, 'EventID: 4672', "SubjectLogonId: '999'"],
      'impossible-value @ "SubjectLogonId" is hexadecimal: 0x3e7, so it never holds "999". -> Write \'0x3e7\', in quotes.',
    ],
  ])('%s', (_name, [logsource, ...items], expected) => {
    expect(lint(logsource, ...items)).toEqual([expected]);
  });
});

describe('what an event has is not reported', () => {
  it.each<[string, readonly [string, ...string[]]]>([
    ['a right in event 4673, which has one', [SECURITY, 'EventID: 4673', 'PrivilegeList: SeLoadDriverPrivilege']],
    ['a right in one of two events', [SECURITY, 'EventID:\n        - 4672\n        - 4673', 'PrivilegeList: SeDebugPrivilege']],
    ['a part of a list', [SECURITY, 'EventID: 4672', 'PrivilegeList|contains: SeDebugPrivilege']],
    ['the file of a service in event 4697', [SECURITY, 'EventID: 4697', "ServiceFileName|contains: 'powershell'"]],
    ['the number of a protocol in event 5156', ['category: network_connection', 'EventID: 5156', 'Protocol: 6']],
    ['the name of a protocol', ['category: network_connection', 'Protocol: udp']],
    ['the end of an access mask', [ACCESS, "GrantedAccess|endswith: 'FF'"]],
    ['a folder anywhere', [PROCESS, "Image|contains: '\\Temp\\'"]],
    ['a number in its form', [REGISTRY, "Details: 'DWORD (0x00000001)'"]],
    ['a text of the registry that holds a number', [REGISTRY, "Details|contains: '1'"]],
    ['a part of what event 25 says', [TAMPERING, 'Type|contains: replaced']],
    ['a hexadecimal session', [PROCESS, "LogonId: '0x3e7'"]],
  ])('%s', (_name, [logsource, ...items]) => {
    // Event 5156 is an optional source, which is said beside.
    expect(lint(logsource, ...items).filter((one) => !one.startsWith('needs-optional-source'))).toEqual([]);
  });
});

it('a number in the registry that may be text is a note', () => {
  const rule = detection("selection:\n    TargetObject|endswith: '\\RunAsPPL'\n    Details: 0\ncondition: selection");
  const text = ruleText(`logsource:\n    product: windows\n    ${REGISTRY}`, rule);
  expect(lintTexts([{ path: 'a.yml', text }]).findings).toMatchObject([
    {
      code: 'impossible-value',
      severity: 'info',
      message: '"Details" shows a number as DWORD (0x00000001), and "0" only if the registry holds it as text.',
      hint: 'Write it so, with eight digits.',
    },
  ]);
});

it('a control character in YAML is named, with its place', () => {
  const text = ruleText(detection(`selection:\n    CommandLine|contains: 'a\u001bb'\ncondition: selection`));
  const [finding] = lintTexts([{ path: 'a.yml', text }]).findings;
  const lines = text.slice(0, text.indexOf('\u001b')).split('\n');
  expect(finding).toMatchObject({
    code: 'rule/yaml',
    message: 'not valid YAML: the text holds the control character U+001B.',
    hint: 'Leave it out, or write it as "\\x1b" in double quotes.',
    place: { line: lines.length, column: lines.at(-1)!.length + 1 },
  });
});
