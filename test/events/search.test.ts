/** `winnow search`: what is found, and that ruling out chunks by their bytes loses nothing. */
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { chunksWith, wordBlock } from '../../src/events/chunk-filter.ts';
import { eventSearch } from '../../src/events/event-search.ts';
import { Hits } from '../../src/events/hits.ts';
import { wordToLookFor } from '../../src/events/searched-word.ts';
import { readLogs } from '../../src/logs/open/read-logs.ts';
import { plainEvent } from '../../src/logs/plain-event.ts';
import { escaped } from '../../src/scan/event-filter.ts';
import { thread } from '../../src/thread.ts';
import { runWinnow } from '../cli/test-context.ts';
import { folderWith } from '../support/folder.ts';
import { randomOf, tries } from '../support/random.ts';
import { describeShared, hasShared, projectRoot, shared } from '../support/shared.ts';

const event = plainEvent({
  Channel: 'Security',
  EventID: 4688,
  CommandLine: 'cmd /c WhoAmI.exe /all',
  Groups: ['a', 'S-1-5-18'],
  Empty: null,
});
const find = (what: string, kind: 'text' | 'regex' | 'field' = 'text', cased = false) =>
  eventSearch(what, { kind, cased }).find(event);

describe('what is searched for', () => {
  it('is a text in any value, whatever its case', () => {
    expect(find('whoami.EXE')).toEqual({ field: 'CommandLine', value: 'cmd /c WhoAmI.exe /all', start: 7, end: 17 });
    expect(find('s-1-5-18')).toMatchObject({ field: 'Groups', value: 'S-1-5-18' });
    expect(find('4688')).toMatchObject({ field: 'EventID' });
    expect(find('whoami', 'text', true)).toBeNull();
    expect(find('c .h')).toBeNull();
    expect(find('CommandLine')).toBeNull();
  });
  it('is a regular expression', () => {
    expect(find('who\\w+\\.exe', 'regex')).toMatchObject({ field: 'CommandLine', start: 7 });
    expect(() => find('(', 'regex')).toThrow('"(" is no regular expression');
  });
  it('is the whole value of a field, with wildcards', () => {
    expect(find('CommandLine=cmd*/ALL', 'field')).toMatchObject({ field: 'CommandLine' });
    expect(find('CommandLine=whoami', 'field')).toBeNull();
    expect(find('Groups=?', 'field')).toMatchObject({ value: 'a' });
    expect(find('Other=*', 'field')).toBeNull();
    expect(() => find('CommandLine', 'field')).toThrow('write FIELD=VALUE');
    expect(() => find('')).toThrow('nothing to search for');
  });
});

describe('hits', () => {
  it('come with the records beside them, each once', () => {
    const out: string[] = [];
    const hits = new Hits(
      eventSearch('hit', { kind: 'text', cased: false }),
      () => true,
      1,
      ({ event, found }) => out.push(`${event.index}${found === null ? '' : '!'}`),
    );
    ['hit', 'a', 'b', 'hit', 'hit', 'c', 'd'].forEach((Image, index) => {
      hits.add(plainEvent({ Image }, { index }), 'a.evtx');
    });
    hits.add(plainEvent({ Image: 'hit' }, { index: 7 }), 'b.evtx');
    expect(out).toEqual(['0!', '1', '2', '3!', '4!', '5', '7!']);
    expect(hits.hits).toBe(4);
    const counted = new Hits(eventSearch('hit', { kind: 'text', cased: false }), () => true, 1, null);
    for (const Image of ['hit', 'a', 'Hit']) counted.add(plainEvent({ Image }), 'a.evtx');
    expect(counted.hits).toBe(2);
  });
});

describe('the word that is looked for in bytes', () => {
  it('is the longest that no number, GUID, SID or time is printed with', () => {
    expect(wordToLookFor('C:\\Tools\\mimikatz.exe')).toBe('mimikatz');
    expect(wordToLookFor('test')).toBe('test');
    for (const text of ['4624', 'deadbeef', 'S-1-5-21', '0xface', '11T17', 'true', 'als', 'k\u00f6', '{ABCDEF12-3456}', 'ab']) {
      expect([text, wordToLookFor(text)]).toEqual([text, null]);
    }
  });
});

