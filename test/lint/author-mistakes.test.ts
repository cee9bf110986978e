/** Mistakes that authors of rules make: each is reported where it stands, with what to write instead; what is only like one is not. */
import { describe, expect, it } from 'vitest';
import { correlationText, detection, ruleText } from '../../src/lint/examples.ts';
import { lintTexts } from '../../src/lint/lint.ts';

/** `code @ the line as it stands in the rule -> hint`, of errors and warnings. */
function lint(text: string): readonly string[] {
  const lines = text.split('\n');
  return lintTexts([{ path: 'a.yml', text }], { nowMs: Date.UTC(2026, 1, 2) })
    .findings.filter(({ severity }) => severity !== 'info')
    .map(({ code, place, hint }) => `${code} @ ${lines[(place.line ?? 1) - 1]!.trim()} -> ${hint ?? ''}`);
}

const item = (text: string, more = '') => detection(`selection:\n    ${text}\n${more}condition: selection`);
const logsource = (text: string) => `logsource:\n    product: windows\n    ${text}`;
const SECURITY = logsource('service: security');
const PROCESS = logsource('category: process_creation');
const CONNECTION = logsource('category: network_connection');
const SYSTEM = logsource('service: system');
const IMAGE_LOAD = logsource('category: image_load');
const HASHES = 'For example MD5=<32 digits>, SHA1=<40>, SHA256=<64>, IMPHASH=<32>.';
const service = (text: string) => detection(`selection:\n    EventID: 7045\n    ${text}\ncondition: selection`);
const logon = (text: string) => detection(`selection:\n    EventID: 4624\n    ${text}\ncondition: selection`);

