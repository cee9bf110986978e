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
const CONNECTION = logsource('category: network_connection');
const SYSTEM = logsource('service: system');
const IMAGE_LOAD = logsource('category: image_load');
const HASHES = 'For example MD5=<32 digits>, SHA1=<40>, SHA256=<64>, IMPHASH=<32>.';
const service = (text: string) => detection(`selection:\n    EventID: 7045\n    ${text}\ncondition: selection`);
const logon = (text: string) => detection(`selection:\n    EventID: 4624\n    ${text}\ncondition: selection`);

describe('a mistake of an author is found', () => {
  it.each<[string, readonly string[], string]>([
    [
      'a technique without its letter',
      ['tags:\n    - attack.execution\n    - attack.1059.001'],
      'tag-name @ - attack.1059.001 -> Write "attack.t1059.001".',
    ],
    [
      'a regular expression under contains',
      [item("CommandLine|contains: '/priv.*user|/all$'")],
      "regex-in-text @ CommandLine|contains: '/priv.*user|/all$' -> Write `CommandLine|re`.",
    ],
    [
      'a network as an address',
      [CONNECTION, item("DestinationIp: '10.0.0.0/8'")],
      "impossible-value @ DestinationIp: '10.0.0.0/8' -> Use `cidr` for a network.",
    ],
    [
      'an anchor before a file name',
      [item("Image|re: '^whoami\\.exe$'")],
      'impossible-value @ Image|re: \'^whoami\\.exe$\' -> Leave out the "^", or begin with `\\\\`.',
    ],
    [
      'a slash in a path',
      [item("Image|endswith: '/whoami.exe'")],
      'impossible-value @ Image|endswith: \'/whoami.exe\' -> Write "\\" for "/".',
    ],
    [
      'a blank behind a path',
      [item("Image|endswith: '\\whoami.exe '")],
      "impossible-value @ Image|endswith: '\\whoami.exe ' -> Leave the blank out.",
    ],
    [
      'a variable in a path',
      [item("Image|startswith: '%SystemRoot%\\a.exe'")],
      "impossible-value @ Image|startswith: '%SystemRoot%\\a.exe' -> Write the folder, without its drive and with `contains`: \\Windows\\, \\AppData\\Roaming\\.",
    ],
    [
      'a user without a domain',
      [item("User: 'Administrator'")],
      "impossible-value @ User: 'Administrator' -> Use `endswith: '\\name'`.",
    ],
    [
      'an integrity level that is none',
      [item("IntegrityLevel: 'Administrator'")],
      "impossible-value @ IntegrityLevel: 'Administrator' -> Administrators work with High, without their rights with Medium.",
    ],
    [
      'a URL as the name of a host',
      [logsource('category: dns_query'), item("QueryName: 'https://evil.example/'")],
      "impossible-value @ QueryName: 'https://evil.example/' -> Leave out the scheme and the path.",
    ],
    [
      'a pipe without its backslash',
      [logsource('category: pipe_created'), item("PipeName: 'lsadump'")],
      'impossible-value @ PipeName: \'lsadump\' -> Write "\\name".',
    ],
    [
      'the beginning of a pipe without its backslash',
      [logsource('category: pipe_created'), item("PipeName|startswith: 'msagent_'")],
      'impossible-value @ PipeName|startswith: \'msagent_\' -> Write "\\name".',
    ],
    [
      'a hive by its long name inside of a key',
      [logsource('category: registry_set'), item("TargetObject|contains: 'HKEY_CURRENT_USER\\Software'")],
      "impossible-value @ TargetObject|contains: 'HKEY_CURRENT_USER\\Software' -> Leave the hive out: no event holds its long name.",
    ],
    [
      'an EventType that Sysmon does not write',
      [logsource('category: registry_event'), item("EventType: 'SetVal'")],
      "impossible-value @ EventType: 'SetVal' -> Of the registry they are CreateKey, DeleteKey, RenameKey, SetValue and DeleteValue.",
    ],
    [
      'a program by its name alone',
      [item("Image: 'cmd.exe'")],
      "impossible-value @ Image: 'cmd.exe' -> Use `endswith`, with a backslash before the name.",
    ],
    [
      'an account by name where a SID stands',
      [SECURITY, logon("TargetUserSid: 'SYSTEM'")],
      "impossible-value @ TargetUserSid: 'SYSTEM' -> The name stands in another field, such as `SubjectUserName`.",
    ],
    [
      'the end of a regular expression in a text',
      [item("CommandLine|endswith: '\\.ps1$'")],
      "regex-in-text @ CommandLine|endswith: '\\.ps1$' -> Write `CommandLine|re`.",
    ],
    [
      'a short DWORD',
      [logsource('category: registry_set'), item("Details: 'DWORD (0x1)'")],
      "impossible-value @ Details: 'DWORD (0x1)' -> Fill the number up with zeros.",
    ],
    [
      'a logon type in words',
      [SECURITY, logon("LogonType: 'Network'")],
      "impossible-value @ LogonType: 'Network' -> 2 is interactive, 3 network, 4 batch, 5 service, 7 unlock, 8 clear text, 9 new credentials, 10 remote desktop, 11 cached.",
    ],
    [
      'an encryption type in decimal',
      [SECURITY, detection("selection:\n    EventID: 4769\n    TicketEncryptionType: '23'\ncondition: selection")],
      "impossible-value @ TicketEncryptionType: '23' -> Write '0x17', in quotes.",
    ],
    ['a field in other case', [SECURITY, logon('Logontype: 3')], 'field-name-typo @ Logontype: 3 -> Write "LogonType".'],
    [
      'a field with a slip of the pen',
      [SECURITY, logon("TargetUserNmae: 'x'")],
      'field-name-typo @ TargetUserNmae: \'x\' -> Write "TargetUserName".',
    ],
    [
      'a field of a Linux rule',
      ['logsource:\n    product: linux\n    category: process_creation', item("Imgae|endswith: '/curl'")],
      'field-name-typo @ Imgae|endswith: \'/curl\' -> Write "Image".',
    ],
    [
      'a field that is referred to',
      [item('Image|fieldref: ParentImgae')],
      'field-not-in-log-source @ Image|fieldref: ParentImgae -> Did you mean "ParentImage"?',
    ],
    [
      'a modifier behind a colon',
      [item("'Image:endswith': '\\a.exe'")],
      "field-not-in-log-source @ 'Image:endswith': '\\a.exe' -> A modifier stands behind \"|\": write `Image|endswith`.",
    ],
    [
      'an EventID of another log',
      [SECURITY, detection("selection:\n    EventID: 4104\n    ScriptBlockText|contains: 'x'\ncondition: selection")],
      'event-id-outside-log-source @ EventID: 4104 -> Event 4104 belongs to `service: powershell`.',
    ],
    [
      'a channel of another log',
      [detection('selection:\n    Channel: Security\n    EventID: 1\ncondition: selection')],
      'channel-outside-log-source @ Channel: Security -> The log source stands for "microsoft-windows-sysmon/operational", "security".',
    ],
    [
      'a channel of another log, beside an EventID of its own',
      [SECURITY, detection('selection:\n    Channel: System\n    EventID: 4625\ncondition: selection')],
      'channel-outside-log-source @ Channel: System -> The log source stands for "security".',
    ],
    [
      'a misspelt provider of Security',
      [SECURITY, logon("Provider_Name: 'Microsoft-Windows-Security-Auditting'")],
      'provider-name-typo @ Provider_Name: \'Microsoft-Windows-Security-Auditting\' -> Did you mean "Microsoft-Windows-Security-Auditing"?',
    ],
    [
      'a misspelt provider of System',
      [SYSTEM, service("Provider_Name: 'Service Control Manger'")],
      'provider-name-typo @ Provider_Name: \'Service Control Manger\' -> Did you mean "Service Control Manager"?',
    ],
    [
      'an event of Security in System',
      [SYSTEM, detection('selection:\n    EventID: 4688\ncondition: selection')],
      'event-id-outside-log-source @ EventID: 4688 -> Event 4688 belongs to `service: security`.',
    ],
    [
      'an event of PowerShell in Application',
      [logsource('service: application'), detection('selection:\n    EventID: 4104\ncondition: selection')],
      'event-id-outside-log-source @ EventID: 4104 -> Event 4104 belongs to `service: powershell`.',
    ],
    [
      'a digest that lost a digit',
      [IMAGE_LOAD, item(`Hashes|contains: 'SHA256=${'a'.repeat(63)}'`)],
      `hash-format @ Hashes|contains: 'SHA256=${'a'.repeat(63)}' -> ${HASHES}`,
    ],
    [
      'a digest without name that has too many digits',
      [IMAGE_LOAD, item(`Hashes|contains: '${'a'.repeat(33)}'`)],
      `hash-format @ Hashes|contains: '${'a'.repeat(33)}' -> ${HASHES}`,
    ],
    [
      'a colon behind the name of a hash',
      [IMAGE_LOAD, item(`Hashes|contains: 'SHA256:${'a'.repeat(64)}'`)],
      `hash-format @ Hashes|contains: 'SHA256:${'a'.repeat(64)}' -> ${HASHES}`,
    ],
    ...[
      ['md5', 31, 32],
      ['sha1', 32, 40],
      ['sha256', 65, 64],
      ['imphash', 40, 32],
    ].map(([field, digits, wanted]): [string, string[], string] => [
      `a digest of the wrong length in ${field}`,
      [IMAGE_LOAD, item(`${field}: '${'a'.repeat(Number(digits))}'`)],
      `hash-format @ ${field}: '${'a'.repeat(Number(digits))}' -> Write the ${wanted} digits of "${field}" alone.`,
    ]),
    [
      'a digest with its name where it stands alone',
      [IMAGE_LOAD, item(`md5: 'MD5=${'a'.repeat(32)}'`)],
      `hash-format @ md5: 'MD5=${'a'.repeat(32)}' -> Write the 32 digits of "md5" alone.`,
    ],
    [
      'a path in OriginalFileName',
      [IMAGE_LOAD, item("OriginalFileName: 'C:\\Windows\\a.exe'")],
      "impossible-value @ OriginalFileName: 'C:\\Windows\\a.exe' -> Write the name alone.",
    ],
    [
      'a backslash before OriginalFileName',
      [IMAGE_LOAD, item("OriginalFileName|endswith: '\\a.exe'")],
      "impossible-value @ OriginalFileName|endswith: '\\a.exe' -> Write the name alone.",
    ],
    [
      'a start type of System as a number',
      [SYSTEM, service('StartType: 2')],
      'impossible-value @ StartType: 2 -> Write "boot start", "system start", "auto start", "demand start" or "disabled", as an English Windows does.',
    ],
    [
      'a start type of Security in words',
      [SECURITY, detection('selection:\n    EventID: 4697\n    ServiceStartType: auto start\ncondition: selection')],
      'impossible-value @ ServiceStartType: auto start -> 0 is started by the boot loader, 1 by the kernel, 2 automatically, 3 on demand, 4 disabled.',
    ],
    [
      'a port behind an address',
      [CONNECTION, item("DestinationIp: '10.0.0.1:445'")],
      "impossible-value @ DestinationIp: '10.0.0.1:445' -> The port stands in another field.",
    ],
    [
      'a port behind an address of Security',
      [SECURITY, logon("IpAddress: '[::1]:445'")],
      "impossible-value @ IpAddress: '[::1]:445' -> The port stands in another field.",
    ],
    ['a hexadecimal number of a process', [item("ProcessId: '0x1234'")], "impossible-value @ ProcessId: '0x1234' -> Write 4660."],
    [
      'a mask in decimal',
      [SECURITY, detection('selection:\n    EventID: 4663\n    AccessMask: 256\ncondition: selection')],
      "impossible-value @ AccessMask: 256 -> Write '0x100', in quotes.",
    ],
    [
      'granted access in decimal',
      [logsource('category: process_access'), item("GrantedAccess: '5136'")],
      "impossible-value @ GrantedAccess: '5136' -> Write it with 0x, in quotes. The decimal number 5136 is '0x1410'.",
    ],
    ['a date in the future', ['date: 2026-02-04'], 'date-in-future @ date: 2026-02-04 -> Write the day it was.'],
    ['a modification in the future', ['modified: 2027-01-31'], 'date-in-future @ modified: 2027-01-31 -> Write the day it was.'],
    [
      'a product that is none',
      ['logsource:\n    product: windwos\n    category: process_creation'],
      'log-source-name @ product: windwos -> Did you mean "windows"?',
    ],
    [
      'a product in upper case',
      ['logsource:\n    product: Windows\n    category: process_creation'],
      'log-source-name @ product: Windows -> Write "windows".',
    ],
    [
      'two logs at once',
      [logsource('service: security\n    category: file_event')],
      'log-source-without-events @ product: windows -> An event has to be of both: name only one of them.',
    ],
    [
      'a Cyrillic letter',
      [item("Image|endswith: '\\\u0430.exe'")],
      "look-alike-character @ Image|endswith: '\\\u0430.exe' -> Type it again, or leave it if that very character is looked for.",
    ],
    [
      'quotation marks of a word processor',
      [item("CommandLine|contains: '-c \u201cx\u201d'")],
      "look-alike-character @ CommandLine|contains: '-c \u201cx\u201d' -> Type it again, or leave it if that very character is looked for.",
    ],
    [
      'an expression that holds everywhere',
      [item("CommandLine|re: '.*'")],
      "value-always-true @ CommandLine|re: '.*' -> Write `CommandLine|exists: true` if any value will do.",
    ],
    [
      'null in quotes',
      [item("CommandLine: 'null'")],
      "null-as-text @ CommandLine: 'null' -> Write null without quotes, on its own.",
    ],
    [
      'encodings in the wrong order',
      [item("CommandLine|base64offset|wide|contains: 'abc'")],
      "encoding-after-base64 @ CommandLine|base64offset|wide|contains: 'abc' -> Write `CommandLine|wide|base64offset|contains`.",
    ],
    ['a day that is none', ['date: 2026-02-30'], 'date-format @ date: 2026-02-30 -> Write a day that the month has.'],
    [
      'a technique that was revoked',
      ['tags:\n    - attack.execution\n    - attack.t1086'],
      'attack-technique @ - attack.t1086 -> Write "attack.t1059.001".',
    ],
    [
      'a technique that never was',
      ['tags:\n    - attack.execution\n    - attack.t1059.099'],
      'attack-technique @ - attack.t1059.099 -> T1059 itself exists.',
    ],
    [
      'metadata below detection',
      ["detection:\n    selection:\n        Image: 'C:\\a.exe'\n    condition: selection\n    falsepositives:\n        - x"],
      'unused-selection @ falsepositives: -> Indent it as far as "detection" itself.',
    ],
  ])('%s', (_, blocks, expected) => {
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
  it.each<[string, string, string]>([
    [
      'a backslash in double quotes',
      ruleText(item('Image|endswith: "\\whoami.exe"')),
      'rule/yaml @ Image|endswith: "\\whoami.exe" -> In double quotes a backslash begins an escape: use single quotes.',
    ],
    [
      'a star without quotes',
      ruleText(item('Image: *\\cmd.exe')),
      'rule/yaml @ Image: *\\cmd.exe -> Put a value that begins with a star in quotes.',
    ],
    [
      'a condition inside a selection',
      ruleText("detection:\n    selection:\n        Image: 'a'\n        condition: selection"),
      'rule/no-condition @ condition: selection -> It stands in "selection" (line 18): indent it as far as the selections.',
    ],
    [
      'a condition beside detection',
      ruleText("detection:\n    selection:\n        Image: 'a'", 'condition: selection'),
      'rule/no-condition @ condition: selection -> It stands beside "detection" (line 21): indent it as far as the selections.',
    ],
    [
      'a log source at the top',
      ruleText('-logsource', 'category: process_creation', 'product: windows'),
      'rule/no-logsource @ category: process_creation -> "category" stands at the top (line 19): put it below "logsource:", indented.',
    ],
    [
      'an empty selection',
      ruleText("detection:\n    selection:\n    Image: 'a'\n    condition: selection"),
      'rule/empty-selection @ selection: -> Line 17 ("Image") is indented as far as "selection": indent it further if it belongs to it.',
    ],
    [
      'any',
      ruleText(item('Image|contains|any: [a, b]')),
      'rule/unknown-modifier @ Image|contains|any: [a, b] -> Leave it out: one of the values of a list is enough.',
    ],
    ['not', ruleText(item('Image|not: a')), 'rule/unknown-modifier @ Image|not: a -> Put `not` in the condition, or use `neq`.'],
    ['OF', condition('1 OF a*'), 'rule/operator-case @ condition: 1 OF a* -> Write "of".'],
    ['&&', condition('a && b'), 'rule/condition @ condition: a && b -> Write "and".'],
    ['!', condition('a and !b'), 'rule/condition @ condition: a and !b -> Write "not".'],
    ['||', condition('a || b'), 'rule/condition @ condition: a || b -> Write "or".'],
    [
      'a blank in a name',
      ruleText(detection("sel one:\n    Image: 'a'\ncondition: sel one")),
      'rule/unknown-selection @ condition: sel one -> A name holds no blanks: call it "sel_one" here and there.',
    ],
    [
      'a modifier behind a name',
      ruleText(detection('keywords|contains:\n    - a\ncondition: keywords')),
      'rule/unknown-selection @ condition: keywords -> A selection takes no modifier: write "keywords" for "keywords|contains", and the modifier behind a field.',
    ],
    [
      'a look ahead',
      ruleText(item("CommandLine|re: '^(?!.*foo).*bar'")),
      "rule/regex @ CommandLine|re: '^(?!.*foo).*bar' -> Look for what must be there with one item; put what must not be there into a selection below `not`.",
    ],
  ])('%s', (_, text, expected) => {
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
