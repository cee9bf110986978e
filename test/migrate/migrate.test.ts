/** `winnow migrate`: what old rules become, and that they find the same afterwards. */
import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compileRules } from '../../src/engine/compile/compile.ts';
import { createMatcher } from '../../src/engine/match/matcher.ts';
import { correlate } from '../../src/findings/correlate/correlate.ts';
import { matchStream } from '../../src/findings/store/match-stream.ts';
import { plainEvent } from '../../src/logs/plain-event.ts';
import { migrateText } from '../../src/migrate/migrate-text.ts';
import type { Match } from '../../src/model/match.ts';
import { resolveLogSource } from '../../src/sigma/logsource/resolve.ts';
import { parseRules } from '../../src/sigma/rule/parse-rules.ts';
import { runWinnow } from '../cli/test-context.ts';
import { snapshot } from '../findings/support.ts';
import { folderWith } from '../support/folder.ts';
import { tries } from '../support/random.ts';
import { describeShared, shared } from '../support/shared.ts';

const HEAD = `title: Failed logons # of one source
id: 5c2f1a0e-8d3b-4a56-9f7e-2b1c3d4e5f60
status: test
description: >
    Many failed logons.
tags:
    # initial access comes later
    - attack.credential-access
logsource:
    product: windows
    service: security
`;

const rule = (detection: string, head = HEAD) => `${head}detection:\n${detection}falsepositives:\n    - Unknown\nlevel: medium\n`;
const migrate = (text: string, timespan: string | null = null) => migrateText(text, 'old.yml', { timespan });

