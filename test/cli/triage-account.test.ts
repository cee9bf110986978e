/** What `winnow triage` says of the machine, of cleared logs and of what survived, from an image that is made here. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test, vi } from 'vitest';
import type { EvidenceAccount } from '../../src/model/evidence.ts';
import { addShadow, volumeHeader } from '../evidence/make-shadow.ts';
import { makeVolume } from '../evidence/make-volume.ts';
import {
  ChunkWriter,
  el,
  empty,
  evtxLog,
  instance,
  opt,
  sub,
  type TemplateSpec,
  TICKS,
  template,
  v,
} from '../logs/evtx/support/evtx-writer.ts';
import { temporaryFolder } from '../support/folder.ts';
import { runWinnow, type TestWorld } from './test-context.ts';

const LOGS = '\\Windows\\System32\\winevt\\Logs';
const HOUR = 36_000_000_000n;
const folder = temporaryFolder();
const image = join(folder, 'disk.raw');

/** Records of one log: provider, EventID, hours after the first, elements of EventData. */
type Row = readonly [provider: string, eventId: number, hour: number, ...data: readonly ReturnType<typeof el>[]];

function log(channel: string, firstId: number, rows: readonly Row[]): Buffer {
  const writer = new ChunkWriter(firstId);
  for (const [i, [provider, eventId, hour, ...data]] of rows.entries()) {
    const values = [v.uint16(eventId), v.filetime(TICKS + BigInt(hour) * HOUR), v.uint64(BigInt(firstId + i))];
    writer.record(instance(eventOf(channel, provider), ...values, v.binxml(el('EventData', {}, ...data))));
  }
  return evtxLog([writer.finish()]);
}

const templates = new Map<string, TemplateSpec>();
function eventOf(channel: string, provider: string): TemplateSpec {
  const key = `${channel} ${provider}`;
  const known = templates.get(key);
  if (known !== undefined) return known;
  const system = [
    empty(el('Provider', { Name: provider })),
    el('EventID', {}, opt(0)),
    empty(el('TimeCreated', { SystemTime: sub(1) })),
    el('EventRecordID', {}, sub(2)),
    el('Channel', {}, channel),
    el('Computer', {}, 'WKS07'),
  ];
  const made = template(el('Event', {}, el('System', {}, ...system), opt(3)));
  templates.set(key, made);
  return made;
}

const data = (...values: string[]) => values.map((value) => el('Data', {}, value));
const named = (values: Readonly<Record<string, string>>) =>
  Object.entries(values).map(([Name, value]) => el('Data', { Name }, value));
const AUDIT = 'Microsoft-Windows-Security-Auditing';
const logon = (hour: number): Row => [AUDIT, 4624, hour, ...named({ TargetUserName: 'eve' })];
const clear = (hour: number): Row => ['Microsoft-Windows-Eventlog', 1102, hour, ...named({ SubjectUserName: 'eve' })];

beforeAll(() => {
  const system = log('System', 1, [
    ['EventLog', 6009, 0, ...data('10.00.', '19044', '', 'Multiprocessor Free', '0')],
    ['EventLog', 6011, 1, ...data('WIN-ABC', 'WKS07')],
    ['EventLog', 6013, 2, ...data('', '', '', '', '900', '60', '-60 W. Europe Standard Time')],
    ['Microsoft-Windows-Kernel-General', 12, 3, ...named({ MajorVersion: '10', MinorVersion: '0', BuildVersion: '19045' })],
    // A driver with the number of another's event.
    ['Other', 6009, 4, ...data('6.01.', '7601')],
  ]);
  const setBack = { SubjectUserName: 'eve', PreviousTime: '2019-05-12T10:00:00.0Z', NewTime: '2019-05-12T07:00:00.0Z' };
  const now = log('Security', 200, [clear(20), logon(21), [AUDIT, 4616, 22, ...named(setBack)]]);
  // Cleared twice: the older copy is from before both, the newer one from between.
  const between = log('Security', 100, [clear(10), logon(11), logon(12), logon(13)]);
  const before = log('Security', 1, [logon(1), logon(2)]);
  const file = (security: Buffer) =>
    makeVolume([
      { path: `${LOGS}\\System.evtx`, data: system },
      { path: `${LOGS}\\Security.evtx`, data: security },
    ]).bytes;
  const volume = file(now);
  const next = addShadow(volume, file(before), { storage: volume, freeAt: 2 << 20 }, 1, Date.UTC(2026, 0, 1), 2 << 20);
  addShadow(volume, file(between), { storage: volume, freeAt: next }, 2, Date.UTC(2026, 0, 2), 2 << 20);
  volumeHeader(volume, 2 << 20, 1, 1);
  writeFileSync(image, volume);
  const rule = [
    'title: Logon',
    'logsource: {product: windows, service: security}',
    'detection: {s: {EventID: 4624}, condition: s}',
  ];
  writeFileSync(join(folder, 'rule.yml'), [...rule, 'level: high', ''].join('\n'));
});

const triage = (...args: string[]) => triageWith({}, ...args);
const triageWith = (world: TestWorld, ...args: string[]) =>
  runWinnow(['triage', '--no-cache', '-r', join(folder, 'rule.yml'), image, ...args], { cwd: folder, ...world });

/** Called when logs are read a second time, for the records that survived. */
const secondPass = vi.hoisted(() => ({ starts: () => {} }));
vi.mock(import('../../src/logs/open/read-logs.ts'), async (original) => {
  const { readLogs } = await original();
  return {
    readLogs: (...args: Parameters<typeof readLogs>) => {
      secondPass.starts();
      return readLogs(...args);
    },
  };
});

