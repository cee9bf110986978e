/** `winnow triage`, from an image that is made here to what a responder sees. */
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { beforeAll, describe, expect, test } from 'vitest';
import { zipOf } from '../engine/compile/zip-writer.ts';
import { ewf, flatVmdk, gptDisk } from '../evidence/make-image.ts';
import { addShadow, volumeHeader } from '../evidence/make-shadow.ts';
import { makeVolume } from '../evidence/make-volume.ts';
import { madeLog, sha256 } from '../evidence/support.ts';
import { evtxLog } from '../logs/evtx/support/evtx-writer.ts';
import { temporaryFolder } from '../support/folder.ts';
import { runWinnow } from './test-context.ts';

const LOGS = '\\Windows\\System32\\winevt\\Logs';
const folder = temporaryFolder();
const at = (name: string): string => join(folder, name);
const logs = { live: madeLog('live'), shadow: madeLog('cleared since', 2), deleted: madeLog('removed') };

beforeAll(() => {
  const files = (security: Buffer) => [
    { path: `${LOGS}\\Security.evtx`, data: security },
    { path: `${LOGS}\\Gone.evtx`, data: logs.deleted, deleted: true },
  ];
  const volume = makeVolume(files(logs.live)).bytes;
  const before = makeVolume([files(logs.shadow)[0]!]).bytes;
  addShadow(volume, before, { storage: volume, freeAt: 2 << 20 }, 1, Date.UTC(2026, 0, 1), 2 << 20);
  volumeHeader(volume, 2 << 20, 1, 1);
  writeFileSync(at('disk.raw'), gptDisk([volume]));
  const rule = [
    'title: Every record',
    'logsource:',
    '  product: windows',
    'detection:',
    '  s:',
    '    Text|re: ".*"',
    '  condition: s',
    'level: high',
  ];
  writeFileSync(at('rule.yml'), rule.join('\n'));
});

/** The chunks of both logs in one. */
function evtxOf(...all: Buffer[]): Buffer {
  const chunks = all.map((log) => log.subarray(4096));
  return evtxLog(chunks, { chunks: Buffer.concat(chunks).length / 65536 });
}

const triage = (...args: string[]) => runWinnow(['triage', '--no-cache', '-r', at('rule.yml'), ...args], { cwd: folder });

