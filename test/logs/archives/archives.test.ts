/** Logs in archives are read as those beside them; names are only shown. */
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as zlib from 'node:zlib';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { closeArchives } from '../../../src/logs/archives/archive-cursor.ts';
import { windowsPath } from '../../../src/logs/archives/collections.ts';
import { spill } from '../../../src/logs/archives/spill.ts';
import { hasZstd } from '../../../src/logs/archives/zstd.ts';
import { listLogs, listSources, openSource, readSource } from '../../../src/logs/open/open.ts';
import type { ListOptions } from '../../../src/logs/open/source.ts';
import type { Diagnostic } from '../../../src/model/diagnostic.ts';
import { folderWith } from '../../support/folder.ts';
import { smallLog } from '../evtx/support/samples.ts';
import { READ_OPTIONS } from '../support.ts';
import { paxEntry, tar, zip } from './make-archives.ts';
import { SEVEN_ZIP } from './seven-zip-samples.ts';

const line = (image: string): string =>
  `${JSON.stringify({ EventID: 1, Channel: 'Microsoft-Windows-Sysmon/Operational', Computer: 'PC1', Image: image })}\n`;
const LOG = line('a.exe');

let folder = '';
beforeEach(() => {
  folder = folderWith();
});
afterEach(closeArchives);

function write(name: string, content: Buffer | string): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

interface Read {
  /** Source, without the folder -> Image of its events. */
  readonly logs: Record<string, string[]>;
  readonly said: string[];
}

async function read(paths: readonly string[], options: ListOptions = {}): Promise<Read> {
  const said: string[] = [];
  const short = (text: string): string => text.replaceAll(`${folder}/`, '').replaceAll(folder, '.');
  const report = ({ severity, code, message, place }: Diagnostic): void =>
    void said.push(short(`${severity} ${code} ${place.file}: ${message}`));
  const logs: Record<string, string[]> = {};
  for (const source of await listLogs(paths, report, options)) {
    const opened = await openSource(source, report);
    if (opened === null) continue;
    const images: string[] = [];
    const event = (one: { shape: { fields: ReadonlyMap<string, readonly number[]> }; value(slot: number): unknown }): void => {
      const slot = one.shape.fields.get('Image')?.[0];
      images.push(slot === undefined ? '?' : String(one.value(slot)));
    };
    await readSource(opened, { event, diagnostic: report }, READ_OPTIONS);
    logs[short(source.path)] = images;
  }
  return { logs, said };
}

const read1 = (name: string, content: Buffer, options: ListOptions = {}): Promise<Read> => read([write(name, content)], options);

const AES_128 =
  'UEsDBDMACQBjAAAAQVgAAAAAAAAAAAAAAAAHAAsAYS5qc29ubAGZBwACAEFFAQgAI1YugHXWambZHkbO42hexyG/FbGfp9S4RCAJN46CMLnoxqfgkvUpMo6fF2sbKn6s0O07mz/x+n3dKhmaw/p+YGxNk77xa3ywGNXHhvOs6iQECt7PMTl258bbEcc4cbV0Id6UBvFT9AX9aZWsqPzQkBYgUadt/aC3SE6ttU4WjADNylFlxgYIz2/t5cXy21Q90MGHVElQSwcIAAAAAJUAAACKAAAAUEsBAgADMwAJAGMAAABBWAAAAACVAAAAigAAAAcACwAAAAAAAAAAAKSBAAAAAGEuanNvbmwBmQcAAgBBRQEIAFBLBQYAAAAAAQABAEAAAADVAAAAAAA=';
const AES_256 =
  'UEsDBDMACQBjAAAAQVgAAAAAAAAAAAAAAAAHAAsAYS5qc29ubAGZBwACAEFFAwgAGTNyyOKHJFXT0zJKSkhDU8z52RdqHXWAVWzWX8wE+7u7h3yYHSRKrOtK5Aae654AJMSHOfdsbSx6xJkf0/wwaKupAUA6sQ5qIf+qYYZGgLB9mpUmJsc6cqRMZLtlWirOaFPpkqTqFRTj1p0xMpO1Ch5xopYS8rkPpsH6qdMHB2sxu0dvrdWu7rTfHw7HAccqiI/DYAQ5yfj2tO1YwlBLBwgAAAAAnQAAAIoAAABQSwECAAMzAAkAYwAAAEFYAAAAAJ0AAACKAAAABwALAAAAAAAAAAAApIEAAAAAYS5qc29ubAGZBwACAEFFAwgAUEsFBgAAAAABAAEAQAAAAN0AAAAAAA==';
