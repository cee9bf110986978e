/** From paths to sources to events: what is a log, how it is packed, and what a user is told when it is none. */
import { execFile, execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { transcoderOf } from '../../src/logs/open/encoding.ts';
import { gunzipBlocks } from '../../src/logs/open/gzip.ts';
import {
  listSources,
  type OpenedSource,
  openSource,
  type ReadHooks,
  readRange,
  readSource,
  sourceRanges,
} from '../../src/logs/open/open.ts';
import { SIGNATURE_BYTES, sniff, sniffBinary } from '../../src/logs/open/sniff.ts';
import { type Diagnostic, formatDiagnostic } from '../../src/model/diagnostic.ts';
import { type EventSnapshot, snapshotEvent } from '../../src/model/event.ts';
import type { ReadStats } from '../../src/model/match.ts';
import { temporaryFolder } from '../support/folder.ts';
import { describeShared, shared } from '../support/shared.ts';
import { eventXml, READ_OPTIONS } from './support.ts';

const folder = temporaryFolder();
const at = (...parts: string[]): string => join(folder, ...parts);

const LINE = '{"EventID":1,"Channel":"Security","Image":"C:\\\\ü.exe"}';
const XML = `<Events>${eventXml(1)}${eventXml(2)}</Events>`;

function write(name: string, content: string | Uint8Array): string {
  const path = at(name);
  mkdirSync(join(path, '..'), { recursive: true });
  writeFileSync(path, content);
  return path;
}

interface Run {
  readonly diagnostics: Diagnostic[];
  readonly events: EventSnapshot[];
  readonly stats: ReadStats[];
  readonly opened: OpenedSource[];
}

async function run(paths: readonly string[], stdin?: Readable, hooks?: ReadHooks): Promise<Run> {
  const result: Run = { diagnostics: [], events: [], stats: [], opened: [] };
  const report = (diagnostic: Diagnostic): void => void result.diagnostics.push(diagnostic);
  for (const source of listSources(paths, report)) {
    const opened = await openSource(source, report, { stdin });
    if (opened === null) continue;
    result.opened.push(opened);
    const sink = {
      event: (event: Parameters<typeof snapshotEvent>[0]) => void result.events.push(snapshotEvent(event, opened.name)),
      diagnostic: report,
    };
    result.stats.push(await readSource(opened, sink, READ_OPTIONS, hooks));
  }
  return result;
}

/** Diagnostics as lines, with the folder's name taken out. */
const lines = ({ diagnostics }: Run): string[] =>
  diagnostics.map((diagnostic) => formatDiagnostic(diagnostic).replaceAll(folder, '.'));
const ids = ({ events }: Run): (number | null)[] => events.map(({ EventRecordID, EventID }) => EventRecordID ?? EventID);

describe('what binary formats are told by', () => {
  const evtx = Buffer.alloc(80 << 10);
  evtx.write('ElfFile\0', 0, 'latin1');
  const chunkOnly = Buffer.alloc(80 << 10);
  chunkOnly.write('ElfChnk\0', 4096, 'latin1');
  test.each([
    ['an EVTX log', evtx, 'evtx'],
    ['an EVTX log with a damaged header', chunkOnly, 'evtx'],
    ['one of a few bytes', evtx.subarray(0, 100), 'evtx'],
    ['zeros', Buffer.alloc(80 << 10), undefined],
    ['XML', Buffer.from(XML), undefined],
    ['JSON', Buffer.from(LINE), undefined],
    ['gzip of an EVTX log', gzipSync(evtx), undefined],
  ])('%s: its first bytes say what the whole head says', (_, bytes, name) => {
    const binary = sniffBinary(bytes.subarray(0, SIGNATURE_BYTES));
    expect(binary?.format.name).toBe(name);
    if (binary !== null) expect({ ...sniff(bytes), head: null }).toEqual({ ...binary, head: null });
  });
  test('it is not looked at again to be opened', async () => {
    write('binary/a.evtx', evtx);
    const [source] = listSources([at('binary')], () => {});
    expect(source).toMatchObject({ size: evtx.length, sniffed: { compressed: false, encoding: 'utf-8' } });
    const { sniffed: _, ...anew } = source!;
    const [known, looked] = [await openSource(source!, () => {}), await openSource(anew, () => {})];
    expect({ ...known, head: null }).toEqual({ ...looked, head: null });
    expect(sourceRanges(known!, 1 << 16)).toEqual(sourceRanges(looked!, 1 << 16));
  });
});

describe('a source is told by its content', () => {
  const utf16 = (text: string): Buffer => Buffer.from(text, 'utf16le');
  test.each([
    ['XML named .json', 'a.json', XML, 'xml'],
    ['JSON named .evtx', 'a.evtx', LINE, 'json'],
    ['UTF-8 with byte order mark', 'bom.txt', `\uFEFF${XML}`, 'xml'],
    ['UTF-16 LE with byte order mark', 'le.xml', Buffer.concat([Buffer.of(0xff, 0xfe), utf16(XML)]), 'xml'],
    ['UTF-16 LE without', 'le2.xml', utf16(XML), 'xml'],
    ['UTF-16 BE with byte order mark', 'be.xml', Buffer.concat([Buffer.of(0xfe, 0xff), utf16(XML).swap16()]), 'xml'],
    ['UTF-16 BE without', 'be2.xml', utf16(XML).swap16(), 'xml'],
    ['JSON in UTF-16', 'le.json', utf16(`\uFEFF${LINE}\r\n`), 'json'],
    ['gzip', 'a.xml.gz', gzipSync(XML), 'xml'],
    ['gzip of UTF-16', 'b.xml.gz', gzipSync(utf16(XML)), 'xml'],
    ['gzip, two members', 'c', Buffer.concat([gzipSync(XML.slice(0, 300)), gzipSync(XML.slice(300))]), 'xml'],
  ])('%s', async (_name, file, content, format) => {
    const result = await run([write(file, content)]);
    expect(lines(result)).toEqual([]);
    expect(result.opened[0]?.format.name).toBe(format);
    expect(ids(result)).toEqual(format === 'xml' ? [1, 2] : [1]);
    if (format === 'json') expect(result.events[0]?.data.Image).toBe('C:\\ü.exe');
  });

  const declaring = (encoding: string, content: string): string =>
    `<?xml version="1.0" encoding="${encoding}"?>\r\n<Events>${eventXml(1, `<EventData><Data Name="A">${content}</Data></EventData>`)}</Events>`;
  const bytes = (text: string, ...more: number[]): Buffer =>
    Buffer.concat(
      text.split('\x1a').map((part, i) => Buffer.concat([Buffer.from(i === 0 ? [] : more), Buffer.from(part, 'latin1')])),
    );
  test.each([
    ['ISO-8859-1', bytes(declaring('ISO-8859-1', 'M\xfcller')), 'Müller'],
    ['windows-1252, single quotes', bytes(declaring('windows-1252', '\x80').replaceAll('"', "'")), '€'],
    ['Shift_JIS', bytes(declaring('Shift_JIS', '\x1a'), 0x93, 0xfa, 0x96, 0x7b), '日本'],
    ['far behind the declaration', bytes(declaring('iso-8859-1', `${'x'.repeat(2 << 20)}\xfc`)), `${'x'.repeat(2 << 20)}ü`],
    ['a declaration that is wrong: UTF-8', Buffer.from(declaring('windows-1252', 'Müller')), 'Müller'],
    ['a declaration of UTF-16 over UTF-8', Buffer.from(declaring('utf-16', 'Müller')), 'Müller'],
  ])('declared encoding: %s', async (_name, content, expected) => {
    const plain = await run([write('declared.xml', content)]);
    expect(lines(plain)).toEqual([]);
    expect(plain.events[0]?.data.A).toBe(expected);
    for (const other of [
      await run([write('declared.xml.gz', gzipSync(content))]),
      await run(['-'], Readable.from([content.subarray(0, 700), content.subarray(700)])),
    ])
      expect(other.events[0]?.data.A).toBe(expected);
  });

  test.each([
    ['xml', `${eventXml(1)}\r\n`],
    ['json', '{"EventID":1,"EventRecordID":1,"Channel":"c"}\r\n'],
  ])('%s: UTF-16 appended to UTF-8 is told once, what comes before and after is read', async (format, record) => {
    const other = (['utf16le', 'be'] as const).map((kind) => {
      const text = Buffer.from(`\uFEFF${record.repeat(5)}`, 'utf16le');
      return kind === 'be' ? text.swap16() : text;
    });
    for (const appended of other) {
      const result = await run([write(`mixed.${format}`, Buffer.concat([Buffer.from(record), appended]))]);
      expect(result.diagnostics.map(({ code, severity }) => [code, severity])).toEqual([[`${format}/encoding`, 'warning']]);
      expect(ids(result)).toEqual([1]);
      const both = await run([
        write(`mixed.${format}`, Buffer.concat([Buffer.from(record), appended, Buffer.from(`\n${record}`)])),
      ]);
      expect(both.diagnostics.map(({ code }) => code)).toEqual([`${format}/encoding`]);
      expect(ids(both)).toEqual([1, 1]);
    }
  });

  test('a block may end inside of a character', () => {
    const text = `${'x'.repeat(20)}ü€\u{1F600}`;
    for (let cut = 20; cut <= Buffer.byteLength(text); cut++) {
      const transcoder = transcoderOf('windows-1252');
      const [head, tail] = [Buffer.from(text).subarray(0, cut), Buffer.from(text).subarray(cut)];
      const read = [transcoder.push(head), transcoder.push(tail), transcoder.end()];
      expect(Buffer.concat(read).toString('utf8'), `${cut}`).toBe(text);
    }
    const transcoder = transcoderOf('windows-1252');
    const read = [transcoder.push(Buffer.of(0x61, 0xfc)), transcoder.push(Buffer.of(0x62)), transcoder.end()];
    expect(Buffer.concat(read).toString('utf8')).toBe('aüb');
  });

  test('UTF-16 gives the same offsets as UTF-8', async () => {
    const [a, b] = [await run([write('o8.xml', XML)]), await run([write('o16.xml', Buffer.from(`\uFEFF${XML}`, 'utf16le'))])];
    expect(b.events.map(({ offset }) => offset)).toEqual(a.events.map(({ offset }) => offset));
  });

  test('large inputs of every packing, in blocks', async () => {
    const many = `<Events>${Array.from({ length: 6_000 }, (_, i) => eventXml(i, `<EventData><Data Name="A">ü\u{1F600}${i}</Data></EventData>`)).join('')}</Events>`;
    const plain = await run([write('many.xml', many)]);
    expect(plain.events).toHaveLength(6_000);
    const data = ({ events }: Run): unknown => events.map((event) => event.data.A).join();
    for (const [name, bytes] of [
      ['many.gz', gzipSync(many)],
      ['many16.xml', Buffer.from(many, 'utf16le')],
    ] as const) {
      const other = await run([write(name, bytes)]);
      expect([lines(other), data(other)]).toEqual([[], data(plain)]);
    }
    const stdin = await run(['-'], Readable.from([Buffer.from(many).subarray(0, 10), Buffer.from(many).subarray(10)]));
    expect([lines(stdin), data(stdin), stdin.events[0]?.file]).toEqual([[], data(plain), '-']);
  });
});

describeShared('EVTX in any packing', () => {
  test('gzip and a pipe give what the file gives', async () => {
    const file = shared('corpus', 'evtx-attack-samples', 'UACME_59_Sysmon.evtx');
    const bytes = readFileSync(file);
    const strip = ({ events }: Run): unknown => events.map((event) => ({ ...event, file: '' }));
    const plain = await run([file]);
    expect(plain.events).toHaveLength(7);
    expect(strip(await run([write('packed.evtx.gz', gzipSync(bytes))]))).toEqual(strip(plain));
    expect(strip(await run(['-'], Readable.from([bytes.subarray(0, 5000), bytes.subarray(5000)])))).toEqual(strip(plain));
  });
});

describe('what is no log gives one line', () => {
  const NOT_A_LOG = 'error input/not-a-log: expected an event log (EVTX, Event XML, JSON or CSV), found';
  const CLIXML = '<Objs Version="1.1.0.1" xmlns="http://schemas.microsoft.com/powershell/2004/04"></Objs>';
  const EXPORT_AGAIN = 'Export the events again, as EVTX or by ForEach-Object { $_.ToXml() }.';
  const NAME_IT = 'Name it as a file: an archive is not read through a pipe.';
  test.each([
    ['an empty file', '', 'warning input/empty: the file is empty.'],
    ['text', 'hello world', `${NOT_A_LOG} text ("hello world").`],
    ['HTML', '<html><body/></html>', `${NOT_A_LOG} XML or HTML without an <Event> ("<html><body/></html>").`],
    ['CLIXML', CLIXML, `${NOT_A_LOG} PowerShell objects (Export-Clixml). ${EXPORT_AGAIN}`],
    ['binary data', Buffer.of(1, 2, 0, 255), `${NOT_A_LOG} binary data (01 02 00 ff).`],
    ['a ZIP archive', Buffer.from('PK\x03\x04...'), `${NOT_A_LOG} a ZIP archive. ${NAME_IT}`],
    ['gzip of text', gzipSync('hello'), `${NOT_A_LOG} gzip with text ("hello") in it.`],
    ['gzip cut short', gzipSync('hello').subarray(0, 8), `${NOT_A_LOG} a gzip file that is damaged or empty.`],
  ])('%s', async (name, content, expected) => {
    const path = `no-${name.replaceAll(' ', '-')}`;
    const result = await run([write(path, content), write('good.jsonl', LINE)]);
    expect(lines(result)).toEqual([`./${path} ${expected}`]);
    expect(ids(result)).toEqual([1]);
  });

  test('a missing path; the others are read', async () => {
    const result = await run([at('nowhere'), write('good.jsonl', LINE)]);
    expect(lines(result)).toEqual(['./nowhere error input/not-found: no such file or folder. Check the path.']);
    expect(ids(result)).toEqual([1]);
  });

  test('standard input that is not there, or empty', async () => {
    expect(lines(await run(['-']))).toEqual(['- error input/unreadable: standard input is not available.']);
    expect(lines(await run(['-'], Readable.from([])))).toEqual(['- warning input/empty: the file is empty.']);
  });

  // Numbers that do not repeat, so that there is something to damage.
  const noise = (i: number): string => `${Math.imul(i + 1, 0x9e3779b1) >>> 0}`;
  const log = (records: number): string =>
    Array.from({ length: records }, (_, i) => `{"EventID":1,"EventRecordID":${i},"Channel":"Security","A":"${noise(i)}"}\n`).join(
      '',
    );
  const changed = (bytes: Buffer, at: number, value: number): Buffer => {
    const copy = Buffer.from(bytes);
    copy[at < 0 ? copy.length + at : at] = value;
    return copy;
  };
  const small = gzipSync(log(100));
  const error = (end: string, at = '0x1b99'): string =>
    `at ${at} error input/gzip: the gzip data is damaged after ${end}. What was read before stands.`;
  test.each([
    ['a wrong checksum', changed(small, -6, 0xaa), 100, [error('7065 decompressed bytes: its checksum does not match')]],
    ['a wrong length', changed(small, -2, 0xaa), 100, [error('7065 decompressed bytes: its length does not match')]],
    ['no checksum', small.subarray(0, -8), 100, [error('7065 decompressed bytes: unexpected end of file')]],
    ['half a checksum', small.subarray(0, -5), 100, [error('7065 decompressed bytes: unexpected end of file')]],
    [
      'a line feed behind it',
      Buffer.concat([small, Buffer.from('\n')]),
      100,
      ['warning input/gzip: 1 bytes behind the gzip data are no gzip. What was read before stands.'],
    ],
    [
      'text behind it',
      Buffer.concat([small, Buffer.from('trailing garbage')]),
      100,
      ['warning input/gzip: 16 bytes behind the gzip data are no gzip. What was read before stands.'],
    ],
    ['zeros behind it', Buffer.concat([small, Buffer.alloc(1000)]), 100, []],
    ['a second member', Buffer.concat([small, gzipSync(log(5))]), 105, []],
    ['zeros between members', Buffer.concat([small, Buffer.alloc(512), small]), 200, []],
    [
      'a second member that is cut in its header',
      Buffer.concat([small, small.subarray(0, 5)]),
      100,
      [error('7065 decompressed bytes: unexpected end of file')],
    ],
    [
      'a second member of another length than it says',
      Buffer.concat([small, changed(small, -2, 0xaa)]),
      200,
      [error('14130 decompressed bytes: its length does not match', '0x3732')],
    ],
  ])('gzip, small, with %s: what gzip itself decodes is read', async (name, bytes, records, expected) => {
    const path = write(`small-gz/${name.replaceAll(' ', '-')}`, bytes);
    for (const result of [await run([path]), await run([at('small-gz')])]) {
      expect(lines(result).filter((line) => line.startsWith(`./small-gz/${name.replaceAll(' ', '-')} `))).toEqual(
        expected.map((line) => `./small-gz/${name.replaceAll(' ', '-')} ${line}`),
      );
    }
    const { events } = await run([path]);
    expect(events).toHaveLength(records);
  });

  test.each([0.1, 0.5, 0.9])('gzip with damage in its first 64 KiB, at %f of it: what stands before is read', async (share) => {
    const packed = gzipSync(log(2000));
    expect(packed.length).toBeLessThan(64 << 10);
    const where = Math.floor(packed.length * share);
    const damaged = Buffer.concat([packed.subarray(0, where), Buffer.alloc(300, 0xff), packed.subarray(where + 300)]);
    const result = await run([write('damaged-64k.gz', damaged)]);
    expect(result.diagnostics.map(({ code }) => code)).toContain('input/gzip');
    const read = result.events.map(({ EventRecordID }) => EventRecordID);
    expect(read.length).toBeGreaterThan(2000 * share * 0.9);
    expect(read.slice(0, Math.floor(2000 * share * 0.9))).toEqual([...Array(Math.floor(2000 * share * 0.9)).keys()]);
  });

  test('gzip: the slices that it arrives in do not matter', async () => {
    const bytes = Buffer.concat([
      gzipSync(log(200)),
      gzipSync(''),
      gzipSync(log(300), { level: 0 }),
      Buffer.alloc(3),
      gzipSync(log(7)),
    ]);
    for (const length of [1, 7, 1000, 1 << 20]) {
      const blocks = async function* (): AsyncGenerator<Uint8Array> {
        for (let from = 0; from < bytes.length; from += length) yield bytes.subarray(from, from + length);
      };
      const out: Buffer[] = [];
      for await (const block of gunzipBlocks(blocks(), () => {})) out.push(block);
      expect(Buffer.concat(out).toString()).toBe(log(200) + log(300) + log(7));
    }
  });

  test('gzip that expands without end is given up', async () => {
    // 1.2 GB of blanks in 1.2 MB, made of members so that the test is quick.
    const member = gzipSync(Buffer.alloc(16 << 20, 0x20));
    const blocks = async function* (): AsyncGenerator<Uint8Array> {
      for (let i = 0; i < 80; i++) yield member;
    };
    const read = async (): Promise<void> => {
      for await (const _ of gunzipBlocks(blocks(), () => {}));
    };
    await expect(read()).rejects.toThrow(/expands too far to be a log/);
  });
});

describe('folders', () => {
  test('are walked in sorted order; what is no log is counted', async () => {
    write('case/b/2.xml', XML);
    write('case/a.jsonl', LINE);
    write('case/b/1.json', LINE);
    write('case/package.json', '{"name": "x", "version": "1.0.0"}');
    write('case/b/notes.txt', 'notes');
    write('case/empty.evtx', '');
    const result = await run([at('case')]);
    expect(result.opened.map(({ name }) => name.slice(folder.length))).toEqual([
      '/case/a.jsonl',
      '/case/b/1.json',
      '/case/b/2.xml',
    ]);
    expect(lines(result)).toEqual([
      './case/empty.evtx warning input/empty: the file is empty.',
      './case info input/skipped: 2 files are no event logs and were passed over. Name a file itself to see why.',
    ]);
    expect(ids(result)).toEqual([1, 1, 1, 2]);
  });

  test('names files that are called logs and hold none', async () => {
    write('image/Security.evtx', '');
    write('image/System.evtx', Buffer.alloc(8192));
    write('image/Application.EVT', Buffer.from('300000004c664c65', 'hex'));
    write('image/notes.txt', 'x');
    expect(lines(await run([at('image')]))).toEqual([
      './image/Application.EVT warning input/not-a-log: named like an event log, but found an event log of Windows XP or 2003 (.evt). It was not read. Convert it: wevtutil epl FILE.evt FILE.evtx /lf:true',
      './image/Security.evtx warning input/empty: the file is empty.',
      './image/System.evtx warning input/not-a-log: named like an event log, but found binary data (00 00 00 00 00 00 00 00). It was not read.',
      './image error input/no-logs: no event log in this folder: it holds 4 files, none of which is one.',
    ]);
  });

  test('is read once, however many names lead to a file', async () => {
    const path = write('names/a.json', LINE);
    symlinkSync(path, at('names/b.json'));
    const result = await run([at('names'), join(at('names'), '..', 'names', '.', 'b.json'), path]);
    expect(result.opened.map(({ name }) => name)).toEqual([path]);
  });

  test.skipIf(process.platform !== 'linux')('says so when a name is no valid UTF-8', async () => {
    write('bytes/a.json', LINE);
    writeFileSync(Buffer.concat([Buffer.from(at('bytes/b')), Buffer.of(0xff), Buffer.from('.json')]), LINE);
    expect(lines(await run([at('bytes')]))).toEqual([
      './bytes/b\ufffd.json error input/unreadable: its name is no valid UTF-8: rename it.',
    ]);
  });

  test.skipIf(process.platform === 'win32')('a named pipe is waited for until it is interrupted', async () => {
    execFileSync('mkfifo', [at('pipe')]);
    const interrupt = new AbortController();
    const diagnostics: Diagnostic[] = [];
    const opening = openSource({ path: at('pipe'), kind: 'stream', size: null }, (d) => diagnostics.push(d), {
      signal: interrupt.signal,
    });
    setTimeout(() => interrupt.abort(), 20);
    expect([await opening, diagnostics]).toEqual([null, []]);
    const written = new Promise((done) => execFile('sh', ['-c', 'printf %s "$1" > "$0"', at('pipe'), LINE], done));
    expect(ids(await run([at('pipe')]))).toEqual([1]);
    await written;
  });

  test('without any log', async () => {
    write('none/readme.md', '# x');
    mkdirSync(at('hollow'));
    expect(lines(await run([at('none'), at('hollow')]))).toEqual([
      './none error input/no-logs: no event log in this folder: it holds one file, which is none.',
      './hollow error input/no-logs: no event log in this folder: it is empty.',
    ]);
  });

  test('links that lead out of a folder are not followed, and it is said', async () => {
    write('elsewhere/secret.jsonl', LINE);
    write('inside/a.jsonl', LINE);
    write('inside/sub/b.jsonl', LINE);
    symlinkSync(at('elsewhere/secret.jsonl'), at('inside/x.evtx'));
    symlinkSync(at('elsewhere'), at('inside/folder'));
    symlinkSync(at('inside/sub'), at('inside/again'));
    const names = ({ opened }: Run): string[] => opened.map(({ name }) => name.slice(folder.length));
    const result = await run([at('inside')]);
    expect(names(result)).toEqual(['/inside/a.jsonl', '/inside/again/b.jsonl']);
    expect(lines(result)).toEqual([
      './inside warning input/link: 2 links lead (the first: "./inside/folder") out of this folder and were not followed. Name what it leads to, or follow links with --follow-links.',
    ]);
    const followed: Diagnostic[] = [];
    const sources = listSources([at('inside')], (diagnostic) => followed.push(diagnostic), { followLinks: true });
    expect(sources.map(({ path }) => path.slice(folder.length))).toEqual([
      '/inside/a.jsonl',
      '/inside/again/b.jsonl',
      '/inside/folder/secret.jsonl',
    ]);
    expect(followed).toEqual([]);
    // A folder may be named by a link to it.
    symlinkSync(at('inside/sub'), at('linked'));
    expect(names(await run([at('linked')]))).toEqual(['/linked/b.jsonl']);
  });

  test.skipIf(process.platform === 'win32')('pipes in a folder are not touched, and it is said', async () => {
    write('pipes/a.jsonl', LINE);
    execFileSync('mkfifo', [at('pipes/x.evtx')]);
    const result = await run([at('pipes')]);
    expect([ids(result), lines(result)]).toEqual([
      [1],
      [
        './pipes warning input/special: 1 pipe, device or socket ("./pipes/x.evtx") was not read. A pipe is read when it is named itself.',
      ],
    ]);
  });

  test.skipIf(!existsSync('/proc/self/status'))('files that only say that they are empty are not waited for', () => {
    write('proc/a.jsonl', LINE);
    symlinkSync('/proc/self/status', at('proc/x.evtx'));
    const told: Diagnostic[] = [];
    listSources([at('proc')], (diagnostic) => told.push(diagnostic), { followLinks: true });
    expect(told.map(({ code }) => code)).toEqual(['input/empty']);
  });

  test('a log is found whose first record begins with a long value, as when it is named', async () => {
    const late = (bytes: number): string =>
      `{"A":"${'x'.repeat(bytes)}","EventID":1,"Channel":"Security","Image":"C:\\\\ü.exe"}\n`;
    for (const bytes of [(64 << 10) - 20, 70_000, 900_000]) {
      const named = await run([write('late/log.json', late(bytes))]);
      expect([ids(await run([at('late')])), lines(named)]).toEqual([ids(named), []]);
      expect(named.events).toHaveLength(1);
    }
    write('late/log.json', Buffer.from(`\uFEFF${late(70_000)}`, 'utf16le'));
    expect((await run([at('late')])).events).toHaveLength(1);
    write('late/log.json', late(2 << 20));
    expect(lines(await run([at('late')]))).toEqual([
      './late error input/no-logs: no event log in this folder: it holds one file, which is none.',
    ]);
  });

  test('links that lead back are not followed for ever', async () => {
    write('loop/a.jsonl', LINE);
    symlinkSync(at('loop'), at('loop/again'));
    symlinkSync(at('loop/nothing'), at('loop/dangling'));
    const result = await run([at('loop')]);
    expect(ids(result)).toEqual([1]);
    // The folder is looked through once: what leads nowhere in it is counted once.
    expect(lines(result)).toEqual([
      './loop info input/skipped: one file is no event log and was passed over. Name a file itself to see why.',
    ]);
  });

  test('a file named twice is read once', async () => {
    const path = write('good.jsonl', LINE);
    expect(ids(await run([path, path]))).toEqual([1]);
  });
});

describe('ranges', () => {
  const records = Array.from({ length: 2000 }, (_, i) => i);
  const sources = [
    ['XML', `<Events>${records.map((i) => eventXml(i)).join('\n')}</Events>`, true],
    ['JSON Lines', records.map((i) => JSON.stringify({ EventRecordID: i, EventID: 1 })).join('\n'), true],
    ['a JSON array', JSON.stringify(records.map((i) => ({ EventRecordID: i, EventID: 1 }))), false],
  ] as const;

  test.each(sources)('%s', async (name, text, cut) => {
    const path = write(`ranges-${name}`, text);
    const [opened] = (await run([path])).opened;
    expect(opened?.seekable).toBe(true);
    const ranges = sourceRanges(opened!, Buffer.byteLength(text) / 7);
    expect(ranges).toHaveLength(cut ? 7 : 1);
    const found: (number | null)[] = [];
    for (const range of ranges)
      readRange(
        path,
        opened!.format.name,
        range,
        {
          event: (event) => void found.push(snapshotEvent(event, '').EventRecordID),
          diagnostic: (d) => expect.fail(formatDiagnostic(d)),
        },
        READ_OPTIONS,
      );
    expect(found).toEqual(records);
  });

  test.each(sources)('%s from a source that gives less than it is asked for', (name, text) => {
    const bytes = Buffer.from(text);
    const short = {
      name,
      size: bytes.length,
      read: (into: Uint8Array, offset: number) => bytes.copy(into, 0, offset, offset + Math.min(into.length, 1000)),
      close() {},
    };
    const format = sniff(bytes)!.format;
    const half = bytes.length >> 1;
    const found: (number | null)[] = [];
    const sink = {
      event: (event: Parameters<typeof snapshotEvent>[0]) => void found.push(snapshotEvent(event, '').EventRecordID),
      diagnostic: (d: Diagnostic) => expect.fail(formatDiagnostic(d)),
    };
    const ranges = name.includes('array')
      ? [[0, bytes.length]]
      : [
          [0, half],
          [half, bytes.length],
        ];
    for (const [start, end] of ranges) readRange(short, format, { start: start!, end: end! }, sink, READ_OPTIONS);
    expect(found).toEqual(records);
  });

  test('what is packed is one range', async () => {
    const { opened } = await run([write('r.gz', gzipSync(XML)), write('r16.xml', Buffer.from(XML, 'utf16le'))]);
    expect(opened.map((source) => [source.seekable, sourceRanges(source, 10).length])).toEqual([
      [false, 1],
      [false, 1],
    ]);
  });
});

test('progress and interruption', async () => {
  const text = Array.from({ length: 60_000 }, (_, i) => `{"EventID":1,"EventRecordID":${i},"pad":"${'x'.repeat(120)}"}`).join(
    '\n',
  );
  const path = write('long.jsonl', text);
  const seen: number[] = [];
  const whole = await run([path], undefined, { onProgress: (bytes) => seen.push(bytes) });
  expect(whole.events).toHaveLength(60_000);
  expect(seen.at(-1)).toBe(Buffer.byteLength(text));
  expect(seen.length).toBeGreaterThan(1);
  const controller = new AbortController();
  const part = await run([path], undefined, { onProgress: () => controller.abort(), signal: controller.signal });
  expect(part.events.length).toBeLessThan(60_000);
  expect(part.events.length).toBeGreaterThan(0);
  expect(part.diagnostics).toEqual([]);
});

test("an error in the sink is the sink's", async () => {
  const path = write('good.jsonl', LINE);
  const opened = await openSource({ path, kind: 'file', size: 1 }, () => {});
  const sink = {
    event: () => {
      throw new Error('full');
    },
    diagnostic: () => {},
  };
  await expect(readSource(opened!, sink, READ_OPTIONS)).rejects.toThrow('full');
});