describe('a mistake in an item is found', () => {
  it.each<[string, string, string, logsource?: string, beside?: string]>([
    ['regex-in-text', "CommandLine|contains: '/priv.*user|/all$'", 'Write `CommandLine|re`.'],
    ['impossible-value', "DestinationIp: '10.0.0.0/8'", 'Use `cidr` for a network.', CONNECTION],
    ['impossible-value', "Image|re: '^whoami\\.exe$'", 'Leave out the "^", or begin with `\\\\`.'],
    ['impossible-value', "Image|endswith: '/whoami.exe'", 'Write "\\" for "/".'],
    ['impossible-value', "Image|endswith: '\\whoami.exe '", 'Leave the blank out.'],
    [
      'impossible-value',
      "Image|startswith: '%SystemRoot%\\a.exe'",
      'Write the folder, without its drive and with `contains`: \\Windows\\, \\AppData\\Roaming\\.',
    ],
    ['impossible-value', "User: 'Administrator'", "Use `endswith: '\\name'`."],
    ['impossible-value', "IntegrityLevel: 'Administrator'", 'Administrators work with High, without their rights with Medium.'],
    [
      'impossible-value',
      "QueryName: 'https://evil.example/'",
      'Leave out the scheme and the path.',
      logsource('category: dns_query'),
    ],
    ['impossible-value', "PipeName: 'lsadump'", 'Write "\\name".', logsource('category: pipe_created')],
    ['impossible-value', "PipeName|startswith: 'msagent_'", 'Write "\\name".', logsource('category: pipe_created')],
    [
      'impossible-value',
      "TargetObject|contains: 'HKEY_CURRENT_USER\\Software'",
      'Leave the hive out: no event holds its long name.',
      logsource('category: registry_set'),
    ],
    [
      'impossible-value',
      "EventType: 'SetVal'",
      'Of the registry they are CreateKey, DeleteKey, RenameKey, SetValue and DeleteValue.',
      logsource('category: registry_event'),
    ],
    ['impossible-value', "Image: 'cmd.exe'", 'Use `endswith`, with a backslash before the name.'],
    [
      'impossible-value',
      "TargetUserSid: 'SYSTEM'",
      'The name stands in another field, such as `SubjectUserName`.',
      SECURITY,
      'EventID: 4624',
    ],
    ['regex-in-text', "CommandLine|endswith: '\\.ps1$'", 'Write `CommandLine|re`.'],
    ['impossible-value', "Details: 'DWORD (0x1)'", 'Fill the number up with zeros.', logsource('category: registry_set')],
    [
      'impossible-value',
      "LogonType: 'Network'",
      '2 is interactive, 3 network, 4 batch, 5 service, 7 unlock, 8 clear text, 9 new credentials, 10 remote desktop, 11 cached.',
      SECURITY,
      'EventID: 4624',
    ],
    ['impossible-value', "TicketEncryptionType: '23'", "Write '0x17', in quotes.", SECURITY, 'EventID: 4769'],
    ['field-name-typo', 'Logontype: 3', 'Write "LogonType".', SECURITY, 'EventID: 4624'],
    ['field-name-typo', "TargetUserNmae: 'x'", 'Write "TargetUserName".', SECURITY, 'EventID: 4624'],
    ['field-not-in-log-source', 'Image|fieldref: ParentImgae', 'Did you mean "ParentImage"?'],
    ['field-not-in-log-source', "'Image:endswith': '\\a.exe'", 'A modifier stands behind "|": write `Image|endswith`.'],
    [
      'event-id-outside-log-source',
      'EventID: 4104',
      'Event 4104 belongs to `service: powershell`.',
      SECURITY,
      "ScriptBlockText|contains: 'x'",
    ],
    [
      'channel-outside-log-source',
      'Channel: Security',
      'The log source stands for "microsoft-windows-sysmon/operational", "security".',
      PROCESS,
      'EventID: 1',
    ],
    ['channel-outside-log-source', 'Channel: System', 'The log source stands for "security".', SECURITY, 'EventID: 4625'],
    [
      'provider-name-typo',
      "Provider_Name: 'Microsoft-Windows-Security-Auditting'",
      'Did you mean "Microsoft-Windows-Security-Auditing"?',
      SECURITY,
      'EventID: 4624',
    ],
    [
      'provider-name-typo',
      "Provider_Name: 'Service Control Manger'",
      'Did you mean "Service Control Manager"?',
      SYSTEM,
      'EventID: 7045',
    ],
    ['event-id-outside-log-source', 'EventID: 4688', 'Event 4688 belongs to `service: security`.', SYSTEM],
    [
      'event-id-outside-log-source',
      'EventID: 4104',
      'Event 4104 belongs to `service: powershell`.',
      logsource('service: application'),
    ],
    ['hash-format', `Hashes|contains: 'SHA256=${'a'.repeat(63)}'`, HASHES, IMAGE_LOAD],
    ['hash-format', `Hashes|contains: '${'a'.repeat(33)}'`, HASHES, IMAGE_LOAD],
    ['hash-format', `Hashes|contains: 'SHA256:${'a'.repeat(64)}'`, HASHES, IMAGE_LOAD],
    ['hash-format', `md5: 'MD5=${'a'.repeat(32)}'`, 'Write the 32 digits of "md5" alone.', IMAGE_LOAD],
    ['impossible-value', "OriginalFileName: 'C:\\Windows\\a.exe'", 'Write the name alone.', IMAGE_LOAD],
    ['impossible-value', "OriginalFileName|endswith: '\\a.exe'", 'Write the name alone.', IMAGE_LOAD],
    [
      'impossible-value',
      'StartType: 2',
      'Write "boot start", "system start", "auto start", "demand start" or "disabled", as an English Windows does.',
      SYSTEM,
      'EventID: 7045',
    ],
    [
      'impossible-value',
      'ServiceStartType: auto start',
      '0 is started by the boot loader, 1 by the kernel, 2 automatically, 3 on demand, 4 disabled.',
      SECURITY,
      'EventID: 4697',
    ],
    ['impossible-value', "DestinationIp: '10.0.0.1:445'", 'The port stands in another field.', CONNECTION],
    ['impossible-value', "IpAddress: '[::1]:445'", 'The port stands in another field.', SECURITY, 'EventID: 4624'],
    ['impossible-value', "ProcessId: '0x1234'", 'Write 4660.'],
    ['impossible-value', 'AccessMask: 256', "Write '0x100', in quotes.", SECURITY, 'EventID: 4663'],
    [
      'impossible-value',
      "GrantedAccess: '5136'",
      "Write it with 0x, in quotes. The decimal number 5136 is '0x1410'.",
      logsource('category: process_access'),
    ],
    [
      'look-alike-character',
      "Image|endswith: '\\\u0430.exe'",
      'Type it again, or leave it if that very character is looked for.',
    ],
    [
      'look-alike-character',
      "CommandLine|contains: '-c \u201cx\u201d'",
      'Type it again, or leave it if that very character is looked for.',
    ],
    ['value-always-true', "CommandLine|re: '.*'", 'Write `CommandLine|exists: true` if any value will do.'],
    ['null-as-text', "CommandLine: 'null'", 'Write null without quotes, on its own.'],
    ['encoding-after-base64', "CommandLine|base64offset|wide|contains: 'abc'", 'Write `CommandLine|wide|base64offset|contains`.'],
    ['hash-format', `md5: '${'a'.repeat(31)}'`, 'Write the 32 digits of "md5" alone.', IMAGE_LOAD],
    ['hash-format', `sha1: '${'a'.repeat(32)}'`, 'Write the 40 digits of "sha1" alone.', IMAGE_LOAD],
    ['hash-format', `sha256: '${'a'.repeat(65)}'`, 'Write the 64 digits of "sha256" alone.', IMAGE_LOAD],
    ['hash-format', `imphash: '${'a'.repeat(40)}'`, 'Write the 32 digits of "imphash" alone.', IMAGE_LOAD],
  ])('%s: %s', (code, mistake, hint, source = PROCESS, beside) => {
    const items = beside === undefined ? [mistake] : [beside, mistake];
    expect(lint(ruleText(source, item(items.join('\n    '))))).toEqual([`${code} @ ${mistake} -> ${hint}`]);
  });
});