const TRADITIONAL =
  'UEsDBBQACwAIAAAAQVgAAAAAAAAAAAAAAAAHAAAAYS5qc29ubO7QiDnilsZ83ph2/rMcL9bcF7ka5qDbzFbU+0dq0moSZzw2ClizDzy98y7mE6PoAFyUDDlnstq9rME5jkvq8rOFECIScye23/R5gegD02H0XdL+1AOJzth/gimvWrhOvXlvYGau2ZBI9wG+qn+xB1CD8oYCtAAFXQSuxD7ZP2PbcBauJcFpUYJW9VhsvVBLBwg1YHPtjQAAAIoAAABQSwECAAMUAAsACAAAAEFYNWBz7Y0AAACKAAAABwAAAAAAAAAAAAAApIEAAAAAYS5qc29ubFBLBQYAAAAAAQABADUAAADCAAAAAAA=';
const ZIP64 =
  'UEsDBC0ACgAIAAAAQVgAAAAA//////////8HABQAYS5qc29ubAEAEAAAAAAAAAAAAAAAAAAAAAAADYu7CgIxEEV7P2Nqo9n4AFMJ0WILUVAQxCborAY2mZCML8R/d253z+F8Yf3ExO0KbDMEd/cpYQ8WNuFSqFLH6hjSlV5V7T81UhpvMxbPgZLvQQKK+cFYpNi5RkAb/Q3lOXuW+RG+UeiSQ8TKPmZRRpup0hOlZwe9sHpujTnBb/AHUEsHCDVgc+2BAAAAAAAAAIoAAAAAAAAAUEsBAgADLQAKAAgAAABBWDVgc+3//////////wcAFAAAAAAAAAAAAKSBAAAAAGEuanNvbmwBABAAigAAAAAAAACBAAAAAAAAAFBLBgYsAAAAAAAAAC0ALQAAAAAAAAAAAAEAAAAAAAAAAQAAAAAAAABJAAAAAAAAANIAAAAAAAAAUEsGBwAAAAAbAQAAAAAAAAEAAABQSwUG/////////////////////wAA';
/** Of a program that is not ours; the log in them. */
const THEIR_IMAGE = ['C:\\\\a.exe'];

