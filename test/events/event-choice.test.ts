/** Flags of `search`, `dump`, `metrics` and `logons` that choose events mean what those of `scan` mean; one that fits nothing is an error. */
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { EventChoice } from '../../src/events/event-choice.ts';
import { plainEvent } from '../../src/logs/plain-event.ts';
import { runWinnow } from '../cli/test-context.ts';
import { projectRoot } from '../support/shared.ts';

const log = join(projectRoot, 'fixtures/wmi-subscription.xml');
const count = async (...argv: string[]): Promise<number> =>
  (await runWinnow(['dump', log, ...argv])).out.split('\n').filter((line) => line !== '').length;

describe('events are chosen', () => {
  test('by short names, without regard to case, * anywhere', async () => {
    const sysmon = await count('--channel', 'Microsoft-Windows-Sysmon/Operational');
    expect(sysmon).toBeGreaterThan(3);
    expect(await count('--channel', 'sysmon')).toBe(sysmon);
    expect(await count('--channel', '*SYSMON*')).toBe(sysmon);
    expect(await count('--computer', 'wks-07')).toBe(await count('--computer', 'WKS-07.fabrikam.example'));
    expect(await count('--computer', '*.example', '--event-id', '21')).toBe(2);
    const named = await count('--user', 'M.Haller');
    expect(named).toBeGreaterThan(3);
    expect(await count('--user', 'FABRIKAM\\m.hall*', '--user', 'nobody*', '--user', 'm.haller')).toBe(named);
  });
  test('with and without a time', () => {
    const choice = new EventChoice({ from: 5, to: 9, channel: [], computer: [], eventId: [], user: [] });
    const wants = [4, 5, 9, 10, Number.NaN].map((timeUs) => choice.wants({ ...plainEvent({ EventID: 1 }), timeUs }));
    expect(wants).toEqual([false, true, true, false, false]);
    expect(choice.faults()).toEqual([]);
  });
});

describe('a flag that no event fits is an error with the nearest name', () => {
  test.each([
    [['dump', log, '--channel', 'Sysmn'], '--channel Sysmn: no event read fits. Did you mean "Sysmon"?'],
    [['dump', log, '--computer', 'WKS-08'], '--computer WKS-08: no event read fits. Did you mean "WKS-07"?'],
    [['metrics', log, '--event-id', '19', '--event-id', '9999'], '--event-id 9999: no event read fits.'],
    [['logons', log, '--computer', 'nowhere'], '--computer nowhere: no event read fits.'],
    [['metrics', log, '--user', 'm.hallr'], '--user m.hallr: no event read fits. Did you mean "m.haller"?'],
    [['search', 'nightly', log, '--channel', 'Secruity'], '--channel Secruity: no event read fits. Did you mean "Security"?'],
    [['dump', log, '--to', '2020-01-01'], '--to: all events are later. The logs are from 2026-03-05T'],
  ])('%j', async (argv, message) => {
    const { code, err } = await runWinnow(argv);
    expect([code, err]).toEqual([3, expect.stringContaining(`winnow: ${message}`)]);
  });
  test('but not where a search finds nothing in events that fit', async () => {
    expect((await runWinnow(['search', 'no such text', log, '--channel', 'Security'])).code).toBe(0);
  });
});