describe('a mistake elsewhere in a rule is found', () => {
  it.each<[readonly string[], string]>([
    [['tags:\n    - attack.execution\n    - attack.1059.001'], 'tag-name @ - attack.1059.001 -> Write "attack.t1059.001".'],
    [
      ['logsource:\n    product: linux\n    category: process_creation', item("Imgae|endswith: '/curl'")],
      'field-name-typo @ Imgae|endswith: \'/curl\' -> Write "Image".',
    ],
    [['date: 2026-02-04'], 'date-in-future @ date: 2026-02-04 -> Write the day it was.'],
    [['modified: 2027-01-31'], 'date-in-future @ modified: 2027-01-31 -> Write the day it was.'],
    [
      ['logsource:\n    product: windwos\n    category: process_creation'],
      'log-source-name @ product: windwos -> Did you mean "windows"?',
    ],
    [
      ['logsource:\n    product: Windows\n    category: process_creation'],
      'log-source-name @ product: Windows -> Write "windows".',
    ],
    [
      [logsource('service: security\n    category: file_event')],
      'log-source-without-events @ product: windows -> An event has to be of both: name only one of them.',
    ],
    [['date: 2026-02-30'], 'date-format @ date: 2026-02-30 -> Write a day that the month has.'],
    [['tags:\n    - attack.execution\n    - attack.t1086'], 'attack-technique @ - attack.t1086 -> Write "attack.t1059.001".'],
    [['tags:\n    - attack.execution\n    - attack.t1059.099'], 'attack-technique @ - attack.t1059.099 -> T1059 itself exists.'],
    [
      ["detection:\n    selection:\n        Image: 'C:\\a.exe'\n    condition: selection\n    falsepositives:\n        - x"],
      'unused-selection @ falsepositives: -> Indent it as far as "detection" itself.',
    ],
  ])('%j', (blocks, expected) => {
    expect(lint(ruleText(...blocks))).toEqual([expected]);
  });

  it('a filter that is asked for, and one that takes from the last alternative only', () => {
    const filter = "filter_agent:\n    ParentImage|endswith: '\\agent.exe'\n";
    const rule = (condition: string) =>
      lint(ruleText(detection(`a:\n    Image|endswith: '\\a.exe'\nb:\n    CommandLine: 'b'\n${filter}condition: ${condition}`)));
    expect(rule('a and b and filter_agent')).toEqual([
      'filter-selected @ condition: a and b and filter_agent -> Write "not filter_agent", or call the selection otherwise.',
    ]);
    expect(rule('a or b and not filter_agent')).toEqual([
      'not-binds-to-last @ condition: a or b and not filter_agent -> Put the alternatives, or the last of them with its filter, in parentheses.',
    ]);
    expect([...rule('(a or b) and not filter_agent'), ...rule('a or (b and not filter_agent)')]).toEqual([]);
    // Taken away from what is taken away.
    expect(rule('a and not (b and not filter_agent)')).toEqual([]);
  });

  it('a field to group by that the events do not have', () => {
    const failed = 'name: whoami\nlogsource:\n    product: windows\n    service: security';
    const rules = (field: string) =>
      correlationText(
        `correlation:\n    type: event_count\n    rules: [whoami]\n    group-by: [${field}]\n    timespan: 5m\n    condition: {gte: 5}`,
      )
        .replace('name: whoami\n', '')
        .replace('logsource:\n    category: process_creation\n    product: windows', failed)
        .replace("Image|endswith: '\\whoami.exe'", 'EventID: 4625');
    const found = (field: string) => lint(rules(field)).filter((one) => one.startsWith('correlation'));
    expect(found('SourceIp')).toEqual([
      'correlation-field-missing @ group-by: [SourceIp] -> Use a field that all of them have, or `aliases`.',
    ]);
    expect(found('IpAdress')).toEqual(['correlation-field-missing @ group-by: [IpAdress] -> Did you mean "IpAddress"?']);
    expect([...found('IpAddress'), ...found('NewFieldOfWindows12')]).toEqual([]);
  });

  it('two EventIDs at once: which, and where', () => {
    const text = ruleText(SECURITY, detection('one:\n    EventID: 4625\ntwo:\n    EventID: 4672\ncondition: one and two'));
    expect(lintTexts([{ path: 'a.yml', text }]).findings.map(({ message }) => message)).toEqual([
      'the condition can never hold: `EventID` is 4625 in "one" (line 17) and 4672 in "two" (line 19); one event has one EventID.',
    ]);
  });
});

