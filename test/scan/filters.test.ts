/** What a report leaves out is said and counted, and changes nothing of what is shown around the rest. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { summaryFacts } from '../../src/report/summary-facts.ts';
import type { EventFilter } from '../../src/scan/event-filter.ts';
import { type ScanOptions, type ScanResult, scan } from '../../src/scan.ts';
import { runWinnow } from '../cli/test-context.ts';
import { temporaryFolder } from '../support/folder.ts';

const folder = temporaryFolder();

interface Given {
  readonly id: number;
  readonly second: number;
  readonly computer?: string;
  readonly user?: string;
  readonly image: string;
}

function record({ id, second, computer = 'PC1.corp', user = 'CORP\\bob', image }: Given, index: number): string {
  const System = {
    Provider: { '#attributes': { Name: 'Microsoft-Windows-Sysmon' } },
    EventID: id,
    TimeCreated: { '#attributes': { SystemTime: `2024-01-01T10:00:${String(second).padStart(2, '0')}.000000Z` } },
    EventRecordID: index + 1,
    Channel: 'Microsoft-Windows-Sysmon/Operational',
    Computer: computer,
  };
  return JSON.stringify({ Event: { System, EventData: { Image: image, User: user, ProcessGuid: `{${index}}` } } });
}

const events: readonly Given[] = [
  { id: 1, second: 1, image: 'C:\\a\\low.exe' },
  { id: 1, second: 2, image: 'C:\\a\\high.exe' },
  { id: 1, second: 3, image: 'C:\\a\\high.exe', computer: 'PC2.corp', user: 'CORP\\alice' },
  { id: 1, second: 4, image: 'C:\\a\\high.exe' },
];
const log = join(folder, 'log.jsonl');
writeFileSync(log, `${events.map(record).join('\n')}\n`);
const rules = join(folder, 'rules.yml');
const rule = (title: string, level: string): string =>
  `title: ${title}\nid: ${title}-id\nlevel: ${level}\ntags: [attack.${title}]\nlogsource: {category: process_creation, product: windows}\ndetection:\n  s: {Image|endswith: '\\${title}.exe'}\n  condition: s\n`;
writeFileSync(rules, [rule('low', 'low'), rule('high', 'high')].join('---\n'));

async function scanned<T>(options: Partial<ScanOptions>, read: (result: ScanResult) => T): Promise<T> {
  const result = await scan({ paths: [log], rules: [rules], threads: 1, ...options });
  try {
    return read(result);
  } finally {
    result.close();
  }
}

const all = { include: [], exclude: [] };
const everything: EventFilter = { computer: all, user: all, channel: all, eventId: all };
const outline = ({ incidents, summary }: ScanResult) => ({
  incidents: incidents.map(({ computer, eventCount }) => [computer, eventCount]),
  matches: summary.matches,
  leftOut: summary.leftOut,
});

describe('filters of events', () => {
  const cases: readonly [string, Partial<EventFilter>, ReturnType<typeof outline>][] = [
    [
      'computer, by its short name',
      { computer: { include: ['pc2'], exclude: [] } },
      { incidents: [['PC2.corp', 1]], matches: 1, leftOut: [{ filter: '--computer', events: 3, matches: 3 }] },
    ],
    [
      'account, without its domain',
      { user: { include: [], exclude: ['bob'] } },
      { incidents: [['PC2.corp', 1]], matches: 1, leftOut: [{ filter: '--exclude-user', events: 3, matches: 3 }] },
    ],
    [
      'channel, by its short name, and EventID',
      { channel: { include: ['sysmon'], exclude: [] }, eventId: { include: [], exclude: ['1'] } },
      { incidents: [], matches: 0, leftOut: [{ filter: '--exclude-event-id', events: 4, matches: 4 }] },
    ],
  ];
  test.each(cases)('choose by %s', async (_, filter, expected) => {
    expect(await scanned({ events: { ...everything, ...filter } }, outline)).toEqual(expected);
    const texts = ({ matchTexts }: ScanResult) => [...matchTexts()].length;
    expect(await scanned({ events: { ...everything, ...filter }, windowUs: 0 }, texts)).toBe(expected.matches);
  });
});

describe('filters of rules', () => {
  const around = ({ alerts }: ScanResult) => {
    const high = alerts.find(({ rule: number, computer }) => number === 1 && computer === 'PC1.corp');
    return high?.lookback?.related.map(({ reason, event }) => [event.index, reason]);
  };
  test('change nothing of what is shown around a match', async () => {
    const whole = await scanned({}, around);
    expect(whole).toEqual([[0, 'matched: low, same user, process creation']]);
    expect(await scanned({ reported: ({ level }) => level === 'high' }, around)).toEqual(whole);
  });
  test('count what they leave out', async () => {
    expect(await scanned({ reported: ({ level }) => level === 'high' }, outline)).toEqual({
      incidents: [
        ['PC1.corp', 2],
        ['PC2.corp', 1],
      ],
      matches: 3,
      leftOut: [{ filter: 'rules', events: 1, matches: 1 }],
    });
  });
});

test('only the first match of an alert has a look-back, and as many are counted as are wanted', async () => {
  const found = await scanned({}, ({ matches, summary }) => ({
    lookbacks: [...matches()].map(({ lookback }) => lookback !== null),
    diagnostics: summary.diagnostics,
  }));
  expect(found).toEqual({ lookbacks: [true, true, true, false], diagnostics: [] });
});

test('a filter document is told apart from rules', async () => {
  const filter = join(folder, 'filter.yml');
  writeFileSync(
    filter,
    'title: f\nlogsource: {category: process_creation, product: windows}\nfilter:\n  rules: [low-id]\n  f: {User: nobody}\n  condition: not f\n',
  );
  const told = await scanned({ rules: [rules, filter] }, (result) => [
    result.summary.rules,
    summaryFacts(result).find(({ label }) => label === 'rules')?.lines,
  ]);
  expect(told).toEqual([
    { files: 2, documents: 3, used: 2, filters: 1, notUsed: [] },
    ['2 used of 2 rules in 2 files, 1 filter applied'],
  ]);
});

describe('what filter documents suppress', () => {
  const filterDocument = (title: string, names: string, user: string): string =>
    `title: ${title}\nlogsource: {product: windows}\nfilter:\n  rules: ${names}\n  f: {User|endswith: ${user}}\n  condition: not f\n`;
  const file = join(folder, 'filters.yml');
  writeFileSync(
    file,
    [
      filterDocument('bobs work', '[high-id]', 'bob'),
      filterDocument('all of bob', 'any', 'bob'),
      filterDocument('of nobody', '[low-id]', 'nobody'),
    ].join('---\n'),
  );
  const suppressed = ({ summary, matches }: ScanResult) => [summary.suppressed, [...matches()].map(({ event }) => event.index)];
  const account = [
    { filter: 'all of bob', matches: 3, rules: 2 },
    { filter: 'bobs work', matches: 2, rules: 1 },
    { filter: 'of nobody', matches: 0, rules: 0 },
  ];
  test.each([{}, { windowUs: 0 }, { threads: 2 }])('is counted per filter: %j', async (options) => {
    expect(await scanned({ rules: [rules, file], ...options }, suppressed)).toEqual([account, [2]]);
  });
  test('is counted for rules that are reported only', async () => {
    const told = await scanned({ rules: [rules, file], reported: ({ level }) => level === 'low' }, (result) => [
      result.summary.suppressed?.map(({ matches }) => matches),
      summaryFacts(result).find(({ label }) => label === 'left out')?.lines,
    ]);
    expect(told).toEqual([
      [1, 0, 0],
      [
        '1 match of 1 event by the filter of rules',
        '1 match of 1 rule by the Sigma filter "all of bob"',
        'nothing by the Sigma filter "bobs work"',
        'nothing by the Sigma filter "of nobody"',
      ],
    ]);
  });
  test('is nothing that a matcher of the library finds', async () => {
    const { createMatcher } = await import('../../src/engine/match/matcher.ts');
    const { loadCompiled } = await import('../../src/engine/rule-cache/load-compiled.ts');
    const { readLogs } = await import('../../src/logs/open/read-logs.ts');
    const { ruleSet } = loadCompiled([rules, file]);
    expect(ruleSet.suppressions).toHaveLength(4);
    const matcher = createMatcher(ruleSet);
    const found: number[] = [];
    await readLogs([log], (event) => {
      matcher.match(event, (number) => found.push(number));
      return true;
    });
    expect(found).toEqual([1]);
  });
});

test('an interrupted scan does not claim to have read what it did not come to', async () => {
  const controller = new AbortController();
  controller.abort();
  const result = await scan({ paths: [log], rules: [rules], threads: 1 }, { signal: controller.signal });
  expect([result.summary.files, result.summary.diagnostics.map(({ message }) => message)]).toEqual([
    [],
    ['1 of 1 files were not read: the scan was interrupted before.'],
  ]);
  result.close();
});

describe('a filter that nothing fits', () => {
  const winnow = async (...argv: string[]) => {
    const { code, err } = await runWinnow(['scan', '-r', rules, log, '--no-cache', '-q', ...argv], { cwd: folder });
    return [code, err];
  };
  test.each([
    [['--tag', 'low'], ''],
    [['--tag', 'attack.hgih'], 'winnow: --tag attack.hgih: no rule in use fits. Did you mean "attack.high"?\n'],
    [['--computer', 'PC3'], 'winnow: --computer PC3: no event read fits. Did you mean "PC1"?\n'],
    [['--channel', 'Sysmn'], 'winnow: --channel Sysmn: no event read fits. Did you mean "Sysmon"?\n'],
    [
      ['--to', '2023-12-31'],
      'winnow: --to: all events are later. The logs are from 2024-01-01T10:00:01.0000000Z to 2024-01-01T10:00:04.0000000Z.\n',
    ],
    [
      ['--from', '2024-01-02'],
      'winnow: --from: all events are older. The logs are from 2024-01-01T10:00:01.0000000Z to 2024-01-01T10:00:04.0000000Z.\n',
    ],
  ] as const)('is an error: %s', async (argv, error) => {
    const [code, err] = await winnow(...argv);
    if (error === '') expect(err).toMatch(/Did you mean "attack\.low"/);
    else expect([code, err]).toEqual([3, error]);
  });
  test('but a day holds the events of the whole day', async () => {
    expect(await winnow('--from', '2024-01-01', '--to', '2024-01-01')).toEqual([0, '']);
    expect((await winnow('--from', '-7d'))[1]).toContain('--from: all events are older');
  });
});
