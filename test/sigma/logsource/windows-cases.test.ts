/** Rules over whole logs, for what recorded attacks hardly ever show: 4688, classic PowerShell, log clearing, forwarded events. */
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { compileRules } from '../../../src/engine/compile/compile.ts';
import { interpretRule } from '../../../src/engine/match/interpret.ts';
import { createMatcher } from '../../../src/engine/match/matcher.ts';
import { plainEvent } from '../../../src/logs/plain-event.ts';
import type { EventRecord } from '../../../src/model/event.ts';
import type { LogSource } from '../../../src/model/rule.ts';
import { optionalSources, resolveLogSource } from '../../../src/sigma/logsource/resolve.ts';
import { parseRules } from '../../../src/sigma/rule/parse-rules.ts';
import { eventsOf } from '../../rules/shipped.ts';
import { projectRoot } from '../../support/shared.ts';

const everything = new Set(optionalSources);
const resolve = (logsource: LogSource) => resolveLogSource(logsource, { optional: everything });
const log = (name: string): Promise<EventRecord[]> => eventsOf(join(projectRoot, 'fixtures', name));

/** `via EventID` of each match; the reference evaluator must agree. */
function matches(logsource: string, detection: string, events: readonly EventRecord[]): string[] {
  const { rules, refused } = parseRules(`title: t\nlogsource: ${logsource}\ndetection:\n    s: ${detection}\n    condition: s\n`);
  expect(refused).toEqual([]);
  const ruleSet = compileRules(rules, resolve);
  const matcher = createMatcher(ruleSet);
  const found: string[] = [];
  for (const event of events) {
    const fast: string[] = [];
    matcher.match(event, (rule, source) => {
      fast.push(ruleSet.sources[ruleSet.ruleSources[rule]?.[source] ?? -1]?.via ?? '');
    });
    const slow = rules.flatMap((rule) => {
      const resolution = rule.kind === 'detection' ? resolve(rule.logsource) : null;
      if (rule.kind !== 'detection' || resolution?.kind !== 'sources') return [];
      return resolution.sources.filter((source) => interpretRule(rule, event, source)).map(({ via }) => via);
    });
    expect(fast).toEqual(slow);
    found.push(...fast.map((via) => `${via} ${event.eventId}`));
  }
  return found;
}

const PROCESS = '{product: windows, category: process_creation}';
const SECURITY = '{product: windows, service: security}';

describe('Security 4688', () => {
  it.each([
    ["{Image|endswith: '\\whoami.exe', ParentImage|endswith: '\\cmd.exe'}", 1],
    ["{CommandLine|contains: '/priv'}", 1],
    ["{ProcessId: '0x1f4c'}", 1],
    ['{ProcessId: 8012}', 1],
    ["{ParentProcessId: ['0x9a8', 500]}", 2],
    ['{IntegrityLevel: [High, System]}', 2],
    ['{IntegrityLevel: S-1-16-12288}', 1],
    ["{User: 'FABRIKAM\\svc-backup'}", 1],
    ["{User|contains: 'AUTHORI'}", 1],
    ["{LogonId: '0x51b7730'}", 1],
    ['{LogonId: 999}', 1],
    ['{OriginalFileName: null}', 2],
    ["{OriginalFileName: '*'}", 0],
    ["{NewProcessName|endswith: '\\whoami.exe'}", 1],
    ['{EventID: 4688}', 2],
  ])('%s holds for %i processes', async (detection, count) => {
    expect(matches(PROCESS, detection, await log('security.xml'))).toEqual(Array(count).fill('security_4688 4688'));
  });

  it('serves the same rule as Sysmon 1 in one log, each by its own source', async () => {
    const found = matches(PROCESS, "{Image|endswith: '\\cmd.exe', IntegrityLevel: System}", await log('wmi-subscription.jsonl'));
    expect(found).toEqual(['sysmon 1', 'security_4688 4688']);
  });

  it('is no process creation for a rule of service sysmon', async () => {
    const detection = "{Image|endswith: '\\whoami.exe'}";
    expect(
      matches('{product: windows, category: process_creation, service: sysmon}', detection, await log('security.xml')),
    ).toEqual([]);
  });
});