describe('what a rule that is refused says', () => {
  const condition = (text: string) => ruleText(detection(`a:\n    Image: 'a'\nb:\n    Image: 'b'\ncondition: ${text}`));
  it.each<[string, string]>([
    [
      ruleText(item('Image|endswith: "\\whoami.exe"')),
      'rule/yaml @ Image|endswith: "\\whoami.exe" -> In double quotes a backslash begins an escape: use single quotes.',
    ],
    [ruleText(item('Image: *\\cmd.exe')), 'rule/yaml @ Image: *\\cmd.exe -> Put a value that begins with a star in quotes.'],
    [
      ruleText("detection:\n    selection:\n        Image: 'a'\n        condition: selection"),
      'rule/no-condition @ condition: selection -> It stands in "selection" (line 18): indent it as far as the selections.',
    ],
    [
      ruleText("detection:\n    selection:\n        Image: 'a'", 'condition: selection'),
      'rule/no-condition @ condition: selection -> It stands beside "detection" (line 21): indent it as far as the selections.',
    ],
    [
      ruleText('-logsource', 'category: process_creation', 'product: windows'),
      'rule/no-logsource @ category: process_creation -> "category" stands at the top (line 19): put it below "logsource:", indented.',
    ],
    [
      ruleText("detection:\n    selection:\n    Image: 'a'\n    condition: selection"),
      'rule/empty-selection @ selection: -> Line 17 ("Image") is indented as far as "selection": indent it further if it belongs to it.',
    ],
    [
      ruleText(item('Image|contains|any: [a, b]')),
      'rule/unknown-modifier @ Image|contains|any: [a, b] -> Leave it out: one of the values of a list is enough.',
    ],
    [ruleText(item('Image|not: a')), 'rule/unknown-modifier @ Image|not: a -> Put `not` in the condition, or use `neq`.'],
    [condition('1 OF a*'), 'rule/operator-case @ condition: 1 OF a* -> Write "of".'],
    [condition('a && b'), 'rule/condition @ condition: a && b -> Write "and".'],
    [condition('a and !b'), 'rule/condition @ condition: a and !b -> Write "not".'],
    [condition('a || b'), 'rule/condition @ condition: a || b -> Write "or".'],
    [
      ruleText(detection("sel one:\n    Image: 'a'\ncondition: sel one")),
      'rule/unknown-selection @ condition: sel one -> A name holds no blanks: call it "sel_one" here and there.',
    ],
    [
      ruleText(detection('keywords|contains:\n    - a\ncondition: keywords')),
      'rule/unknown-selection @ condition: keywords -> A selection takes no modifier: write "keywords" for "keywords|contains", and the modifier behind a field.',
    ],
    [
      ruleText(item("CommandLine|re: '^(?!.*foo).*bar'")),
      "rule/regex @ CommandLine|re: '^(?!.*foo).*bar' -> Look for what must be there with one item; put what must not be there into a selection below `not`.",
    ],
  ])('%j', (text, expected) => {
    expect(lint(text)).toEqual([expected]);
  });
});