describe('ZIP', () => {
  test('stored and deflated logs are read, other files counted', async () => {
    const archive = zip([
      { path: 'logs/a.jsonl', content: LOG },
      { path: 'readme.txt', content: 'hello world' },
      { path: 'b.jsonl', content: line('b.exe').repeat(20_000), stored: true },
    ]);
    const { logs, said } = await read1('x.zip', archive);
    expect(Object.keys(logs)).toEqual(['x.zip!logs/a.jsonl', 'x.zip!b.jsonl']);
    expect(logs['x.zip!logs/a.jsonl']).toEqual(['a.exe']);
    expect(logs['x.zip!b.jsonl']).toHaveLength(20_000);
    expect(said).toEqual(['info input/skipped x.zip: one file in it is no event log and was passed over.']);
  });

  test('an EVTX log in it gives the events that it gives beside it', async () => {
    const evtx = smallLog();
    const { logs } = await read([write('x.evtx', evtx), write('x.zip', zip([{ path: 'x.evtx', content: evtx }]))]);
    expect(logs['x.evtx']!.length).toBeGreaterThan(0);
    expect(logs['x.zip!x.evtx']).toEqual(logs['x.evtx']);
  });

  test.each([
    ['AES-128', AES_128],
    ['AES-256', AES_256],
    ['the traditional way', TRADITIONAL],
  ])('encrypted with %s: read with the password, refused without and with another one', async (_how, base64) => {
    const path = write('x.zip', Buffer.from(base64, 'base64'));
    expect(await read([path], { archivePassword: 'infected' })).toEqual({ logs: { 'x.zip!a.jsonl': THEIR_IMAGE }, said: [] });
    expect((await read([path])).said).toEqual([
      'error input/encrypted x.zip: 1 file is encrypted (the first: "x.zip!a.jsonl") and was not read.',
    ]);
    expect((await read([path], { archivePassword: 'other' })).said).toEqual([
      'error input/archive x.zip!a.jsonl: the password does not fit.',
    ]);
  });

  test('an authentication code that does not match is said', async () => {
    const bytes = Buffer.from(AES_256, 'base64');
    bytes[190] = bytes[190]! ^ 1;
    const { said } = await read1('x.zip', bytes, { archivePassword: 'infected' });
    expect(said.some((one) => one.startsWith('error input/archive x.zip!a.jsonl: '))).toBe(true);
  });

  test('ZIP64', async () => {
    expect(await read1('x.zip', Buffer.from(ZIP64, 'base64'))).toEqual({ logs: { 'x.zip!a.jsonl': THEIR_IMAGE }, said: [] });
  });

  test('bytes before the archive, as of a program that unpacks itself, are left out', async () => {
    const archive = Buffer.concat([Buffer.from('PK\x03\x04'), Buffer.alloc(100), zip([{ path: 'a.jsonl', content: LOG }])]);
    expect((await read1('x.zip', archive)).logs).toEqual({ 'x.zip!a.jsonl': ['a.exe'] });
  });

  test('what stands before damage is read, and the damage said', async () => {
    const many = line('a.exe').repeat(50_000);
    const archive = zip([
      { path: 'a.jsonl', content: many, crc: 1 },
      { path: 'b.jsonl', content: LOG, size: 5 },
      { path: 'c.jsonl', content: LOG, method: 12 },
    ]);
    const { logs, said } = await read1('x.zip', archive);
    expect(logs['x.zip!a.jsonl']).toHaveLength(50_000);
    expect(said).toEqual([
      'error input/archive x.zip!b.jsonl: it has 139 bytes instead of 5.'.replace('139', String(LOG.length)),
      'error input/archive x.zip!c.jsonl: it is compressed with method 12; stored and deflated files are read.',
      'error input/archive x.zip!a.jsonl: its checksum does not match.',
    ]);
  });

  test('names are only shown: nothing is written, wherever they lead', async () => {
    const paths = ['../../evil.jsonl', '/etc/evil.jsonl', 'C:\\evil.jsonl', '..\\evil.jsonl', 'a%5C..%5Cb.jsonl', 'x\0.jsonl'];
    const { logs } = await read1('x.zip', zip(paths.map((path) => ({ path, content: LOG }))));
    expect(Object.keys(logs)).toEqual(paths.map((path) => `x.zip!${path}`));
    expect(readdirSync(folder)).toEqual(['x.zip']);
    expect(existsSync(join(folder, '..', '..', 'evil.jsonl'))).toBe(false);
  });

  test('a name that comes twice gets a number', async () => {
    const { logs } = await read1(
      'x.zip',
      zip([
        { path: 'a.jsonl', content: LOG },
        { path: 'a.jsonl', content: line('b.exe') },
      ]),
    );
    expect(logs).toEqual({ 'x.zip!a.jsonl': ['a.exe'], 'x.zip!a.jsonl (2)': ['b.exe'] });
  });

  test.each([
    [
      'without a directory',
      zip([{ path: 'a.jsonl', content: LOG }]).subarray(0, 60),
      'the ZIP archive has no directory: it is cut short. What is in it cannot be told apart.',
    ],
    [
      'whose entries share their data',
      zip(
        Array.from({ length: 50 }, (_, i) => ({ path: `${i}.jsonl`, content: 'x'.repeat(200), stored: true, local: 0 })),
      ).subarray(50 * 200),
      null,
    ],
    ['that says it becomes huge', zip([{ path: 'a.jsonl', content: LOG, size: 0xf0000000 }]), null],
  ])('an archive %s is refused', async (_what, archive, message) => {
    const { logs, said } = await read1('x.zip', Buffer.concat([Buffer.from('PK\x03\x04'), archive]));
    expect(logs).toEqual({});
    expect(said).toHaveLength(1);
    expect(said[0]).toContain(`error input/archive x.zip: ${message ?? ''}`);
  });
});