describe('an old rule', () => {
  it('that counts becomes a base rule, and a correlation with its head; comments and layout stay', () => {
    const old = rule(
      `    selection: # of 4625
        EventID: 4625
    timeframe: 10m # long enough
    condition: selection | count(TargetUserName) by IpAddress, Computer >= 5 # each user once
`,
    );
    const { text, migrated, diagnostics } = migrate(old);
    expect([migrated, diagnostics]).toEqual([1, []]);
    expect(text).toBe(
      `${rule(`    selection: # of 4625
        EventID: 4625
    condition: selection # each user once
`)}---
title: Failed logons - Correlation
id: 1b9434ec-48d8-5e1c-b6f5-a23e0f920d56
related:
    - id: 5c2f1a0e-8d3b-4a56-9f7e-2b1c3d4e5f60
      type: derived
status: test
description: >
    Many failed logons.
tags:
    # initial access comes later
    - attack.credential-access
correlation:
    type: value_count
    rules:
        - 5c2f1a0e-8d3b-4a56-9f7e-2b1c3d4e5f60
    group-by:
        - IpAddress
        - Computer
    timespan: 10m
    condition:
        field: TargetUserName
        gte: 5
falsepositives:
    - Unknown
level: medium
`,
    );
    expect(migrate(text)).toEqual({ text, migrated: 0, diagnostics: [] });
  });

  it('that relates selections becomes a rule for each, and a temporal correlation', () => {
    const { text } = migrate(
      rule(`    a:
        EventID: 1
    b: # the second
        EventID: 2
    c:
        EventID: 3
    timeframe: 30s
    condition: (a or c) | near b and c
`),
    );
    const { rules, diagnostics } = parseRules(text);
    expect(diagnostics).toEqual([]);
    expect(
      rules.map((one) => [
        one.head.title,
        one.kind === 'detection' ? [Object.keys(one.selections), one.conditionSource[0]] : one.rules,
      ]),
    ).toEqual([
      ['Failed logons', [['a', 'c'], '(a or c)']],
      ['Failed logons - b', [['b'], 'b']],
      ['Failed logons - c', [['c'], 'c']],
      ['Failed logons - Correlation', rules.slice(0, 3).map(({ head }) => head.id)],
    ]);
    expect(text).toContain('detection:\n    b: # the second\n        EventID: 2\n    condition: b\n');
  });

  it('with a timeframe that did nothing loses it', () => {
    const old = rule('    selection:\n        EventID: 4625\n    timeframe: 10m\n    condition: selection\n');
    expect(migrate(old).text).toBe(old.replace('    timeframe: 10m\n', ''));
  });

  it('without an id gets a name; line breaks, a byte order mark and documents behind it stay', () => {
    const one = rule(
      '    a:\n        EventID: 1\n    timeframe: 1m\n    condition: a | count() > 2\n',
      HEAD.replace(/id:.*\n/, ''),
    );
    const other = rule('    a:\n        EventID: 1\n    condition: a\n', HEAD.replace('5c2f', '6c2f').replace('Failed', 'Other'));
    const { text } = migrate(`\ufeff${one}---\n${other}`.replaceAll('\n', '\r\n'));
    expect(text.startsWith('\ufefftitle: Failed logons # of one source\r\nname: failed_logons\r\n')).toBe(true);
    expect(text.replaceAll('\r\n', '')).not.toMatch(/[\r\n]/);
    expect(text.endsWith(`---\n${other}`.replaceAll('\n', '\r\n'))).toBe(true);
    const { rules, diagnostics } = parseRules(text);
    expect([rules.length, diagnostics]).toEqual([3, []]);
  });

  it('without a line break at its end gets one before the new document', () => {
    const old = rule('    a:\n        EventID: 1\n    timeframe: 1m\n    condition: a | count() > 2\n').trimEnd();
    expect(migrate(old).text).toContain('level: medium\n---\n');
  });

  it.each([
    [
      'a | near b and not c',
      'migrate/absence 20:16 "near ... not c" asks for the absence of an event, which no correlation of Sigma 2 does.',
    ],
    ['a | near x', 'migrate/unknown-selection 20:16 "x" is not a selection of this document.'],
    ['a | near (b or c)', 'migrate/condition 20:16 "near" names selections, joined by "and"; "(b or c)" is none.'],
    ['a | count() by User', 'migrate/condition 20:16 "| count() by User" is not of the form "| count(field) by group > 5".'],
    ['a | sum() > 5', 'migrate/condition 20:16 "sum" needs a field in its parentheses.'],
    ['x | count() > 5', 'migrate/condition 20:16 "x" is not a selection of this document.'],
  ])('%s is left as it is, with the reason', (condition, reason) => {
    const old = rule(
      `    a:\n        EventID: 1\n    b:\n        EventID: 2\n    c:\n        EventID: 3\n    timeframe: 1m\n    condition: ${condition}\n`,
      HEAD.replace(/id:.*\n/, ''),
    ).replace('service: security\n', 'service: security\n\n');
    const { text, migrated, diagnostics } = migrate(old);
    expect([text === old, migrated]).toEqual([true, 0]);
    expect(diagnostics.map(({ code, place, message }) => `${code} ${place.line}:${place.column} ${message}`)).toEqual([reason]);
  });

  it('without a timeframe needs a timespan', () => {
    const old = rule('    a:\n        EventID: 1\n    condition: a | count() > 2\n');
    expect(migrate(old).diagnostics.map(({ code, hint }) => [code, hint])).toEqual([
      ['migrate/no-timespan', 'Say over how long: --timespan 1h.'],
    ]);
    expect(migrate(old, '1h').text).toContain('    timespan: 1h\n');
  });

  it('of a file with "action", aliases, braces or another fault is left as it is', () => {
    const counting = '    a:\n        EventID: 1\n    timeframe: 1m\n    condition: a | count() > 2\n';
    const codes = [
      `action: global\ntitle: T\nlevel: low\n---\n${rule(counting, 'logsource: {product: windows}\n')}`,
      rule(counting.replace('EventID: 1', 'EventID: &one 1\n        Version: *one')),
      'title: T\nlogsource: {product: windows}\ndetection: {a: {EventID: 1}, timeframe: 1m, condition: "a | count() > 2"}\n',
      rule(counting.replace('EventID: 1', 'EventID|contians: 1')),
      rule(counting.replace('1m', 'soon')),
    ].map((old) => {
      const { text, diagnostics } = migrate(old);
      return [text === old, ...diagnostics.map(({ code }) => code)];
    });
    expect(codes).toEqual([
      [true, 'migrate/collection'],
      [true, 'migrate/layout'],
      [true, 'migrate/layout'],
      [true, 'migrate/result'],
      [true, 'migrate/timeframe'],
    ]);
  });

  it('is left alone where it is no Sigma rule or no YAML', () => {
    for (const text of ['steps:\n  timeframe: 5m\n', 'a: [\n  timeframe: 5m\n'])
      expect(migrate(text)).toEqual({ text, migrated: 0, diagnostics: [] });
  });
});

