/** What a tuning file changes of a report, and that everything it does or fails to do is said. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { parseTuning } from '../../src/project/tuning-file.ts';
import { type ScanOptions, type ScanResult, scan } from '../../src/scan.ts';
import { runWinnow } from '../cli/test-context.ts';
import { temporaryFolder } from '../support/folder.ts';

const folder = temporaryFolder();

const log = join(folder, 'log.jsonl');
const record = (image: string, index: number, computer: string, user: string): string =>
  JSON.stringify({
    Event: {
      System: {
        Provider: { '#attributes': { Name: 'Microsoft-Windows-Sysmon' } },
        EventID: 1,
        TimeCreated: { '#attributes': { SystemTime: `2024-01-01T10:00:0${index}.000000Z` } },
        EventRecordID: index + 1,
        Channel: 'Microsoft-Windows-Sysmon/Operational',
        Computer: computer,
      },
      EventData: { Image: `C:\\${image}.exe`, User: user },
    },
  });
writeFileSync(
  log,
  [
    record('whoami', 0, 'PC1.corp', 'CORP\\bob'),
    record('whoami', 1, 'PC2.corp', 'CORP\\svc'),
    record('net', 2, 'PC2.corp', 'CORP\\svc'),
    record('net', 3, 'PC2.corp', 'CORP\\alice'),
    '',
  ].join('\n'),
);
const rule = (name: string, level: string): string =>
  `title: ${name} run\nid: ${name}-id\nname: ${name}\nlevel: ${level}\ntags: [attack.discovery, attack.${name}]\nlogsource: {category: process_creation, product: windows}\ndetection:\n  s: {Image|endswith: '\\${name}.exe'}\n  condition: s\n`;
const both = `title: both\nid: both-id\nlevel: high\ncorrelation:\n  type: temporal\n  rules: [whoami, net]\n  group-by: [Computer]\n  timespan: 5m\n  generate: true\n`;
const rules = join(folder, 'rules');
writeFileSync(`${rules}.yml`, [rule('whoami', 'low'), rule('net', 'high'), both].join('---\n'));

async function tuned<T>(yaml: string, read: (result: ScanResult) => T, options: Partial<ScanOptions> = {}): Promise<T> {
  const tuning = parseTuning(yaml, 'tuning.yml');
  const result = await scan({ paths: [log], rules: [`${rules}.yml`], threads: 1, tuning, today: '2026-06-01', ...options });
  try {
    return read(result);
  } finally {
    result.close();
  }
}

const outline = ({ summary, rules: all, matchTexts, correlations }: ScanResult) => ({
  matches: [...matchTexts()].map(({ rule: number, index }) => `${all[number]!.title} ${index}`),
  levels: summary.matchesByLevel,
  correlations: correlations.length,
  tuned: summary.tuned?.map(({ state, rules: fit, matches, events }) => [state, fit, matches, events]),
  said: summary.diagnostics.map(({ code, message, hint = '', place: { line } }) => `${line} ${code} ${message}. ${hint}`.trim()),
});

describe.each([['with look-back', {}] as const, ['without', { windowUs: 0 }] as const])('%s', (_, options) => {
  test('a rule that is off raises no alert, its matches are counted and feed correlations', async () => {
    expect(await tuned('- {rule: WHOAMI-ID, off: true, reason: noise}', outline, options)).toEqual({
      matches: ['net run 2', 'net run 3'],
      levels: { high: 2 },
      correlations: 1,
      tuned: [['applied', 1, 2, 2]],
      said: [],
    });
  });
  test('a level may be written as reports print it', async () => {
    for (const level of ['INFO', 'info', 'Informational'])
      expect(await tuned(`- {tag: attack.n*, level: ${level}, reason: noise}`, outline, options)).toMatchObject({
        levels: { low: 2, informational: 2 },
      });
  });
  test('a tag gives its rules another level', async () => {
    expect(await tuned('- {tag: attack.n*, level: informational, reason: noise}', outline, options)).toEqual({
      matches: ['whoami run 0', 'whoami run 1', 'net run 2', 'net run 3'],
      levels: { low: 2, informational: 2 },
      correlations: 1,
      tuned: [['applied', 1, 2, 2]],
      said: [],
    });
  });
  test('an exception leaves out events that fit all of its names, and correlations do not see them', async () => {
    const yaml = '- {rule: rules.yml, except: {computer: pc2, user: [svc, nobody]}, reason: backup}';
    expect(await tuned(yaml, outline, options)).toEqual({
      matches: ['whoami run 0', 'net run 3'],
      levels: { high: 1, low: 1 },
      correlations: 0,
      tuned: [['applied', 3, 2, 2]],
      said: [
        '1 tune/correlation rule "rules.yml" names the correlation "both": "only" and "except" look at single events. Name the rules that it correlates.',
      ],
    });
  });
  test('"only" keeps the events that fit', async () => {
    const { matches } = await tuned('- {rule: net*, only: {user: alice}, reason: watched}', outline, options);
    expect(matches).toEqual(['whoami run 0', 'whoami run 1', 'net run 3']);
  });
});

test('a correlation that is off is not reported, the rules that it correlates are', async () => {
  const { correlations, matches, tuned: entries, said } = await tuned('- {rule: both, off: true, reason: r}', outline);
  expect([correlations, matches.length, entries, said]).toEqual([0, 4, [['applied', 1, 0, 0]], []]);
});

test('entries that are over, name nothing or change nothing are said, with the nearest name', async () => {
  const yaml = `- rule: whoami run
  off: true
  reason: holiday
  expires: 2026-05-31
- rule: whoamy run
  level: high
  reason: typo
- tag: discovery
  off: true
  reason: short
- rule: net run
  level: high
  reason: has it already
- rule: net run
  except: {computer: PC9}
  reason: no such computer
  expires: 2026-06-01
`;
  const { matches, tuned: entries, said } = await tuned(yaml, outline);
  expect(matches).toHaveLength(4);
  expect(entries).toEqual([
    ['expired', 1, 0, 0],
    ['no rule', 0, 0, 0],
    ['no rule', 0, 0, 0],
    ['idle', 1, 0, 0],
    ['idle', 1, 0, 0],
  ]);
  expect(said).toEqual([
    '1 tune/expired rule "whoami run" has no effect since 2026-05-31. Remove the entry, or give it a later day.',
    '5 tune/no-rule rule "whoamy run" names no rule in use. Did you mean "whoami run"?',
    '8 tune/no-rule tag "discovery" names no rule in use. Did you mean "attack.discovery"?',
    '11 tune/idle rule "net run" changed nothing in these logs.',
    '14 tune/idle rule "net run" changed nothing in these logs.',
  ]);
});

test('a wrong file is refused with the place of each fault', () => {
  const yaml = `- rule: a
  tag: b
  off: true
  reason: r
- rule: a
  lvel: high
  reason: r
- rule: a
  off: true
  level: low
- rule: a
  level: hihg
  reason: r
  expires: 2026-02-30
- rule: a
  except: {host: PC1}
  reason: r
`;
  expect(() => parseTuning(yaml, 't.yml')).toThrow(
    [
      't.yml:1:3 error tune/entry: an entry names either "rule" (id, name, title or file) or "tag".',
      't.yml:6:3 error tune/entry: "lvel" is no key here. Did you mean "level"?',
      't.yml:5:3 error tune/entry: an entry does one thing: "off: true", "level: LEVEL", or "only" and "except".',
      't.yml:8:3 error tune/entry: an entry does one thing: "off: true", "level: LEVEL", or "only" and "except".',
      't.yml:8:3 error tune/entry: the entry has no "reason". Say why, for who reads the report.',
      't.yml:12:10 error tune/entry: expected one of informational, low, medium, high, critical. Did you mean "high"?',
      't.yml:14:12 error tune/entry: expected a day, as 2027-03-31.',
      't.yml:16:12 error tune/entry: "host" is no key here. Keys are: computer, channel, event-id, user.',
    ].join('\n'),
  );
  expect(() => parseTuning('rule: a\n', 't.yml')).toThrow('t.yml:1:1 error tune/entry: expected a list of entries');
});

test('the report says in its head and in its summary what tuning did', async () => {
  const file = join(folder, 'tuning.yml');
  writeFileSync(file, '- {rule: whoami run, off: true, reason: noise}\n- {rule: nobody, off: true, reason: gone}\n');
  const argv = ['scan', '-r', `${rules}.yml`, log, '--no-cache', '-q', '--tune', 'tuning.yml'];
  const head = await runWinnow([...argv, '--brief'], { cwd: folder });
  expect(head.out).toContain('tuning    2 matches left out, 1 without a rule\n');
  const { out } = await runWinnow([...argv, '--full'], { cwd: folder });
  expect(out).toContain('tuning.yml:1 rule "whoami run" off: 2 matches of 2 events (noise)');
  expect(out).toContain('tuning.yml:2 rule "nobody" (0 rules) off: names no rule in use (gone)');
  const minimum = await runWinnow([...argv, '--min-level', 'high', '-f', 'jsonl'], { cwd: folder });
  const summary = JSON.parse(minimum.out.trim().split('\n').at(-1)!);
  expect(summary.tuned[0]).toEqual({
    file: 'tuning.yml',
    line: 1,
    names: 'rule "whoami run"',
    effect: 'off',
    reason: 'noise',
    expires: null,
    state: 'idle',
    rules: 1,
    events: 0,
    matches: 0,
  });
});