describe('tar', () => {
  const LONG = `${'long/'.repeat(40)}a.jsonl`;

  test.each([
    ['plain', (bytes: Buffer) => bytes],
    ['with gzip', (bytes: Buffer) => gzipSync(bytes)],
  ])('%s: files in order; folders passed over, links passed over and said; long names', async (_how, pack) => {
    const archive = tar([
      { path: 'logs/', type: '5' },
      { path: 'logs/a.jsonl', content: LOG },
      { path: 'link', type: '2' },
      { path: '././@LongLink', content: `${LONG}\0`, type: 'L' },
      { path: LONG, content: line('b.exe').repeat(3000) },
      paxEntry({ path: 'pax/é.jsonl' }),
      { path: 'short', content: line('c.exe') },
    ]);
    const { logs, said } = await read1('x.tar', pack(archive));
    expect(Object.keys(logs)).toEqual(['x.tar!logs/a.jsonl', `x.tar!${LONG}`, 'x.tar!pax/é.jsonl']);
    expect(Object.values(logs).map(({ length }) => length)).toEqual([1, 3000, 1]);
    expect(said).toEqual(['info input/special x.tar: one link, pipe or device in it: passed over.']);
  });

  test('one that is cut, or has a damaged header, is read up to there', async () => {
    const archive = tar([
      { path: 'a.jsonl', content: LOG },
      { path: 'b.jsonl', content: line('b.exe').repeat(100) },
    ]);
    const cut = await read1('x.tar', archive.subarray(0, 512 * 2 + 512 + 2000));
    expect(cut.logs['x.tar!a.jsonl']).toEqual(['a.exe']);
    expect(cut.logs['x.tar!b.jsonl']!.length).toBeGreaterThan(10);
    expect(cut.said).toContain('error input/archive x.tar!b.jsonl: the tar archive ends inside of it.');
    const damaged = Buffer.from(archive);
    damaged[1024] = 0x41;
    expect(await read1('y.tar', damaged)).toEqual({
      logs: { 'y.tar!a.jsonl': ['a.exe'] },
      said: ['error input/archive y.tar: a tar header is damaged: what follows it cannot be told apart.'],
    });
  });
});

describe('7-Zip', () => {
  const bytes = (base64: string): Buffer => Buffer.from(base64, 'base64');

  test.each(['lzma2', 'lzma'] as const)('%s: two files in one folder', async (method) => {
    const { logs, said } = await read1('x.7z', bytes(SEVEN_ZIP[method]));
    expect(said).toEqual([]);
    expect(logs['x.7z!a.jsonl']).toEqual(THEIR_IMAGE);
    expect(logs['x.7z!b.jsonl']).toEqual(Array.from({ length: 300 }, (_, i) => `b${i}.exe`));
  });

  test('stored', async () => {
    expect(await read1('x.7z', bytes(SEVEN_ZIP.copy))).toEqual({ logs: { 'x.7z!a.jsonl': THEIR_IMAGE }, said: [] });
  });

  test.each([
    [
      'its data',
      SEVEN_ZIP.aes,
      'error input/encrypted x.7z: 1 file is encrypted (the first: "x.7z!a.jsonl") and was not read.',
      'x.7z!a.jsonl: the password does not fit, or its data is damaged.',
    ],
    [
      'its header, too',
      SEVEN_ZIP.encryptedHeader,
      'error input/archive x.7z: its header is encrypted, so that not even names can be read: give the password with --archive-password.',
      'x.7z: the password does not fit, or the header is damaged.',
    ],
  ])('encrypted, %s: read with the password, refused without and with another one', async (_what, base64, without, wrong) => {
    const path = write('x.7z', bytes(base64));
    expect(await read([path], { archivePassword: 'infected' })).toEqual({ logs: { 'x.7z!a.jsonl': THEIR_IMAGE }, said: [] });
    expect((await read([path])).said).toEqual([without]);
    expect((await read([path], { archivePassword: 'other' })).said).toEqual([`error input/archive ${wrong}`]);
  });

  test('another method is refused by name', async () => {
    expect((await read1('x.7z', bytes(SEVEN_ZIP.ppmd))).said).toEqual([
      'error input/archive x.7z!a.jsonl: it is packed with PPMd; LZMA, LZMA2 and stored files are read: extract it first, or pack it again (7z a -m0=lzma2).',
    ]);
  });

  test('what 7-Zip packed as a program is no log, unless its name says so', async () => {
    expect(await read1('x.7z', bytes(SEVEN_ZIP.programs))).toEqual({
      logs: { 'x.7z!a.jsonl': THEIR_IMAGE },
      said: [
        'error input/archive x.7z!c.jsonl: it is packed with BCJ; LZMA, LZMA2 and stored files are read: extract it first, or pack it again (7z a -m0=lzma2).',
        'info input/skipped x.7z: one file in it is no event log and was passed over.',
      ],
    });
  });

  test('damage: what stands before it is read, what stands behind it is said', async () => {
    const archive = bytes(SEVEN_ZIP.lzma2);
    archive.fill(0xa5, 400, 404);
    const { logs, said } = await read1('x.7z', archive);
    expect(logs['x.7z!a.jsonl']).toEqual(THEIR_IMAGE);
    // What comes out before the damage is noticed is no text.
    const errors = said.filter((one) => !one.includes('input/code-page'));
    expect(errors.length).toBeGreaterThan(0);
    expect(errors.every((one) => one.startsWith('error input/archive x.7z!b.jsonl: '))).toBe(true);
    expect((await read1('y.7z', bytes(SEVEN_ZIP.lzma).subarray(0, 300))).said).toEqual([
      'error input/archive y.7z: the 7-Zip archive is cut short: its header is at its end. What is in it cannot be told apart.',
    ]);
  });
});