describe('winnow triage', () => {
  test('says of each match where its record was, and counts records by state', async () => {
    const { code, out } = await triage(at('disk.raw'), '-f', 'jsonl');
    const lines = out
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
    const summary = lines.at(-1);
    const states = lines.filter(({ kind }) => kind === 'match').map(({ evidence }) => evidence);
    expect(summary.evidence.records).toEqual({ live: 10, shadow: 20, slack: 0, deleted: 10, carved: 0 });
    const count = (state: string) => states.filter((place) => place.state === state).length;
    expect([count('live'), count('shadow'), count('deleted')]).toEqual([10, 20, 10]);
    expect(states.at(-1)).toEqual({
      image: at('disk.raw'),
      volume: 'p1',
      snapshot: { number: 1, created: '2026-01-01T00:00:00.000Z' },
      state: 'shadow',
      mftRecord: expect.any(Number),
      path: `${LOGS}\\Security.evtx`,
      diskOffset: null,
    });
    // A live record lies on the disk where it is said to lie.
    const { evidence, event } = lines[0];
    const record = readFileSync(at('disk.raw')).subarray(evidence.diskOffset, evidence.diskOffset + 16);
    expect([record.readUInt32LE(0), Number(record.readBigUInt64LE(8))]).toEqual([0x2a2a, event.EventRecordID]);
    expect(code).toBe(0);
  });

  test('the report for reading says it too', async () => {
    const { out } = await triage(at('disk.raw'), '--shadow', 'newest');
    expect(out).toMatch(/evidence +records live 10 · only in shadow copies 20 · only in slack 0 · only deleted 10/);
    expect(out).toMatch(/volume p1: NTFS, 4\.2 MB, 1 shadow copy \(2026-01-01T00:00:00\.000Z\)/);
  });

  test('--extract writes every log with a manifest, into a new folder only', async () => {
    await triage(at('disk.raw'), '--extract', at('out'));
    const rows = readFileSync(at('out/manifest.tsv'), 'utf8')
      .trimEnd()
      .split('\n')
      .slice(1)
      .map((row) => row.split('\t'));
    expect(rows.map(([hash, , state]) => [state, hash])).toEqual([
      ['live', sha256(logs.live)],
      ['deleted', sha256(logs.deleted)],
      ['shadow', sha256(logs.shadow)],
    ]);
    for (const [hash, , , file] of rows) expect(sha256(readFileSync(at(`out/${file}`)))).toBe(hash);
    const again = await triage(at('disk.raw'), '--extract', at('out'));
    expect(again.code).toBe(3);
    expect(again.err).toContain('is there already');
  });

  test('names from the evidence lead nowhere else', async () => {
    const files = ['\\..\\..\\up.evtx', '\\CON\\a:b\\nul.evtx', '\\x\u001b[31m\\\u202e.evtx'].map((path, i) => ({
      path,
      data: madeLog(`${i}`),
    }));
    writeFileSync(at('hostile.raw'), makeVolume(files).bytes);
    await triage(at('hostile.raw'), '--extract', at('hostile'));
    const text = readFileSync(at('hostile/manifest.tsv'), 'utf8');
    const names = text
      .trimEnd()
      .split('\n')
      .slice(1)
      .map((row) => row.split('\t')[3]);
    expect(names).toEqual([
      'hostile.raw/volume/live/_/_/up.evtx',
      'hostile.raw/volume/live/_CON/a_b/_nul.evtx',
      'hostile.raw/volume/live/x_[31m/_.evtx',
    ]);
    expect(text).not.toMatch(/\u001b/);
    for (const name of names) expect(readFileSync(at(`hostile/${name}`)).length).toBeGreaterThan(4096);
  });

  test('reads folders and logs as scan does, and refuses standard input', async () => {
    mkdirSync(at('logs'), { recursive: true });
    writeFileSync(at('logs/a.evtx'), logs.live);
    const { out } = await triage(at('logs'), '-f', 'jsonl');
    const first = JSON.parse(out.split('\n')[0]!);
    expect(first.evidence).toEqual({
      image: null,
      volume: null,
      snapshot: null,
      state: 'live',
      mftRecord: null,
      diskOffset: null,
      path: expect.stringMatching(/a\.evtx$/),
    });
    expect((await triage('-')).code).toBe(3);
  });

  test('what is no image and no log is said to be what it is, with exit code 4', async () => {
    writeFileSync(at('x.pdf'), '%PDF-1.7'.padEnd(600, '.'));
    const { code, out } = await triage(at('x.pdf'));
    expect(out).toContain('a PDF document');
    expect(code).toBe(4);
  });

  test('an archive of logs is read as by scan', async () => {
    const content = '{"Channel":"Application","EventID":1,"Computer":"PC","Text":"in the archive"}';
    writeFileSync(at('x.zip'), zipOf([{ name: 'a.jsonl', content }]));
    const { code, out } = await triage(at('x.zip'), '-f', 'jsonl');
    expect([code, JSON.parse(out.split('\n')[0]!).event.file]).toEqual([0, `${at('x.zip')}!a.jsonl`]);
  });

  test('scan says that an image is for triage', async () => {
    const { out } = await runWinnow(['scan', '--no-cache', '-r', at('rule.yml'), at('disk.raw')], { cwd: folder });
    expect(out).toContain('found a disk image. Use winnow triage');
  });

  test.each(['csv', 'hayabusa', 'timeline-explorer', 'timesketch-csv', 'timesketch-jsonl', 'ecs', 'html', 'jsonl', 'terminal'])(
    'records that no live log has are said to be such: %s',
    async (format) => {
      const { out } = await triage(
        at('disk.raw'),
        '-f',
        format,
        ...(format === 'html' ? ['-o', at('page.html'), '--force'] : []),
      );
      const text = format === 'html' ? readFileSync(at('page.html'), 'utf8') : out;
      expect(text).toMatch(/only in shadow copy 1|\[shadow 1\]|"state":"shadow"/);
    },
  );

  describe('in folders and archives', () => {
    const parsed = (out: string) =>
      out
        .trimEnd()
        .split('\n')
        .map((line) => JSON.parse(line));
    const LAYOUT = 'Windows/System32/winevt/Logs/Security.evtx';

    test('images are found by content, each once, beside logs', async () => {
      mkdirSync(at('case/sub'), { recursive: true });
      const disk = readFileSync(at('disk.raw'));
      for (const [name, bytes] of [...ewf(disk, 3), ...flatVmdk(disk)]) writeFileSync(at(`case/sub/${name}`), bytes);
      writeFileSync(at('case/other.evtx'), madeLog('other'));
      // A copy of a boot sector is no disk.
      writeFileSync(at('case/$Boot'), disk.subarray(1 << 20, (1 << 20) + 8192));
      const { out, code } = await triage(at('case'), '-f', 'jsonl');
      const summary = parsed(out).at(-1);
      expect(
        summary.evidence.images.map(({ image, files }: { image: string; files: string[] }) => [image, files.length]),
      ).toEqual([
        [at('case/sub/disk.E01'), 3],
        [at('case/sub/flat.vmdk'), 3],
      ]);
      expect(summary.evidence.records).toEqual({ live: 20, shadow: 20, slack: 0, deleted: 10, carved: 0 });
      expect(summary.diagnostics.filter(({ severity }: { severity: string }) => severity !== 'info')).toEqual([]);
      expect(code).toBe(0);
      rmSync(at('case/other.evtx'));
      expect((await triage(at('case'))).code).toBe(0);
    });

    test('images that cannot be read are named, in folders too, with what to do', async () => {
      mkdirSync(at('unread'));
      const vdi = '<<< Oracle VM VirtualBox Disk Image >>>'.padEnd(64, '\0');
      writeFileSync(at('unread/a.vdi'), Buffer.from(`${vdi}\x7f\x10\xda\xbe`.padEnd(4096, '\0'), 'latin1'));
      writeFileSync(at('unread/b.raw'), Buffer.from('\0\0\0ReFS'.padEnd(1 << 17, '\0'), 'latin1'));
      const { out, code } = await triage(at('unread'), '-f', 'jsonl');
      const told = parsed(out)
        .at(-1)
        .diagnostics.map(({ message }: { message: string }) => message);
      expect(told).toEqual([
        'NOT READ: it is a VDI of VirtualBox, which is not read. Convert it: qemu-img convert -O raw IMAGE disk.raw.',
        'volume volume (131072 bytes) is ReFS: NOT READ.',
      ]);
      expect(code).toBe(4);
      writeFileSync(at('disk.raw.gz'), gzipSync(readFileSync(at('disk.raw'))));
      expect((await triage(at('disk.raw.gz'))).out.replace(/\s+/g, ' ')).toContain(
        'found gzip with a disk image in it. Decompress it first, and use winnow triage.',
      );
      rmSync(at('disk.raw.gz'));
    });

    test('scan says that there are images in a folder or an archive', async () => {
      const scan = async (path: string) => {
        const { out } = await runWinnow(['scan', '--no-cache', '-r', at('rule.yml'), path], { cwd: folder });
        return out.replace(/\s+/g, ' ');
      };
      mkdirSync(at('mixed'), { recursive: true });
      writeFileSync(at('mixed/disk.raw'), readFileSync(at('disk.raw')));
      writeFileSync(at('mixed/a.evtx'), logs.live);
      expect(await scan(at('mixed'))).toMatch(/1 disk image \(".*disk\.raw"\) was not read\. winnow triage reads them/);
      writeFileSync(at('mixed.zip'), zipOf([{ name: 'disk.raw', content: readFileSync(at('disk.raw')) }]));
      expect(await scan(at('mixed.zip'))).toContain('it is a disk image in an archive, and was not read.');
    });

    test.each([
      ['KAPE', 'C', 'VSS1/C'],
      ['Velociraptor', 'uploads/ntfs/%5C%5C.%5CC%3A', 'uploads/auto/%5C%5C%3F%5CGLOBALROOT%5CDevice%5CHarddiskVolumeShadowCopy1'],
    ])('a collection of %s: paths as on its machine, records once, those of shadow copies labelled', async (_, live, shadow) => {
      const entries = [
        // The shadow copy stands first in the archive, and has one chunk of the live log and two of its own.
        { name: `${shadow}/${LAYOUT}`, content: evtxOf(logs.live, logs.shadow) },
        { name: `${live}/${LAYOUT}`, content: logs.live },
      ];
      writeFileSync(at('kape.zip'), zipOf(entries));
      const lines = parsed((await triage(at('kape.zip'), '-f', 'jsonl')).out);
      const places = lines.filter(({ kind }) => kind === 'match').map(({ evidence }) => evidence);
      expect(new Set(places.map(({ state, snapshot }) => `${state} ${snapshot?.number}`))).toEqual(
        new Set(['live undefined', 'shadow 1']),
      );
      expect(places.filter(({ state }) => state === 'shadow').length).toBe(20);
      expect(places[0]).toMatchObject({ image: at('kape.zip'), path: `C:\\${LAYOUT.replaceAll('/', '\\')}` });
      expect(lines.at(-1).evidence.records).toMatchObject({ live: 10, shadow: 20 });
    });

    test('the folder of a collection is announced', async () => {
      mkdirSync(at(`out7/C/${LAYOUT.replace(/\/[^/]*$/, '')}`), { recursive: true });
      writeFileSync(at(`out7/C/${LAYOUT}`), logs.live);
      const lines = parsed((await triage(at('out7'), '-f', 'jsonl')).out);
      expect(lines[0].evidence).toMatchObject({ image: null, state: 'live', path: `C:\\${LAYOUT.replaceAll('/', '\\')}` });
      expect(lines.at(-1).diagnostics).toContainEqual(
        expect.objectContaining({
          code: 'input/collection',
          message: 'a collection in the layout of KAPE or CyLR: 1 log from C:\\Windows\\System32\\winevt\\Logs (1).',
        }),
      );
    });
  });

  test('other verbs look at the logs of an image, each record once', async () => {
    const winnow = (...args: string[]) => runWinnow(args, { cwd: folder });
    const security = `${at('disk.raw')}:p1:vss1${LOGS}\\Security.evtx`;
    expect((await winnow('search', 'cleared since', at('disk.raw'), '-f', 'count')).out).toBe('20\n');
    expect((await winnow('search', 'live', security, '-f', 'count')).out).toBe('0\n');
    expect((await winnow('search', 'cleared since', security, '-f', 'count')).out).toBe('20\n');
    const dumped = await winnow('dump', at('disk.raw'));
    expect(dumped.out.trimEnd().split('\n').length).toBe(40);
    expect((await winnow('metrics', at('disk.raw'))).out).toContain(`${security}: 20 events`);
    const shown = await winnow('show', `${security}:12`);
    expect(shown.out).toMatch(/record 12 of .*:p1:vss1.*\n(?:.*\n)*.*cleared since 1/);
    // Record 3 is in three logs.
    expect((await winnow('show', `${at('disk.raw')}:3`, '-f', 'json')).out.trimEnd().split('\n').length).toBe(3);
    const { out, code } = await winnow('explain', at('rule.yml'), security, '--record', '12');
    expect(out).toContain('cleared since 1');
    expect(code).toBe(0);
    const wrong = await winnow('search', 'x', `${at('disk.raw')}:p9\\no.evtx`);
    expect([wrong.code, wrong.err]).toEqual([4, expect.stringContaining('no log of this name')]);
  });

  test('a position in a log of an image is the one that triage names, whatever parts of it are new', async () => {
    const now = Buffer.concat([madeLog('now').subarray(0, 4096 + 65536), logs.shadow.subarray(4096 + 65536)]);
    const file = (data: Buffer) => makeVolume([{ path: `${LOGS}\\Security.evtx`, data }]).bytes;
    const [volume, before] = [file(now), file(Buffer.concat([logs.shadow, madeLog('third').subarray(4096)]))];
    addShadow(volume, before, { storage: volume, freeAt: 2 << 20 }, 1, Date.UTC(2026, 0, 1), 2 << 20);
    volumeHeader(volume, 2 << 20, 1, 1);
    writeFileSync(at('parts.raw'), volume);
    const lines = (await triage(at('parts.raw'), '-f', 'jsonl')).out.trimEnd().split('\n');
    const last = lines.map((line) => JSON.parse(line)).findLast(({ kind }) => kind === 'match').event;
    expect(last.data.Text).toBe('third 9');
    const { out } = await runWinnow(['show', `${last.file}:#${last.index}`, '-f', 'xml'], { cwd: folder });
    expect(out).toContain('third 9');
  });

  test('never writes to the evidence', async () => {
    writeFileSync(at('disk.002'), Buffer.alloc(600));
    const { code, err } = await triage(at('disk.raw'), '-o', at('disk.002'), '--force');
    expect([code, err]).toEqual([3, expect.stringContaining('holds binary data, maybe evidence. It is not replaced')]);
    rmSync(at('disk.002'));
    expect(readdirSync(folder).filter((name) => name.startsWith('disk'))).toEqual(['disk.raw']);
  });
});
