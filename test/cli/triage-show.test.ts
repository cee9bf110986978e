/** `winnow show` of what `winnow triage` has reported, in whatever state the records are. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { gptDisk } from '../evidence/make-image.ts';
import { addShadow, volumeHeader } from '../evidence/make-shadow.ts';
import { makeVolume } from '../evidence/make-volume.ts';
import { ChunkWriter, el, empty, evtxLog, instance, opt, sub, TICKS, template, v } from '../logs/evtx/support/evtx-writer.ts';
import { temporaryFolder } from '../support/folder.ts';
import { runWinnow } from './test-context.ts';

const LOGS = '\\Windows\\System32\\winevt\\Logs';
const CARVED_AT = 3 << 20;
const folder = temporaryFolder();
const disk = join(folder, 'case', 'disk.raw');
const rules = ['--no-cache', '-r', join(folder, 'rule.yml')];

const event = template(
  el(
    'Event',
    {},
    el(
      'System',
      {},
      empty(el('Provider', { Name: 'Made' })),
      el('EventID', {}, '1'),
      empty(el('TimeCreated', { SystemTime: sub(0) })),
      el('EventRecordID', {}, sub(1)),
      el('Channel', {}, 'Made'),
      el('Computer', {}, 'WKS07'),
    ),
    el('EventData', {}, el('Data', { Name: 'Text' }, opt(2))),
  ),
);

/** A chunk whose records say `text 1`, `text 2` ...; those from the `live`th on are slack. */
function chunk(firstId: number, text: string, live = 3): { readonly bytes: Buffer; readonly starts: readonly number[] } {
  const writer = new ChunkWriter(firstId);
  let left: Buffer | null = null;
  for (let i = 0; i < 3; i++) {
    if (i === live) left = Buffer.from(writer.finish().subarray(0, 512));
    const time = v.filetime(TICKS + BigInt(firstId + i) * 10_000_000n);
    writer.record(instance(event, time, v.uint64(BigInt(firstId + i)), v.string(`${text} ${i + 1}`)));
  }
  const bytes = writer.finish();
  left?.copy(bytes);
  return { bytes, starts: [...writer.records, writer.at] };
}

beforeAll(() => {
  const security = (bytes: Buffer) => ({ path: `${LOGS}\\Security.evtx`, data: evtxLog([bytes]) });
  const files = [
    security(chunk(100, 'live', 2).bytes),
    { path: `${LOGS}\\Gone.evtx`, data: evtxLog([chunk(200, 'deleted').bytes]), deleted: true },
    { path: '\\notes.txt', data: Buffer.from('{"Channel":"Made","Computer":"WKS07","EventID":1,"Text":"in any file"}\n') },
  ];
  const volume = makeVolume(files).bytes;
  const before = makeVolume([security(chunk(300, 'shadow').bytes), ...files.slice(1)]).bytes;
  addShadow(volume, before, { storage: volume, freeAt: 2 << 20 }, 1, Date.UTC(2026, 0, 1), 2 << 20);
  volumeHeader(volume, 2 << 20, 1, 1);
  chunk(400, 'carved').bytes.copy(volume, CARVED_AT);
  const single = chunk(500, 'single');
  single.bytes.copy(volume, CARVED_AT + (128 << 10) + single.starts[0]!, single.starts[0]!, single.starts[2]!);
  mkdirSync(join(folder, 'case'));
  // Outside of the volume.
  writeFileSync(disk, Buffer.concat([gptDisk([volume]), chunk(600, 'outside').bytes]));
  const rule = ['title: Every record', 'logsource:', '  product: windows', 'detection:', '  s:', '    Text|re: ".*"'];
  writeFileSync(join(folder, 'rule.yml'), [...rule, '  condition: s', 'level: high'].join('\n'));
});

interface Reported {
  readonly kind: string;
  readonly event: { readonly id: string; readonly file: string; readonly EventRecordID: string; readonly data: { Text: string } };
  readonly evidence: { readonly state: string };
  readonly alert: string;
  readonly incident: string;
}

async function reported(...args: string[]): Promise<Reported[]> {
  const { out } = await runWinnow(['triage', ...rules, disk, '-f', 'jsonl', ...args], { cwd: folder });
  const lines = out.trimEnd().split('\n');
  return lines.map((line) => JSON.parse(line)).filter(({ kind }) => kind === 'match');
}

const show = (...args: string[]) => runWinnow(['show', ...args], { cwd: folder });

describe('winnow show', () => {
  test('shows each event that triage has reported, by its id: live, in slack, deleted, in a shadow copy, carved', async () => {
    const matches = await reported('--carve', '--all-files');
    expect(new Map(matches.map(({ event, evidence }) => [event.data.Text, evidence.state]))).toEqual(
      new Map([
        ...['live 1', 'live 2', 'in any file'].map((text) => [text, 'live'] as const),
        ['live 3', 'slack'],
        ...['deleted 1', 'deleted 2', 'deleted 3'].map((text) => [text, 'deleted'] as const),
        ...['shadow 1', 'shadow 2', 'shadow 3'].map((text) => [text, 'shadow'] as const),
        ...['carved 1', 'carved 2', 'carved 3', 'single 1', 'single 2', 'outside 1', 'outside 2', 'outside 3'].map(
          (text) => [text, 'carved'] as const,
        ),
      ]),
    );
    for (const { event } of matches) {
      const { out, err, code } = await show(event.id.slice(0, 7), disk);
      expect([code, err]).toEqual([0, '']);
      expect(out).toContain(event.data.Text);
      expect(out).toContain(event.file);
    }
  });

  test('shows each of them by the name of its log and its number', async () => {
    for (const { event } of await reported('--carve')) {
      const { out, code } = await show(`${event.file}:${event.EventRecordID}`);
      expect([code, out.match(/\w+ \d(?=\n)/g)]).toEqual([0, expect.arrayContaining([event.data.Text])]);
    }
  });

  test('shows alerts and incidents of a triage, whose events are in several states', async () => {
    const [first] = await reported('--carve');
    for (const id of [first!.alert, first!.incident]) {
      const { out, code } = await show(id, disk, '--carve', ...rules);
      expect(code).toBe(0);
      for (const text of ['live 1', 'live 3', 'deleted 2', 'shadow 3', 'carved 1', 'single 2', 'outside 3'])
        expect(out).toContain(text);
    }
  });

  test('finds the events of a report by itself, carved ones too', async () => {
    const report = join(folder, 'case.jsonl');
    await runWinnow(['triage', ...rules, disk, '--carve', '-o', report], { cwd: folder });
    const { incident } = (await reported('--carve'))[0]!;
    const { out, code } = await show(incident, disk, '--report', report);
    expect(code).toBe(0);
    for (const text of ['live 1', 'live 3', 'deleted 2', 'shadow 3', 'carved 1', 'single 2', 'outside 3'])
      expect(out).toContain(text);
  });

  test('looks at images in a folder, as triage does', async () => {
    const single = (await reported('--carve')).find(({ event }) => event.data.Text === 'single 2')!;
    const { out, err, code } = await show(single.event.id, join(folder, 'case'));
    expect([code, err]).toEqual([0, '']);
    expect(out).toContain('single 2');
  });

  test('says that an id is in no state of an image', async () => {
    const { err, code } = await show('0123456', disk, ...rules);
    expect(code).toBe(4);
    expect(err).toContain('no event, alert or incident whose id begins with 0123456');
  });
});
