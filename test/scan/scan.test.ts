/** The pipeline in this process, on one thread: what happens when the world changes under it. */
import { appendFileSync, copyFileSync, existsSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { gzipSync } from 'node:zlib';
import { beforeEach, describe, expect, test } from 'vitest';
import type { ScanSummary } from '../../src/model/match.ts';
import type { ScannedMatchText } from '../../src/scan/scanned-matches.ts';
import { TASK_BYTES } from '../../src/scan/threads/tasks.ts';
import { type ScanHooks, type ScanOptions, scan } from '../../src/scan.ts';
import { folderWith } from '../support/folder.ts';
import { projectRoot } from '../support/shared.ts';

const fixture = (name: string): string => join(projectRoot, 'fixtures', name);

let folder = '';
beforeEach(() => {
  folder = folderWith();
});

const RULE = `title: every logon
logsource: { product: windows, service: security }
detection:
    selection: { EventID: 4624 }
    condition: selection
`;

function options(paths: string[], more: Partial<ScanOptions> = {}): ScanOptions {
  const rules = join(folder, 'rule.yml');
  if (!existsSync(rules)) writeFileSync(rules, RULE);
  return {
    paths,
    rules: [rules],
    times: { fromUs: Number.NEGATIVE_INFINITY, toUs: Number.POSITIVE_INFINITY },
    window: '9m',
    windowUs: 9 * 60 * 1e6,
    read: { recover: false, verify: false },
    threads: 1,
    cacheFolder: null,
    version: 'test',
    clock: () => 0,
    ...more,
  };
}

/** A JSON Lines log of `count` logons, 2,400 bytes each, a second apart: 4,000 are two ranges. */
function writeLogons(path: string, count: number): void {
  const pad = 'x'.repeat(2250);
  let lines = '';
  for (let i = 0; i < count; i++) {
    const time = new Date(Date.UTC(2026, 0, 1) + i * 1000).toISOString();
    lines += `${JSON.stringify({ TimeCreated: time, Channel: 'Security', EventID: 4624, Computer: 'PC', RecordNumber: i, pad })}\n`;
    if (lines.length > 1e6) {
      appendFileSync(path, lines);
      lines = '';
    }
  }
  appendFileSync(path, lines);
}

/** The logs written here have few of the fields that Windows writes, which is said. */
function codesOf({ diagnostics }: Pick<ScanSummary, 'diagnostics'>): string[] {
  return diagnostics.map(({ code }) => code).filter((code) => code !== 'input/no-field');
}

async function found(paths: string[], more: Partial<ScanOptions> = {}, hooks: ScanHooks = {}) {
  const result = await scan(options(paths, more), hooks);
  try {
    const matches = [...result.matches()].map(({ event }) => event.index);
    return { matches, summary: result.summary, codes: codesOf(result.summary) };
  } finally {
    result.close();
  }
}

describe('an interrupted scan', () => {
  test('ends after the range in hand, says so, and numbers what it has read from the beginning', async () => {
    const log = join(folder, 'logons.jsonl');
    writeLogons(log, 8_000);
    const whole = await found([log], { windowUs: 0 });
    expect([whole.matches.length, whole.summary.interrupted]).toEqual([8_000, false]);

    const interrupt = new AbortController();
    const part = await found([log], { windowUs: 0 }, { signal: interrupt.signal, onProgress: () => interrupt.abort() });
    expect(part.summary.interrupted).toBe(true);
    expect(part.matches.length).toBeGreaterThan(0);
    expect(part.matches.length).toBeLessThan(8_000);
    expect(part.matches).toEqual(whole.matches.slice(0, part.matches.length));
    expect(part.summary.totals.records).toBe(part.matches.length);
  }, 60_000);

  test('reads nothing when the interruption comes first', async () => {
    const part = await found([fixture('security.xml')], {}, { signal: AbortSignal.abort() });
    expect([part.matches, part.summary.interrupted, part.summary.totals.records]).toEqual([[], true, 0]);
  });
});

test('says of each rule file that it was parsed, and once that reading begins, before anything is read', async () => {
  const heard: string[] = [];
  const told = (what: string) => () => void heard.push(what);
  const threads: number[] = [];
  const reading = (count: number): void => {
    threads.push(count);
    heard.push('reading');
  };
  const hooks = { onRuleFile: told('rules'), onReading: reading, onProgress: told('progress') };
  const logs = [fixture('security.xml'), fixture('security.xml')];
  const cacheFolder = join(folder, 'cache');
  await found(logs, { cacheFolder }, hooks);
  expect(heard.slice(0, 3)).toEqual(['rules', 'reading', 'progress']);
  expect(heard.filter((what) => what === 'reading')).toHaveLength(1);
  heard.length = 0;
  await found(logs, { cacheFolder }, hooks);
  expect(heard.slice(0, 2)).toEqual(['reading', 'progress']);
  expect(threads).toEqual([1, 1]);
});

describe('a file that changes under a scan', () => {
  test('one that vanishes before it is read costs its records, with one diagnostic; the others are read', async () => {
    const kept = join(folder, 'kept.jsonl');
    const gone = join(folder, 'gone.xml');
    writeLogons(kept, 200);
    copyFileSync(fixture('security.xml'), gone);
    // The larger file is read first.
    const hooks = { onProgress: () => rmSync(gone, { force: true }) };
    const { matches, codes, summary } = await found([gone, kept], { windowUs: 0 }, hooks);
    expect([matches.length, codes]).toEqual([200, ['input/unreadable']]);
    expect(summary.diagnostics[0]?.place.file).toBe(gone);
  }, 60_000);
});

describe('more matches than fit into memory', () => {
  test('go to a temporary file that is gone afterwards, and come back in order', async () => {
    const log = join(folder, 'logons.jsonl');
    writeLogons(log, 7_500);
    const before = readdirSync(tmpdir()).filter((name) => name.endsWith('.spool'));
    const { matches, summary } = await found([log], { windowUs: 0 });
    expect(matches).toEqual(Array.from({ length: 7_500 }, (_, i) => i));
    expect(summary.matches).toBe(7_500);
    expect(readdirSync(tmpdir()).filter((name) => name.endsWith('.spool'))).toEqual(before);
  }, 60_000);
});

test('positions count within the file, in matches and in the list of cleared logs, also behind the first range', async () => {
  const log = join(folder, 'cleared.jsonl');
  writeLogons(log, 4_000);
  appendFileSync(
    log,
    `${JSON.stringify({ TimeCreated: '2026-02-01T00:00:00Z', Channel: 'Security', EventID: 1102, Computer: 'PC' })}\n`,
  );
  const { summary, matches } = await found([log], { windowUs: 0 });
  expect(statSync(log).size).toBeGreaterThan(TASK_BYTES);
  expect(summary.logCleared.map(({ index }) => index)).toEqual([4_000]);
  expect(matches.at(-1)).toBe(3_999);
}, 60_000);

describe('matches that are told while the scan runs', () => {
  const key = ({ file, index, rule, event }: ScannedMatchText): string => `${file} ${index} ${rule} ${Buffer.from(event)}`;
  /** A clock that has always moved on. */
  const hurried = () => {
    let now = 0;
    return () => (now += 1000);
  };

  async function told(paths: string[], more: Partial<ScanOptions>) {
    const early: string[] = [];
    const onMatches: ScanHooks['onMatches'] = async (matches) => {
      for (const match of matches) early.push(key(match));
    };
    const result = await scan(options(paths, { windowUs: 0, clock: hurried(), ...more }), { onMatches });
    try {
      return { early, late: Array.from(result.matchTexts(), key), all: [...result.matches()].length };
    } finally {
      result.close();
    }
  }

  test('are the first ones of the report, as far as no file has to be read from its beginning; the report has the others', async () => {
    const [first, packed, last] = ['1.jsonl', '2.jsonl.gz', '3.jsonl'].map((name) => join(folder, name));
    for (const log of [first!, last!]) writeLogons(log, 4_000);
    writeFileSync(
      packed!,
      gzipSync('{"TimeCreated":"2026-01-01T00:00:00Z","Channel":"Security","EventID":4624,"Computer":"PC"}\n'),
    );
    const plain = await scan(options([first!, packed!, last!], { windowUs: 0, keepCopies: true }));
    const expected = Array.from(plain.matchTexts(), key);
    plain.close();
    expect(expected).toHaveLength(8_001);

    const { early, late, all } = await told([first!, packed!, last!], { keepCopies: true });
    // As one value: a diff of 8,000 lines helps nobody.
    expect([...early, ...late].join('\n') === expected.join('\n')).toBe(true);
    expect(all).toBe(8_001);
    expect(early.length).toBe(4_000);
    // Some while the scan still ran, the rest after the last range.
    expect((await told([first!], {})).early.length).toBeGreaterThan(2_500);
  }, 60_000);

  test('are none where there is a look-back: it may still add to them', async () => {
    const log = join(folder, 'logons.jsonl');
    writeLogons(log, 4_000);
    const { early, late } = await told([log], { windowUs: 1e6 });
    expect([early.length, late.length]).toEqual([0, 4_000]);
  }, 60_000);

  test('stop the scan when they cannot be taken', async () => {
    const log = join(folder, 'logons.jsonl');
    writeLogons(log, 4_000);
    const gone = async () => {
      throw new Error('nobody reads on');
    };
    await expect(scan(options([log], { windowUs: 0, clock: hurried() }), { onMatches: gone })).rejects.toThrow('nobody reads on');
  }, 60_000);
});

describe('notes on a match', () => {
  test('are those of its own record where nobody looks back, on every match', async () => {
    const log = fixture('wmi-subscription.xml');
    const rules = join(projectRoot, 'rules');
    const notes = async (windowUs: number): Promise<string[][]> => {
      const result = await scan(options([log], { rules: [rules], windowUs }));
      try {
        return [...result.matchTexts()].map((match) => [...match.notes]);
      } finally {
        result.close();
      }
    };
    const [without, withLookback] = [await notes(0), await notes(9 * 60 * 1e6)];
    expect(without.length).toBe(withLookback.length);
    expect(without.every((own) => own.length > 0)).toBe(true);
    expect(without.flat().filter((note) => note.includes('not registered'))).toEqual([]);
    expect(withLookback.flat().some((note) => note.startsWith('names agree'))).toBe(true);
  });
});

test('matches are there in file order and in the order of their times, those without a time last', async () => {
  const log = join(folder, 'mixed.jsonl');
  const times = ['2026-01-01T10:00:02Z', null, '2026-01-01T10:00:03Z', '2026-01-01T10:00:01Z'];
  const lines = times.map((TimeCreated) => JSON.stringify({ TimeCreated, Channel: 'Security', EventID: 4624, Computer: 'PC' }));
  writeFileSync(log, lines.join('\n'));
  const result = await scan(options([log]));
  const indexes = (order?: 'file' | 'time') => [...result.matches(order)].map(({ event }) => event.index);
  expect([indexes(), indexes('time')]).toEqual([
    [0, 1, 2, 3],
    [3, 0, 2, 1],
  ]);
  result.close();
});

test('matches are counted by level, the most severe first, in whatever order they are found', async () => {
  const log = join(folder, 'levels.jsonl');
  writeFileSync(log, [1, 2, 3].map((EventID) => JSON.stringify({ Channel: 'Security', EventID, Computer: 'PC' })).join('\n'));
  const rule = (id: number, level: string) =>
    `title: r${id}\n${level}logsource: {product: windows, service: security}\ndetection: {selection: {EventID: ${id}}, condition: selection}\n`;
  const rules = join(folder, 'levels.yml');
  writeFileSync(rules, [rule(1, ''), rule(2, 'level: low\n'), rule(3, 'level: critical\n')].join('---\n'));
  const result = await scan(options([log], { rules: [rules] }));
  result.close();
  expect(Object.entries(result.summary.matchesByLevel)).toEqual([
    ['critical', 1],
    ['low', 1],
    ['none', 1],
  ]);
});

test('a result that has been closed says so when it is asked for matches', async () => {
  const [early, late] = [0, 1].map(() => scan(options([fixture('security.xml')], { windowUs: 0 })));
  const read = await early!;
  expect(read.alerts[0]!.match.kind).toBe('match');
  read.close();
  expect(read.alerts[0]!.match.kind).toBe('match');
  const unread = await late!;
  unread.close();
  expect(() => unread.alerts[0]!.match).toThrow('was closed');
  expect(() => [...unread.matches()]).toThrow('was closed');
});

describe('regular expressions that take long', () => {
  const SLOW = `title: slow
logsource: { product: windows, service: security }
detection:
    slow: { Text|re: '(?:a|b)*a(?:a|b){999}c' }
    other: { EventID: 4625 }
    condition: slow or other
`;
  const EVENTS = 30;

  /** Every third event matches by its text, every fifth by its id; one is too long to be decided. */
  function writeTexts(): string {
    const path = join(folder, 'texts.jsonl');
    let seed = 5;
    const text = (length: number): string => {
      let random = '';
      while (random.length < length) {
        seed = (seed * 1_103_515 + 12_345) % 0x80000000;
        random += (seed & 0x10000) === 0 ? 'a' : 'b';
      }
      return random;
    };
    for (let i = 0; i < EVENTS; i++) {
      const Text = i === 17 ? text(90_000) : text(2_500) + (i % 3 === 0 ? `${'a'.repeat(1000)}c` : '');
      const EventID = i % 5 === 0 ? 4625 : 4624;
      appendFileSync(path, `${JSON.stringify({ Channel: 'Security', EventID, Computer: 'PC', RecordNumber: i, Text })}\n`);
    }
    writeFileSync(join(folder, 'slow.yml'), SLOW);
    return path;
  }

  test('give others a turn, and what is found and counted stays the same; what is not decided is said', async () => {
    const path = writeTexts();
    let turns = 0;
    const ticking = setInterval(() => turns++, 1);
    const result = await scan(options([path], { rules: [join(folder, 'slow.yml')], windowUs: 0 }));
    clearInterval(ticking);
    const found = [...result.matches()].map(({ event }) => event.index);
    const { totals, diagnostics, channels } = result.summary;
    result.close();
    expect(found).toEqual([...Array(EVENTS).keys()].filter((i) => i % 3 === 0 || i % 5 === 0));
    expect([totals.records, channels]).toEqual([EVENTS, [{ channel: 'Security', events: EVENTS, covered: true }]]);
    expect(codesOf({ diagnostics })).toEqual(['match/not-decided', 'input/no-time']);
    expect(diagnostics[0]!.message).toContain('rule "slow"');
    expect(turns).toBeGreaterThan(3);
  }, 60_000);

  test.each(['file', 'stream'])(
    'end soon when the scan is interrupted, with what was found: %s',
    async (kind) => {
      const path = writeTexts();
      const controller = new AbortController();
      setTimeout(() => controller.abort(), 200);
      const stdin = Readable.from([readFileSync(path)]);
      const result = await scan(
        options([kind === 'file' ? path : '-'], { rules: [join(folder, 'slow.yml')], windowUs: 0, stdin }),
        { signal: controller.signal },
      );
      const { interrupted, totals, matches } = result.summary;
      const found = [...result.matches()].map(({ event }) => event.index);
      result.close();
      expect([interrupted, totals.records > 0, totals.records < EVENTS]).toEqual([true, true, true]);
      expect(found).toEqual([...Array(totals.records).keys()].filter((i) => i % 3 === 0 || i % 5 === 0));
      expect(matches).toBe(found.length);
    },
    60_000,
  );
});
