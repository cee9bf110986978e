/** Texts made from Windows events that are not read: the message names them and says what to export instead. */
import { expect, it } from 'vitest';
import { reportIn } from '../../src/logs/open/own-report.ts';
import { describeBytes, sniff } from '../../src/logs/open/sniff.ts';

const TEXTS: Readonly<Record<string, readonly [seen: string, text: string]>> = {
  CEF: ['CEF (ArcSight)', 'Mar  5 09:06:22 PC1 CEF:0|Microsoft|Microsoft Windows||4688|A new process|Low|externalId=4688\n'],
  LEEF: ['LEEF (QRadar)', '<13>Mar 5 09:06:22 PC1 LEEF:1.0|Microsoft|Windows|2k8r2|4624|usrName=bob\n'],
  WinCollect: [
    'events of a QRadar agent (WinCollect)',
    '<13>Mar 05 09:06:22 PC1 AgentDevice=WindowsLog\tAgentLogFile=Security\tEventID=4688\n',
  ],
  Snare: [
    'Snare events (MSWinEventLog)',
    '<13>Mar 05 09:06:22 PC1 MSWinEventLog\t1\tSecurity\t3027\tTue Mar 05 09:06:22 2024\t4688\n',
  ],
  'wevtutil /f:text': [
    'the text form of wevtutil',
    'Event[0]:\r\n  Log Name: Security\r\n  Source: Microsoft-Windows-Security-Auditing\r\n',
  ],
  'Format-List': [
    'a list or table that PowerShell has printed',
    '\r\n\r\nTimeCreated  : 3/5/2024 9:06:22 AM\r\nProviderName : Sysmon\r\nId           : 1\r\n',
  ],
  'the table that Get-WinEvent prints': [
    'a list or table that PowerShell has printed',
    '\n\n   ProviderName: Microsoft-Windows-Sysmon\n\nTimeCreated                     Id LevelDisplayName Message\n-----------                     -- ---------------- -------\n',
  ],
  'the table that Get-EventLog prints': [
    'a list or table that PowerShell has printed',
    '\n   Index Time          EntryType   Source                 InstanceID Message\n   ----- ----          ---------   ------                 ---------- -------\n',
  ],
};

it.each(Object.entries(TEXTS))('%s', (_name, [seen, text]) => {
  expect(sniff(Buffer.from(text))).toBeNull();
  const described = describeBytes(Buffer.from(text));
  expect(described.seen).toBe(seen);
  expect(described.hint).toMatch(/XML/i);
  expect(describeBytes(Buffer.from(`\ufeff${text}`, 'utf16le')).seen).toBe(seen);
});

it('any other text is shown', () => {
  expect(describeBytes(Buffer.from('Dear diary, today\n')).seen).toBe('text ("Dear diary, today\\n")');
});

it('findings of other tools in JSON are no events', () => {
  const finding = {
    Timestamp: '2024-03-05 09:06:22.441 +00:00',
    Computer: 'PC1',
    Channel: 'Sysmon',
    EventID: 1,
    RuleTitle: 'x',
    Details: { A: 'b' },
  };
  for (const text of [JSON.stringify(finding), JSON.stringify([finding], null, 4)])
    expect(reportIn(Buffer.from(text))?.seen).toBe('results of hayabusa, not an event log');
  const zircolite = [{ title: 'x', id: 'y', sigmafile: 'z', sigma: ['SELECT'], rule_level: 'high', matches: [{ EventID: 1 }] }];
  expect(reportIn(Buffer.from(JSON.stringify(zircolite)))?.seen).toBe('results of Zircolite, not an event log');
  expect(reportIn(Buffer.from('{"Timestamp":"2024","Channel":"Security","EventID":1}\n{"RuleTitle":"x"}'))).toBeNull();
});