describe('the account of a triage', () => {
  test('has the machine, what survived of cleared logs, and what goes further back', async () => {
    const { out } = await triage('-f', 'jsonl');
    const { evidence } = JSON.parse(out.trimEnd().split('\n').at(-1)!) as { evidence: EvidenceAccount };
    expect(evidence.machines).toEqual([
      {
        computer: 'WKS07',
        records: 14,
        windows: '10.0.19045',
        timeZone: { name: 'W. Europe Standard Time', offsetMinutes: 60 },
        renamed: [{ time: '2019-05-11T18:58:23.4185632Z', from: 'WIN-ABC', to: 'WKS07' }],
        clockSet: [
          { time: '2019-05-12T15:58:23.4185632Z', from: '2019-05-12T10:00:00.0Z', to: '2019-05-12T07:00:00.0Z', user: 'eve' },
        ],
      },
    ]);
    const survived = (shadow: number) => ({ shadow, slack: 0, deleted: 0, carved: 0 });
    expect(evidence.cleared.map(({ time, survived: counts, from }) => [time?.slice(0, 13), counts, from?.slice(0, 13)])).toEqual([
      ['2019-05-12T03', survived(2), '2019-05-11T18'],
      // The clear itself is in the log that it emptied.
      ['2019-05-12T13', survived(4), '2019-05-12T03'],
    ]);
    expect(evidence.older).toEqual([
      {
        channel: 'Security',
        liveFrom: '2019-05-12T13:58:23.4185630Z',
        from: '2019-05-11T18:58:23.4185630Z',
        state: 'shadow',
        snapshot: 1,
      },
    ]);
    expect(evidence.matched).toEqual([{ state: 'shadow', events: 5, rules: ['Logon'] }]);
  });

  test('is made as far as possible when it is interrupted, and says so', async () => {
    const stop = new AbortController();
    secondPass.starts = () => stop.abort();
    const { out, code } = await triageWith({ signal: stop.signal }, '-f', 'jsonl');
    secondPass.starts = () => {};
    const summary = JSON.parse(out.trimEnd().split('\n').at(-1)!);
    expect([code, summary.interrupted, summary.evidence.records.shadow, summary.evidence.cleared.length]).toEqual([
      130,
      true,
      6,
      2,
    ]);
  });

  test('names with a match the logs that are copies of its log', async () => {
    const disk = join(folder, 'copies.raw');
    const security = log('Security', 1, [logon(1), clear(2), logon(3)]);
    const paths = [`${LOGS}\\Security.evtx`, '\\Windows.old\\Security.evtx'];
    writeFileSync(disk, makeVolume(paths.map((path) => ({ path, data: security }))).bytes);
    const rule = ['triage', '--no-cache', '-r', join(folder, 'rule.yml')];
    const { out } = await runWinnow([...rule, disk, '-f', 'jsonl'], { cwd: folder });
    const lines = out
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
    const matches = lines.filter(({ kind }) => kind === 'match');
    const [first, copy] = lines.at(-1).evidence.logs.map(({ file }: { file: string }) => file);
    expect(matches.map(({ event, alsoIn }) => [event.file, event.index, alsoIn])).toEqual(
      [0, 2].map((index) => [first, index, [{ file: copy, index }]]),
    );
    const { out: page } = await runWinnow([...rule, disk, '--full'], { cwd: folder });
    expect(page).toContain('TargetUserName=eve (1 more copy)');
    expect(page.replace(/\s+/g, ' ')).toContain(', also #0 of ');
  });

  test('counts the records of logs in text formats', async () => {
    const exported = readFileSync(new URL('../../fixtures/wmi-subscription.jsonl', import.meta.url));
    const disk = join(folder, 'text.raw');
    const files = [
      { path: '\\Users\\eve\\export.jsonl', data: exported },
      { path: '\\Users\\eve\\copy.jsonl', data: exported },
      { path: '\\gone.jsonl', data: exported.subarray(0, exported.indexOf(10) + 1), deleted: true },
      { path: `${LOGS}\\Security.evtx`, data: log('Security', 1, [logon(1)]) },
    ];
    writeFileSync(disk, makeVolume(files).bytes);
    const rule = ['triage', '--no-cache', '-r', join(folder, 'rule.yml')];
    const { out } = await runWinnow([...rule, disk, '--all-files', '-f', 'jsonl'], { cwd: folder });
    const { evidence } = JSON.parse(out.trimEnd().split('\n').at(-1)!) as { evidence: EvidenceAccount };
    expect(evidence.records).toEqual({ live: 30, shadow: 0, slack: 0, deleted: 1, carved: 0 });
    expect(evidence.logs.map(({ records }) => records).sort()).toEqual([0, 1, 1, 29]);
  });

  test('is on the first screen of the report for reading', async () => {
    const { out } = await triage();
    const screen = out.split('\n').slice(0, 24).join(' ').replace(/ +/g, ' ');
    expect(screen).toContain('records live 8 · only in shadow copies 6');
    expect(screen).toContain('matched only in shadow copies: 5 events (Logon)');
    expect(screen).toContain(
      'Security of WKS07 was cleared 2019-05-12 13:58:23 by eve: 4 records from before survived (4 in shadow copies)',
    );
    expect(screen).toContain(
      'further back than live logs: Security from 2019-05-11 18:58:23 (shadow copy 1; live from 2019-05-12 13:58:23)',
    );
    expect(screen).toContain('computer WKS07: 14 records, Windows 10.0.19045, time zone W. Europe Standard Time (UTC+1)');
    expect(screen).toContain('renamed from WIN-ABC to WKS07');
  });
});