describe('Zstandard', () => {
  const compress = (zlib as unknown as { zstdCompressSync?: (bytes: Buffer) => Buffer }).zstdCompressSync;
  const bytes = (content: Buffer): Buffer => compress?.(content) ?? Buffer.from('28b52ffd200441000061626364', 'hex');

  test.runIf(hasZstd)('one log, and a tar archive', async () => {
    const { logs } = await read([
      write('a.jsonl.zst', bytes(Buffer.from(LOG))),
      write('x.tar.zst', bytes(tar([{ path: 'a.jsonl', content: LOG }]))),
    ]);
    expect(logs).toEqual({ 'a.jsonl.zst': ['a.exe'], 'x.tar.zst!a.jsonl': ['a.exe'] });
  });

  test.runIf(!hasZstd)('is refused where Node has none, and what to do is said', async () => {
    const { said } = await read1('a.jsonl.zst', bytes(Buffer.from(LOG)));
    expect(said).toHaveLength(1);
    expect(said[0]).toMatch(
      /^error input\/archive a\.jsonl\.zst: this Node .* cannot read Zstandard: use 22\.15 or later, or pipe it/,
    );
  });
});

describe('archives in archives and in folders', () => {
  test('one inside of another is read, one inside of that is said', async () => {
    const inner = zip([
      { path: 'a.jsonl', content: LOG },
      { path: 'b.jsonl.gz', content: gzipSync(line('b.exe')) },
    ]);
    const middle = tar([{ path: 'inner.zip', content: inner }]);
    const { logs } = await read1(
      'x.tgz',
      gzipSync(
        tar([
          { path: 'inner.zip', content: inner },
          { path: 'c.jsonl', content: line('c.exe') },
        ]),
      ),
    );
    expect(logs).toEqual({
      'x.tgz!inner.zip!a.jsonl': ['a.exe'],
      'x.tgz!inner.zip!b.jsonl.gz': ['b.exe'],
      'x.tgz!c.jsonl': ['c.exe'],
    });
    expect((await read1('y.zip', zip([{ path: 'middle.tar', content: middle }]))).said[0]).toBe(
      'error input/archive y.zip!middle.tar!inner.zip: it is an archive in an archive in an archive: unpack the outer one first.',
    );
  });

  test('in a folder they are read in their place; one without logs is no fault', async () => {
    write('a.jsonl', LOG);
    write('b.zip', zip([{ path: 'b.jsonl', content: line('b.exe') }]));
    write('c.docx', zip([{ path: 'word/document.xml', content: '<w:document/>' }]));
    write('d.jsonl', line('d.exe'));
    const { logs, said } = await read([folder]);
    expect(logs).toEqual({ 'a.jsonl': ['a.exe'], 'b.zip!b.jsonl': ['b.exe'], 'd.jsonl': ['d.exe'] });
    expect(said).toEqual(['info input/no-logs c.docx: no event log in this archive: it holds one file, which is none.']);
  });

  test('a named one without logs is an error', async () => {
    expect((await read1('x.zip', zip([]))).said).toEqual([
      'error input/no-logs x.zip: no event log in this archive: it holds no file.',
    ]);
  });

  test('a member is read again from its locator alone, in any order', async () => {
    const path = write('x.tgz', gzipSync(tar(['a', 'b', 'c'].map((name) => ({ path: name, content: line(name) })))));
    const sources = await listLogs([path], () => {});
    for (const number of [2, 0, 1, 1]) {
      const opened = await openSource(
        { ...sources[number]!, member: JSON.parse(JSON.stringify(sources[number]!.member)) },
        () => {},
      );
      let read = 0;
      await readSource(opened!, { event: () => read++, diagnostic: () => {} }, READ_OPTIONS);
      expect(read).toBe(1);
    }
  });

  test('listSources leaves archives alone', () => {
    write('b.zip', zip([{ path: 'b.jsonl', content: LOG }]));
    write('a.jsonl', LOG);
    expect(listSources([folder], () => {}).map(({ path }) => path)).toEqual([join(folder, 'a.jsonl')]);
  });

  test('an archive in an archive that is too large for memory has a file without a name', async () => {
    const before = readdirSync(tmpdir()).filter((name) => name.startsWith('winnow-archive-'));
    async function* blocks(): AsyncGenerator<Uint8Array> {
      for (let i = 0; i < 10; i++) yield Buffer.alloc(1000, i);
    }
    const source = await spill('x', blocks(), 2500);
    const into = Buffer.alloc(2000);
    expect([source.size, source.read(into, 5500), into[0], into[1999]]).toEqual([10_000, 2000, 5, 7]);
    source.close();
    expect(readdirSync(tmpdir()).filter((name) => name.startsWith('winnow-archive-'))).toEqual(before);
  });
});