describe('other stand-ins', () => {
  it.each([
    [
      'registry_set',
      "{TargetObject: 'HKLM\\SOFTWARE\\Microsoft\\Windows\\CurrentVersion\\Run\\Updater', Details|endswith: '.exe'}",
      ['security_4657 4657'],
    ],
    ['registry_delete', "{TargetObject|contains: '\\Run'}", []],
    [
      'network_connection',
      "{Initiated: 'true', DestinationPort: 443, Image: 'C:\\Windows\\System32\\rundll32.exe', Protocol: tcp}",
      ['security_5156 5156'],
    ],
    ['antivirus', "{Signature|startswith: 'HackTool', Filename: 'C:\\Windows\\Temp\\upd.zip'}", ['windows_defender 1116']],
  ])('%s is served where it is asked for', async (category, detection, expected) => {
    expect(matches(`{category: ${category}}`, detection, await log('security.xml'))).toEqual(expected);
  });

  it('wmi_event is served by the native 5861 beside Sysmon', async () => {
    const found = matches(
      '{product: windows, category: wmi_event}',
      '{Consumer|contains: CommandLine, Operation: Created}',
      await log('wmi-subscription.xml'),
    );
    expect(found.sort()).toEqual(['sysmon 21', 'wmi_activity_5861 5861']);
  });
});

describe('log clearing', () => {
  it('1102 is a Security event although Microsoft-Windows-Eventlog writes it, and its UserData are fields', async () => {
    const detection = '{EventID: 1102, Provider_Name: Microsoft-Windows-Eventlog, SubjectUserName: svc-backup}';
    expect(matches(SECURITY, detection, await log('security.xml'))).toEqual(['channel 1102']);
  });

  it('104 is a System event whose field Channel is the log that was cleared', async () => {
    const events = await log('security.xml');
    expect(matches('{product: windows, service: system}', '{EventID: 104, Channel: Windows PowerShell}', events)).toEqual([
      'channel 104',
    ]);
    expect(matches('{product: windows, service: system}', '{EventID: 104, Channel: System}', events)).toEqual([]);
    expect(matches('{product: windows, service: powershell-classic}', '{EventID: 104}', events)).toEqual([]);
  });
});

describe('PowerShell', () => {
  it.each([
    ['ps_classic_start', "{Data|contains: 'HostName=ConsoleHost'}", ['powershell 400']],
    ['ps_classic_start', "{Data|contains|all: ['EngineVersion=2.', 'root\\subscription']}", ['powershell 400']],
    ['ps_classic_start', "{EngineVersion|startswith: '2.', HostApplication|contains: Get-WmiObject}", ['powershell 400']],
    ['ps_classic_provider_start', '{Data: Registry}', ['powershell 600']],
    ['ps_script', "{ScriptBlockText|contains: 'Get-CimInstance'}", ['powershell 4104']],
    ['ps_script', "{ScriptBlockText: 'function*__EventFilter*'}", ['powershell 4104']],
    [
      'ps_module',
      "{Payload|contains: 'root/subscription', ContextInfo|contains: 'Command Name = Get-CimInstance'}",
      ['powershell 4103'],
    ],
  ])('%s: %s', async (category, detection, expected) => {
    expect(matches(`{product: windows, category: ${category}}`, detection, await log('powershell.xml'))).toEqual(expected);
  });
});

describe('forwarded events', () => {
  const forwarded = { Channel: 'ForwardedEvents', Computer: 'PC1' };
  const events = [
    { ...forwarded, Provider_Name: 'Microsoft-Windows-Sysmon', EventID: 1, Image: 'C:\\a.exe' },
    { ...forwarded, Provider_Name: 'Microsoft-Windows-Security-Auditing', EventID: 4688, NewProcessName: 'C:\\a.exe' },
    { ...forwarded, Provider_Name: 'Microsoft-Windows-Eventlog', EventID: 1102 },
    { ...forwarded, Provider_Name: 'Contoso-Agent', EventID: 1, Image: 'C:\\a.exe' },
  ].map((fields) => plainEvent(fields));

  it('are known by their provider where the collector wrote its own channel', () => {
    expect(matches(PROCESS, "{Image|endswith: 'a.exe'}", events)).toEqual(['sysmon 1', 'security_4688 4688']);
    expect(matches(SECURITY, '{EventID: 1102}', events)).toEqual(['channel 1102']);
  });

  it('are matched by product: windows alone, like every event', () => {
    expect(matches('{product: windows}', '{EventID: 1}', events)).toEqual(['windows 1', 'windows 1']);
  });
});

describe('names', () => {
  it('Provider is a field of some events, the provider of the log is Provider_Name', async () => {
    const wmi = '{product: windows, service: wmi}';
    expect(matches(wmi, '{Provider: SCM Event Provider, PossibleCause: Permanent}', await log('benign.xml'))).toEqual([
      'channel 5859',
    ]);
    expect(matches(wmi, '{Provider: Microsoft-Windows-WMI-Activity}', await log('benign.xml'))).toEqual([]);
    expect(matches(wmi, '{Provider_Name: Microsoft-Windows-WMI-Activity}', await log('benign.xml'))).toEqual([
      'channel 5859',
      'channel 5861',
    ]);
  });

  it('ComputerName is Computer', async () => {
    expect(matches(SECURITY, '{ComputerName: SRV-02.fabrikam.example, EventID: 4625}', await log('security.xml'))).toEqual([
      'channel 4625',
    ]);
  });
});
