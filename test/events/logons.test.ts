/** `winnow logons`: who, from where, how, and what failed before. */
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { Logons } from '../../src/events/logons.ts';
import { logonObjects } from '../../src/events/logons-text.ts';
import { plainEvent } from '../../src/logs/plain-event.ts';
import { isoTimeUs } from '../../src/model/values/time.ts';
import { runWinnow } from '../cli/test-context.ts';
import { projectRoot } from '../support/shared.ts';

const at = (time: string, EventID: number, more: Record<string, unknown> = {}) =>
  plainEvent({
    Channel: 'Security',
    Computer: 'DC',
    EventID,
    TimeCreated_SystemTime: `2024-01-01T${time}Z`,
    TargetUserName: 'eve',
    TargetDomainName: 'CORP',
    IpAddress: '::ffff:10.0.0.5',
    LogonType: '3',
    ...more,
  });

function logonsOf(...events: ReturnType<typeof at>[]): Logons {
  const logons = new Logons();
  for (const event of events) logons.add(event);
  return logons;
}

describe('logons', () => {
  it('are counted with the failures before a success, whatever the order of the files', () => {
    const failure = (time: string) => at(time, 4625, { SubStatus: '0xC000006A', Status: '0xC000006D' });
    const { groups } = logonsOf(
      at('10:00:04', 4624, { TargetLogonId: '0x10' }),
      at('10:00:05', 4624, {
        TargetLogonId: '0x11',
        TargetUserName: 'bob',
        IpAddress: '-',
        WorkstationName: 'WS7',
        LogonType: '2',
      }),
      failure('10:00:01'),
      failure('10:00:03'),
      at('10:00:02', 4625, { SubStatus: '0x0', Status: '0xC0000234' }),
      failure('10:00:06'),
      plainEvent({ Channel: 'Application', EventID: 4624 }),
    );
    const rows = groups.map(({ user, from, type, successes, failures, failuresBeforeSuccess, reasons }) => [
      user,
      from,
      type,
      successes,
      failures,
      failuresBeforeSuccess,
      Object.fromEntries(reasons),
    ]);
    expect(rows).toEqual([
      ['CORP\\eve', '10.0.0.5', '3', 1, 4, 3, { '0xc000006a': 3, '0xc0000234': 1 }],
      ['CORP\\bob', 'WS7', '2', 1, 0, 0, {}],
    ]);
    expect([groups[0]?.firstUs, groups[0]?.lastUs]).toEqual(
      ['01', '06'].map((second) => isoTimeUs(`2024-01-01T10:00:${second}Z`)),
    );
  });
  it('count once, however many logs hold the record', () => {
    const logon = at('10:00:00', 4624, { EventRecordID: 7 });
    const { groups } = logonsOf(
      logon,
      logon,
      at('10:00:00', 4624, { EventRecordID: 8 }),
      at('10:00:00', 4624),
      at('10:00:00', 4624),
    );
    expect(groups.map(({ successes }) => successes)).toEqual([4]);
  });
  it('are sessions up to the first end behind them: ids are used again', () => {
    const { sessions } = logonsOf(
      at('10:00:00', 4624, { TargetLogonId: '0x10' }),
      at('12:00:00', 4634, { TargetLogonId: '0x10' }),
      at('09:00:00', 4634, { TargetLogonId: '0x10' }),
      at('11:00:00', 4647, { TargetLogonId: '0X10' }),
      at('11:30:00', 4624, { TargetLogonId: '0x10', Computer: 'other' }),
    );
    expect(sessions.map(({ computer, startUs, endUs }) => [computer, (endUs - startUs) / 3600e6])).toEqual([
      ['DC', 1],
      ['other', Number.NaN],
    ]);
  });
  it('say types and reasons in words beside what Windows writes', async () => {
    const logons = logonsOf(at('10:00:00', 4625, { SubStatus: '0xC0000064', LogonType: '10' }));
    expect([...logonObjects(logons, true)]).toEqual([
      expect.objectContaining({ kind: 'logons', LogonType: '10', typeText: 'remote desktop', reasons: { '0xc0000064': 1 } }),
    ]);
    const { code, out } = await runWinnow(['logons', 'security.xml', '--sessions'], { cwd: join(projectRoot, 'fixtures') });
    expect(code).toBe(0);
    expect(out).toMatch(/^Logons\n {2}user +from +on +type +ok +failed +failed before ok +first +last +why failed\n/);
    expect(out).toContain('FABRIKAM\\svc-backup');
    expect(out).toMatch(/\nSessions\n {2}start +length +user/);
  });
});