describeShared('chunks ruled out by their bytes', () => {
  const root = shared('corpus', 'evtx-attack-samples');
  const logs = (hasShared ? readdirSync(root, { recursive: true, encoding: 'utf8' }) : [])
    .map((name) => join(root, name))
    .filter((path) => path.endsWith('.evtx') && statSync(path).size < 3_000_000);
  /** `plainly`: all chunks are read and all values decoded, because a regular expression rules nothing out. */
  const places = async (what: string, plainly: boolean, paths = logs): Promise<string[]> => {
    const search = eventSearch(plainly ? escaped(what) : what, { kind: plainly ? 'regex' : 'text', cased: false });
    const found: string[] = [];
    const block = wordBlock(wordToLookFor(what)!, thread.accelerator);
    await readLogs(
      paths,
      (record, file) => {
        const hit = search.find(record);
        if (hit !== null) found.push(`${file} ${record.offset} ${hit.field} ${hit.start}`);
        return true;
      },
      undefined,
      plainly
        ? {}
        : { rangesOf: (opened) => (opened.format.name === 'evtx' ? chunksWith(block, opened.name, opened.found, 0) : null) },
    );
    return found;
  };
  it.each(['mimikatz', 'RUNDLL32.exe', 'lsass', 'Microsoft-Windows-Security-Auditing', 'http://', 'no such text'])(
    '%s is found in as many events',
    async (what) => {
      const all = await places(what, true);
      expect(await places(what, false)).toEqual(all);
      expect(all.length > 0).toBe(what !== 'no such text');
    },
    60_000,
  );

  it('are those of damaged logs as well', async () => {
    const random = randomOf(31);
    const small = logs.filter((path) => statSync(path).size < 100_000);
    const files: Record<string, Uint8Array> = {};
    for (let i = 0; i < tries(20); i++) {
      const bytes = readFileSync(small[Math.floor(random() * small.length)]!);
      // Only in records: damage to the header of a chunk is told by reading it, found or not.
      for (let n = 0; n < 40; n++) bytes[5120 + Math.floor(random() * (bytes.length - 5120))] = Math.floor(random() * 256);
      files[`${i}.evtx`] = bytes;
    }
    const folder = folderWith(files);
    const paths = Object.keys(files).map((name) => join(folder, name));
    let hits = 0;
    for (const what of ['rundll', 'windows', 'security', 'logon']) {
      const all = await places(what, true, paths);
      expect(await places(what, false, paths)).toEqual(all);
      hits += all.length;
    }
    expect(hits).toBeGreaterThan(50);
  }, 60_000);
});

describe('winnow search', () => {
  const search = (...argv: string[]) => runWinnow(['search', ...argv], { cwd: join(projectRoot, 'fixtures') });
  it('says where the text is', async () => {
    expect(await search('sync.cmd', 'wmi-subscription.xml', '--event-id', '11')).toEqual({
      code: 0,
      out: '2026-03-05 09:06:21.4476310  WKS-07.fabrikam.example  Sysmon 11  record 41828 of fixtures/wmi-subscription.xml\n    TargetFilename: C:\\ProgramData\\NightlySync\\sync.cmd\n',
      err: '',
    });
  });
  it('counts, and gives objects', async () => {
    expect((await search('NightlySync', 'wmi-subscription.xml', '-f', 'count')).out).toMatch(/^\d+\n$/);
    const { out } = await search('-F', 'TargetFilename=*\\sync.cmd', 'wmi-subscription.xml', '-f', 'jsonl');
    expect(
      out
        .trimEnd()
        .split('\n')
        .map((line) => JSON.parse(line) as unknown),
    ).toEqual([
      expect.objectContaining({
        EventID: 11,
        found: { field: 'TargetFilename', value: 'C:\\ProgramData\\NightlySync\\sync.cmd' },
      }),
    ]);
  });
  it('tells no hit from no log', async () => {
    expect(await search('no such text', 'wmi-subscription.xml')).toEqual({
      code: 0,
      out: '',
      err: 'winnow: nothing found in 1 log\n',
    });
    expect(await search('no such text', 'wmi-subscription.xml', '-f', 'count')).toEqual({ code: 0, out: '0\n', err: '' });
    expect((await search('x', 'nowhere.evtx')).code).toBe(4);
    expect((await search('-e', '-F', 'x=y', 'wmi-subscription.xml')).code).toBe(3);
  });
});