describe('collections', () => {
  test.each([
    ['uploads/auto/C%3A/Windows/System32/winevt/Logs/Security.evtx', 'C:\\Windows\\System32\\winevt\\Logs\\Security.evtx'],
    ['uploads/ntfs/%5C%5C.%5CC%3A/Windows/System32/winevt/Logs/A%254B.evtx', 'C:\\Windows\\System32\\winevt\\Logs\\A%4B.evtx'],
    ['2024-03-05T090622_PC1/C/Windows/system32/winevt/logs/System.evtx', 'C:\\Windows\\system32\\winevt\\logs\\System.evtx'],
    ['logs/System.evtx', null],
    ['a/b/Windows/System.evtx', 'B:\\Windows\\System.evtx'],
  ])('%s was %s', (path, expected) => {
    expect(windowsPath(path)).toBe(expected);
  });

  test('of Velociraptor and KAPE: host and folders are said', async () => {
    const velociraptor = zip([{ path: 'uploads/auto/C%3A/Windows/System32/winevt/Logs/a.jsonl', content: LOG }]);
    const kape = zip([
      { path: 'D/Windows/System32/winevt/logs/a.jsonl', content: LOG },
      { path: 'D/Users/b.jsonl', content: LOG },
    ]);
    const { said } = await read([
      write('Collection-PC1.example.org-2024-03-05T09_06_22Z.zip', velociraptor),
      write('2024-03-05T090622_PC2.zip', kape),
    ]);
    expect(said).toEqual([
      'info input/collection Collection-PC1.example.org-2024-03-05T09_06_22Z.zip: a collection of Velociraptor, of PC1.example.org: 1 log from C:\\Windows\\System32\\winevt\\Logs (1).',
      'info input/collection 2024-03-05T090622_PC2.zip: a collection in the layout of KAPE or CyLR, of PC2: 2 logs from D:\\Users (1), D:\\Windows\\System32\\winevt\\logs (1).',
    ]);
  });
});

test('archives are opened for reading only', () => {
  for (const name of readdirSync('src/logs/archives')) {
    if (name === 'spill.ts') continue;
    expect([
      name,
      /openSync|writeSync|writeFile|createWriteStream/.test(readFileSync(join('src/logs/archives', name), 'utf8')),
    ]).toEqual([name, false]);
  }
});