/** A line of a small log: seconds, and values of the fields; undefined where the event lacks one. */
interface Line {
  readonly at: number;
  readonly id: number;
  readonly user: string | undefined;
  readonly host: string | undefined;
  readonly size: number | undefined;
}

const line: fc.Arbitrary<Line> = fc.record({
  at: fc.integer({ min: 0, max: 60 }),
  id: fc.integer({ min: 1, max: 4 }),
  user: fc.constantFrom('ann', 'bob', 'eve', undefined),
  host: fc.constantFrom('a', 'b', undefined),
  size: fc.constantFrom(-3, 0, 0.5, 2, 7, undefined),
});
const log = fc.array(line, { minLength: 1, maxLength: 12 }).map((lines) => lines.toSorted((one, other) => one.at - other.at));

const FIELDS = { user: 'User', host: 'Host', size: 'Size' } as const;
type FieldName = keyof typeof FIELDS;

/** What the new rules report: the group of each finding, and the records of it. */
function found(rules: string, lines: readonly Line[]): string[] {
  const parsed = parseRules(rules);
  expect(parsed.diagnostics.filter(({ severity }) => severity === 'error')).toEqual([]);
  const ruleSet = compileRules(parsed.rules, (source) => resolveLogSource(source));
  const matcher = createMatcher(ruleSet);
  const matches: Match[] = [];
  for (const [index, { at, id, user, host, size }] of lines.entries()) {
    const data = { User: user, Host: host, Size: size };
    const event = plainEvent({ Channel: 'Security', EventID: id, Computer: 'PC1', ...data });
    const given = Object.fromEntries(
      Object.entries(data).flatMap(([key, value]) => (value === undefined ? [] : [[key, String(value)]])),
    );
    matcher.match(event, (number) => {
      matches.push({
        kind: 'match',
        rule: number,
        via: 'security',
        event: snapshot(at, { index, eventId: id, data: given }),
        fields: [],
      });
    });
  }
  const { correlations } = correlate(matchStream(matches), ruleSet);
  return correlations
    .map(({ group, events }) => `${Object.values(group).join()}: ${[...new Set(events.map(({ index }) => index))].join()}`)
    .sort();
}

/**
 * What Sigma 1 says, by brute force: of each group, each stretch of events within the timeframe that no longer one contains is
 * judged; stretches that share events are one finding.
 */
function meant(
  lines: readonly Line[],
  isInput: (one: Line) => boolean,
  groupBy: FieldName | null,
  seconds: number,
  holds: (stretch: readonly Line[]) => boolean,
): string[] {
  const groups = new Map<string, number[]>();
  for (const [index, one] of lines.entries()) {
    const key = groupBy === null ? '' : one[groupBy];
    if (isInput(one) && key !== undefined) groups.set(String(key), [...(groups.get(String(key)) ?? []), index]);
  }
  return [...groups]
    .flatMap(([key, members]) => {
      const stretches = members
        .map((first) => members.filter((one) => one >= first && lines[one]!.at - lines[first]!.at <= seconds))
        .filter((stretch, i, all) => !all.some((other, j) => j < i && stretch.every((one) => other.includes(one))))
        .filter((stretch) => holds(stretch.map((one) => lines[one]!)));
      const findings: number[][] = [];
      for (const stretch of stretches) {
        const last = findings.at(-1);
        if (last?.some((one) => stretch.includes(one))) last.push(...stretch);
        else findings.push([...stretch]);
      }
      return findings.map((one) => `${key}: ${[...new Set(one)].sort((a, b) => a - b).join()}`);
    })
    .sort();
}