describe('what is like a mistake and is none', () => {
  it.each<[string, readonly string[]]>([
    ['dots and stars of a file pattern', [item("CommandLine|contains: 'del *.* /q'")]],
    ['letters of another script alone', [item("CommandLine|contains: '\u0430'")]],
    ['blanks that a rule looks for', [item("CommandLine|contains: '\u2007\u2007'")]],
    ['an apostrophe in the name of a product', [item("Description: 'GnuPG\u2019s tool'")]],
    ['a technique newer than the table', ['tags:\n    - attack.execution\n    - attack.t1999']],
    ['an EventID of Windows XP', [SECURITY, detection('selection:\n    EventID: [517, 1102]\ncondition: selection')]],
    ['a field that a newer Windows may have', [SECURITY, logon("BrandNewThing: 'x'")]],
    ['a Linux path', ['logsource:\n    product: linux\n    category: process_creation', item("Image|endswith: '/curl'")]],
    ['System as an image', [item("Image: 'System'")]],
    [
      'a channel that the event is about',
      [SYSTEM, detection('selection:\n    EventID: 104\n    Channel: Security\ncondition: selection')],
    ],
    [
      'an event of COM+ in Application',
      [logsource('service: application'), detection('selection:\n    EventID: 4625\ncondition: selection')],
    ],
    ['a provider that is not known', [SYSTEM, service("Provider_Name: 'Acme Service Manager'")]],
    ['the beginning of a digest', [IMAGE_LOAD, item("Hashes|contains: 'SHA256=abcdef'")]],
    ['the beginning of a digest of its own', [IMAGE_LOAD, item("sha256|startswith: 'abcdef'")]],
    ['a start type in words', [SYSTEM, service("StartType: 'auto start'")]],
    [
      'a mask without 0x',
      [SECURITY, detection("selection:\n    EventID: 4656\n    AccessMask: ['0x143a', '143a']\ncondition: selection")],
    ],
    ['the day that it is elsewhere', ['date: 2026-02-03']],
  ])('%s', (_, blocks) => {
    expect(lint(ruleText(...blocks))).toEqual([]);
  });

  it('a dot and a star between words: only a note', () => {
    const text = ruleText(item("CommandLine|contains: 'foo.*bar'"));
    expect(lintTexts([{ path: 'a.yml', text }]).findings.map(({ code, severity }) => `${code} ${severity}`)).toEqual([
      'regex-in-text info',
    ]);
  });

  it('a quoted text that goes on at the first column', () => {
    const text = ruleText('falsepositives:\n    - "Software that is part of the installation\nprocess of the vendor"');
    expect(lint(text)).toEqual([]);
    // The line break stands for a blank; the places behind it are those of the file.
    const late = `${text}modified: 2026/01/20\n`;
    expect(lintTexts([{ path: 'a.yml', text: late }]).findings[0]?.place.line).toBe(late.split('\n').length - 1);
  });
});
