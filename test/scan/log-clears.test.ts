/** Which events say that a log was cleared, and what the summary and the look-back make of them. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { eventKindOf } from '../../src/findings/lookback/links/event-links.ts';
import { eventFromXml, plainEvent } from '../../src/logs/plain-event.ts';
import { snapshotEvent } from '../../src/model/event.ts';
import { clearedBy, isLogCleared } from '../../src/scan/account/log-clears.ts';
import { TallyCounter } from '../../src/scan/account/tally.ts';
import { runWinnow } from '../cli/test-context.ts';
import { temporaryFolder } from '../support/folder.ts';

const SERVICE = 'Microsoft-Windows-Eventlog';

function xml(provider: string, id: number, channel: string, userData: string): string {
  return `<Event xmlns="http://schemas.microsoft.com/win/2004/08/events/event"><System><Provider Name="${provider}"/>
<EventID>${id}</EventID><TimeCreated SystemTime="2026-02-01T08:00:00.1234567Z"/><EventRecordID>${id}</EventRecordID>
<Channel>${channel}</Channel><Computer>PC</Computer></System><UserData>${userData}</UserData></Event>`;
}

const who =
  '<SubjectUserSid>S-1-5-21-1</SubjectUserSid><SubjectUserName>eve</SubjectUserName><SubjectDomainName>CORP</SubjectDomainName>';
const AUDIT = xml(SERVICE, 1102, 'Security', `<LogFileCleared>${who}</LogFileCleared>`);
const SYSTEM = xml(SERVICE, 104, 'System', `<LogFileCleared>${who}<Channel>Application</Channel><BackupPath/></LogFileCleared>`);
const SHUTDOWN = xml(SERVICE, 1100, 'Security', '<ServiceShutdown/>');
const DRIVER = xml('WudfUsbccidDriver', 104, 'System', '<x><a>1</a></x>');

describe('a cleared log', () => {
  it.each([
    [SERVICE, 1102, 'Security', true],
    [SERVICE, 104, 'System', true],
    ['microsoft-windows-eventlog', 104, 'Microsoft-Windows-Foo/Operational', true],
    ['', 1102, 'Security', true],
    [SERVICE, 1102, 'ForwardedEvents', true],
    [SERVICE, 1102, '', true],
    // The service stopped, as at each shutdown.
    [SERVICE, 1100, 'Security', false],
    // Others have such numbers, too.
    ['WudfUsbccidDriver', 104, 'System', false],
    ['ESENT', 104, 'Application', false],
    ['', 104, 'System', false],
    ['AD FS Auditing', 1102, 'Security', false],
    [SERVICE, 1102, 'System', false],
  ])('%s %d in %s: %s', (provider, eventId, channel, expected) => {
    expect(isLogCleared({ provider, eventId, channel })).toBe(expected);
  });

  it('is named, and the account that cleared it', () => {
    const by = (text: string): unknown => clearedBy(snapshotEvent(eventFromXml(text), ''));
    expect(by(AUDIT)).toEqual({ log: 'Security', user: 'CORP\\eve' });
    expect(by(SYSTEM)).toEqual({ log: 'Application', user: 'CORP\\eve' });
    expect(by(xml(SERVICE, 104, 'System', '<LogFileCleared><SubjectUserSid>S-1-5-18</SubjectUserSid></LogFileCleared>'))).toEqual(
      {
        log: '',
        user: 'S-1-5-18',
      },
    );
    expect(by(xml(SERVICE, 1102, 'Security', ''))).toEqual({ log: 'Security', user: null });
  });

  it('is kept up to a bound, the rest is counted', () => {
    const tally = new TallyCounter();
    const event = plainEvent({ Channel: 'Security', EventID: 1102 });
    for (let i = 0; i < 1005; i++) tally.count(event, Number.NaN, 'a');
    expect([tally.result().logCleared.length, tally.result().moreCleared]).toEqual([1000, 5]);
  });

  it('is no such event to the look-back either where a driver wrote it', () => {
    expect(eventKindOf(eventFromXml(SYSTEM))?.label).toBe('log cleared');
    expect(eventKindOf(eventFromXml(DRIVER))).toBeNull();
  });
});

describe('the summary', () => {
  const folder = temporaryFolder();
  beforeAll(() => {
    writeFileSync(
      join(folder, 'rule.yml'),
      'title: t\nlogsource: {product: windows}\ndetection:\n    s: {EventID: 7}\n    condition: s\n',
    );
    writeFileSync(join(folder, 'log.xml'), [SHUTDOWN, DRIVER, AUDIT, ...Array.from({ length: 6 }, () => SYSTEM)].join('\n'));
  });

  it('lists every one with who did it', async () => {
    const { out } = await runWinnow(['scan', join(folder, 'log.xml'), '-r', join(folder, 'rule.yml')], { columns: 200 });
    const lines = out.split('\n').filter((line) => line.includes(' by '));
    expect(lines).toHaveLength(7);
    expect(lines[0]).toContain('log cleared  2026-02-01 08:00:00 on PC: Security by CORP\\eve, Security 1102, record 1102');
    expect(lines[1]).toContain('Application by CORP\\eve, System 104, record 104');
  });
});