const OPERATORS = {
  '>': (a: number, b: number) => a > b,
  '>=': (a: number, b: number) => a >= b,
  '<': (a: number, b: number) => a < b,
  '<=': (a: number, b: number) => a <= b,
  '=': (a: number, b: number) => a === b,
} as const;

const SELECTIONS = '    one:\n        EventID: 1\n    two:\n        EventID: 2\n    three:\n        EventID: 3\n';
const migrated = (condition: string, seconds: number) => {
  const { text, migrated: count } = migrate(rule(`${SELECTIONS}    timeframe: ${seconds}s\n    condition: ${condition}\n`));
  expect(count).toBe(1);
  return text;
};

describe('the new rules find what the old one meant', () => {
  const numbers = (lines: readonly Line[]) => lines.map(({ size }) => size!);
  const sum = (values: readonly number[]) => values.reduce((total, one) => total + one, 0);
  const FUNCTIONS: Readonly<Record<string, { field: FieldName | null; value: (lines: readonly Line[]) => number }>> = {
    'count()': { field: null, value: (lines) => lines.length },
    'count(User)': { field: 'user', value: (lines) => new Set(lines.map(({ user }) => user)).size },
    'sum(Size)': { field: 'size', value: (lines) => sum(numbers(lines)) },
    'avg(Size)': { field: 'size', value: (lines) => sum(numbers(lines)) / lines.length },
    'min(Size)': { field: 'size', value: (lines) => Math.min(...numbers(lines)) },
    'max(Size)': { field: 'size', value: (lines) => Math.max(...numbers(lines)) },
  };

  it.each(Object.keys(FUNCTIONS))('%s', (name) => {
    const { field, value } = FUNCTIONS[name]!;
    let findings = 0;
    fc.assert(
      fc.property(
        log,
        fc.constantFrom<FieldName | null>('host', null),
        fc.constantFrom(...(Object.keys(OPERATORS) as (keyof typeof OPERATORS)[])),
        fc.integer({ min: 0, max: 4 }),
        fc.constantFrom(5, 10, 20),
        (lines, groupBy, operator, bound, seconds) => {
          const by = groupBy === null ? '' : ` by ${FIELDS[groupBy]}`;
          const text = migrated(`one or two | ${name}${by} ${operator} ${bound}`, seconds);
          const isInput = (one: Line) => one.id <= 2 && (field === null || one[field] !== undefined);
          const expected = meant(lines, isInput, groupBy, seconds, (stretch) => OPERATORS[operator](value(stretch), bound));
          findings += expected.length;
          expect(found(text, lines)).toEqual(expected);
        },
      ),
      { seed: 20261130, numRuns: tries(35) },
    );
    expect(findings).toBeGreaterThan(6);
  });

  it.each([
    ['one | near two', [[1], [2]]],
    ['one | near two and three', [[1], [2], [3]]],
    ['one or three | near two', [[1, 3], [2]]],
  ] as const)('%s', (condition, wanted) => {
    let findings = 0;
    fc.assert(
      fc.property(log, fc.constantFrom(5, 10, 20), (lines, seconds) => {
        const holds = (stretch: readonly Line[]) =>
          wanted.every((ids) => stretch.some(({ id }) => (ids as readonly number[]).includes(id)));
        const isInput = (one: Line) => wanted.some((ids) => (ids as readonly number[]).includes(one.id));
        const expected = meant(lines, isInput, null, seconds, holds);
        findings += expected.length;
        expect(found(migrated(condition, seconds), lines)).toEqual(expected);
      }),
      { seed: 20261130, numRuns: tries(35) },
    );
    expect(findings).toBeGreaterThan(6);
  });
});

