/** `winnow metrics`: what there is, and what is missing. */
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { Metrics, metricsObjects } from '../../src/events/metrics.ts';
import { metricsText } from '../../src/events/metrics-text.ts';
import { plainEvent } from '../../src/logs/plain-event.ts';
import { runWinnow } from '../cli/test-context.ts';
import { projectRoot } from '../support/shared.ts';

const at = (EventRecordID: number, time: string | undefined, more: Record<string, unknown> = {}) =>
  plainEvent({ Channel: 'Security', Computer: 'A', EventID: 4624, EventRecordID, TimeCreated_SystemTime: time, ...more });

describe('metrics', () => {
  it('say what the numbers and times of a file leave out', () => {
    const metrics = new Metrics();
    for (const event of [
      at(10, '2024-01-01T00:00:00Z'),
      at(11, '2024-01-01T00:00:01Z'),
      at(5, '2024-01-01T00:00:02Z', { Channel: 'System', EventID: 7045 }),
      at(15, '2024-01-01T05:00:00Z', { Computer: 'A' }),
      at(16, undefined),
    ]) {
      metrics.add(event, 'a.evtx');
    }
    metrics.add(
      at(1, '2024-01-02T00:00:00Z', {
        EventID: 1102,
        Provider_Name: 'Microsoft-Windows-Eventlog',
        SubjectUserName: 'eve',
        SubjectDomainName: 'CORP',
      }),
      'b.evtx',
    );
    expect([...metricsObjects(metrics)]).toEqual([
      {
        kind: 'file',
        file: 'a.evtx',
        events: 5,
        from: '2024-01-01T00:00:00.0000000Z',
        to: '2024-01-01T05:00:00.0000000Z',
        withoutTime: 1,
        firstRecord: 5,
        lastRecord: 16,
        missingRecords: 3,
        gaps: [{ channel: 'Security', after: 11, before: 15, missing: 3 }],
        longestSilence: { from: '2024-01-01T00:00:02.0000000Z', to: '2024-01-01T05:00:00.0000000Z' },
      },
      expect.objectContaining({ kind: 'file', file: 'b.evtx', events: 1, gaps: [], longestSilence: null }),
      expect.objectContaining({
        kind: 'eventId',
        channel: 'Security',
        EventID: 4624,
        events: 4,
        to: '2024-01-01T05:00:00.0000000Z',
      }),
      expect.objectContaining({ kind: 'eventId', channel: 'Security', EventID: 1102, events: 1 }),
      expect.objectContaining({ kind: 'eventId', channel: 'System', EventID: 7045, events: 1 }),
      expect.objectContaining({ kind: 'computer', computer: 'A', events: 6 }),
      expect.objectContaining({ kind: 'logCleared', file: 'b.evtx', log: 'Security', user: 'CORP\\eve' }),
    ]);
  });
  it('have a first and a last time over two hundred thousand files, as an archive of small logs may have', () => {
    const metrics = new Metrics();
    for (let i = 0; i < 200_000; i++)
      metrics.add(at(1, i === 99_999 ? '2024-01-02T00:00:00Z' : '2024-01-01T00:00:00Z'), `${i}.evtx`);
    const [first] = metricsText(metrics, 10);
    expect(first).toBe('200,000 events in 200,000 files, 2024-01-01 00:00:00 to 2024-01-02 00:00:00 UTC\n');
  });

  it('keep the largest of many gaps, and count all', () => {
    const metrics = new Metrics();
    let record = 0;
    for (let gap = 1; gap <= 50; gap++) {
      record += gap + 1;
      metrics.add(at(record, '2024-01-01T00:00:00Z'), 'a');
    }
    const [file] = metrics.files;
    expect(file?.missing).toBe((49 * 52) / 2);
    expect(Math.min(...file!.gaps.map(({ missing }) => missing))).toBe(31);
  });
  it('list cleared logs by time, in whatever order their files come', () => {
    const metrics = new Metrics();
    const clear = { EventID: 1102, Provider_Name: 'Microsoft-Windows-Eventlog', SubjectUserName: 'eve' };
    for (const day of ['03', '01', '02']) metrics.add(at(1, `2024-01-${day}T00:00:00Z`, clear), `${day}.evtx`);
    const text = [...metricsText(metrics, 10)].join('');
    expect(text.match(/^ {2}2024-01-0\d .* by eve/gm)?.map((line) => line.slice(10, 12))).toEqual(['01', '02', '03']);
  });
  it('are printed as tables', async () => {
    const { code, out } = await runWinnow(['metrics', 'security.xml', '--top', '2'], { cwd: join(projectRoot, 'fixtures') });
    expect(code).toBe(0);
    expect(out).toMatch(/^10 events in 1 file, 2026-03-05 06:12:40 to 2026-03-05 06:20:30 UTC\n\nComputers\n/);
    expect(out).toMatch(
      /\nEventIDs\n {2}channel +EventID +events +first +last\n(?: {2}\S.* \d+ +\d+ .*\n){2} {2}and \d+ more \(--top\)\n/,
    );
  });
});