describe('winnow migrate', () => {
  const OLD = rule('    a:\n        EventID: 1\n    timeframe: 1m\n    condition: a | count() > 2\n');
  const LEFT = OLD.replace('    timeframe: 1m\n', '').replace('5c2f', '6c2f');
  const files = { 'a.yml': OLD, 'b/left.yml': LEFT, 'c.yml': OLD.replaceAll('\n', '\r\n'), 'readme.yml': 'a: 1\n' };

  it('prints a diff that git applies, and says what is left; with --write the files become the same', async () => {
    const folder = folderWith(files);
    const run = await runWinnow(['migrate', '.'], { cwd: folder });
    expect(run.err.replaceAll(/\S*winnow-[^/]*\//g, '')).toBe(
      'b/left.yml:15:16 warning migrate/no-timespan: the rule has no timeframe: it looks at all that is searched, which no correlation of Sigma 2 does. Say over how long: --timespan 1h.\n' +
        'winnow migrate: 2 rules in 2 files to rewrite (--write does it), 1 left as they are.\n',
    );
    expect(run.code).toBe(1);
    expect(readFileSync(join(folder, 'a.yml'), 'utf8')).toBe(OLD);
    execFileSync('git', ['apply', '-'], {
      cwd: folder,
      input: run.out,
      env: { ...process.env, GIT_CEILING_DIRECTORIES: folder },
    });
    const other = folderWith(files);
    expect((await runWinnow(['migrate', '.', '--write'], { cwd: other })).out).toBe('');
    for (const name of ['a.yml', 'b/left.yml', 'c.yml', 'readme.yml']) {
      expect(readFileSync(join(folder, name), 'utf8')).toBe(readFileSync(join(other, name), 'utf8'));
    }
    expect(readFileSync(join(other, 'a.yml'), 'utf8')).toBe(migrate(OLD).text);
    expect(readdirSync(other).sort()).toEqual(['a.yml', 'b', 'c.yml', 'readme.yml']);
  });

  it('names a file outside of the working folder as it is, so that patch finds it', async () => {
    const folder = folderWith({ 'a.yml': OLD, 'below/b.yml': OLD });
    const run = await runWinnow(['migrate', join(folder, 'a.yml'), 'b.yml'], { cwd: join(folder, 'below') });
    expect(run.out.split('\n').filter((line) => /^(?:---|\+\+\+) /.test(line))).toEqual([
      '--- ../a.yml',
      '+++ ../a.yml',
      '--- a/b.yml',
      '+++ b/b.yml',
    ]);
  });

  it('ends with 0 when nothing is left, 3 for a wrong timespan, 4 for a file that it cannot read', async () => {
    const unreadable = folderWith({ 'a.yml': OLD });
    writeFileSync(join(unreadable, 'b.yml'), Buffer.from([0x61, 0xff, 0xfe]));
    const codes = [
      await runWinnow(['migrate', '.'], { cwd: folderWith({ 'a.yml': OLD }) }),
      await runWinnow(['migrate', '.', '--timespan', 'soon'], { cwd: folderWith({ 'a.yml': OLD }) }),
      await runWinnow(['migrate', '.'], { cwd: unreadable }),
    ].map(({ code }) => code);
    expect(codes).toEqual([0, 3, 4]);
  });
});

describeShared('of the old rules of SigmaHQ', () => {
  it('all but four are migrated, to rules without errors', async () => {
    const folder = shared('corpus', 'sigmahq', 'unsupported');
    let count = 0;
    const left: string[] = [];
    for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
      if (!entry.isFile() || !entry.name.endsWith('.yml')) continue;
      const text = readFileSync(join(entry.parentPath, entry.name), 'utf8');
      const { migrated: rules, diagnostics } = migrateText(text, entry.name, { timespan: '1h' });
      count += rules;
      left.push(...diagnostics.map(({ code }) => `${entry.name} ${code}`));
    }
    expect(count).toBe(54);
    expect(left.sort()).toEqual([
      'image_load_mimikatz_inmemory_detection.yml migrate/absence',
      'net_dns_high_subdomain_rate.yml migrate/result',
      'win_apt_apt29_tor.yml migrate/collection',
      'win_remote_service.yml migrate/result',
    ]);
  });
});
