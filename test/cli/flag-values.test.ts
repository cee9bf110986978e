import { Chalk } from 'chalk';
import { describe, expect, it } from 'vitest';
import { parseCount, parseEndTime, parseTime, parseTimeSpan } from '../../src/commands/flags/shared/flag-values.ts';
import { commands } from '../../src/commands/registry.generated.ts';
import { atLeast, checkRuleFilter, ruleFilter } from '../../src/commands/run/scan/rule-filter.ts';
import { UsageError } from '../../src/model/errors.ts';
import { LEVELS } from '../../src/model/rule.ts';
import { levelTag } from '../../src/report/terminal/head-lines.ts';
import { makeRule } from '../report/sample-report.ts';

const refuses = (parse: (text: string) => unknown, texts: readonly string[]) => {
  for (const text of texts) expect(() => parse(text), text).toThrow(UsageError);
};

describe('parseTimeSpan', () => {
  it('reads a number and a unit, and 0', () => {
    expect(['9m', '90s', '1h', '2d', '1w', '0'].map((text) => parseTimeSpan(text).ms)).toEqual([
      540_000, 90_000, 3_600_000, 172_800_000, 604_800_000, 0,
    ]);
  });
  it('refuses anything else, and spans of years', () =>
    refuses(parseTimeSpan, ['', '9', '9 m', '-9m', '1.5h', '9M', '400d', '99999999999999999999d']));
});

describe('parseTime', () => {
  it('reads ISO 8601 as UTC, to the microsecond', () => {
    const texts = [
      '1970-01-02',
      '1970-01-01T00:00:01',
      '1970-01-01 00:00:01.2345678Z',
      '1970-01-01T01:00+01:00',
      '1970-01-01T00:01z',
    ];
    expect(texts.map((text) => parseTime(text))).toEqual([86_400e6, 1e6, 1_234_567, 0, 60e6]);
  });
  it('takes a span for the time so long ago', () => {
    expect(['7d', '-7d', '90s'].map((text) => parseTime(text, 8 * 86_400_000))).toEqual([86_400e6, 86_400e6, 691_110e6]);
  });
  it('takes a date for its whole day where a time ends something', () => {
    expect(['1970-01-01', '1970-01-01T00:00:01'].map(parseEndTime)).toEqual([86_400e6 - 1, 1e6]);
  });
  it('refuses what is no time', () =>
    refuses(parseTime, [
      '',
      'today',
      '2019',
      '2019-02-30',
      '2019-13-01',
      '2019-05-11T25:00',
      '2019-05-11T17',
      '11.05.2019',
      '2019-05-11T17:00+2',
    ]));
});

describe('parseCount', () => {
  it('reads whole numbers up to its bound', () => {
    expect([parseCount(8)('1'), parseCount(8)('8')]).toEqual([1, 8]);
    refuses(parseCount(8), ['0', '9', '-1', '1.0', '1e0', '', ' 1', 'one']);
  });
});

describe('a level', () => {
  const flags = commands.flatMap(({ name, flags }) =>
    Object.entries(flags).flatMap(([key, flag]) =>
      flag.placeholder === 'LEVEL' && flag.choices?.includes('critical') ? [{ name, key, flag }] : [],
    ),
  );
  it('is taken by every flag as reports print it, in any case', () => {
    expect(flags.length).toBeGreaterThan(10);
    const plain = new Chalk({ level: 0 });
    for (const { name, key, flag } of flags)
      for (const level of LEVELS) {
        const printed = levelTag(level, plain).trim();
        const read = [printed, printed.toLowerCase(), level, level.toUpperCase()].map((text) => flag.parse(text));
        expect([name, key, read]).toEqual([name, key, [level, level, level, level]]);
      }
  });
});

describe('ruleFilter', () => {
  const everything = {
    level: [],
    minLevel: null,
    status: [],
    tag: [],
    id: [],
    rule: [],
    excludeRule: [],
    excludeTag: [],
    excludeLevel: [],
    excludeStatus: [],
  } as const;
  const high = makeRule('high', { level: 'high', status: 'Stable', tags: ['attack.T1546.003'], id: 'ABC' });
  const none = makeRule('none', { level: null, status: null, tags: [], id: null });
  const passing = (filter: Partial<Parameters<typeof ruleFilter>[0]>) => {
    const selects = ruleFilter({ ...everything, ...filter });
    return [high, none].filter((rule) => selects === null || selects(rule)).map((rule) => rule.title);
  };
  it('is absent when nothing was asked for', () => {
    expect(ruleFilter(everything)).toBeNull();
  });
  it('chooses by level, status, tag and id, in any case', () => {
    expect([
      passing({ level: ['high'] }),
      passing({ level: ['low', 'medium'] }),
      passing({ minLevel: 'informational' }),
      passing({ status: ['stable'] }),
      passing({ tag: ['attack.t1546.003'] }),
      passing({ tag: ['attack.t1546'] }),
      passing({ tag: ['attack.t1546*'] }),
      passing({ id: ['abc'] }),
    ]).toEqual([['high'], [], ['high'], ['high'], ['high'], [], ['high'], ['high']]);
  });
  it('leaves out by title or id, level, status and tag', () => {
    expect([
      passing({ rule: ['HI*'] }),
      passing({ excludeRule: ['abc'] }),
      passing({ excludeRule: ['n?ne', 'n.ne'] }),
      passing({ excludeTag: ['attack.t1546*'] }),
      passing({ excludeLevel: ['high'] }),
      passing({ excludeStatus: ['stable'] }),
    ]).toEqual([['high'], ['none'], ['high', 'none'], ['none'], ['none'], ['none']]);
  });
  it('refuses what no rule fits, with the nearest that one does', () => {
    const check = (filter: Partial<Parameters<typeof ruleFilter>[0]>) => () =>
      checkRuleFilter({ ...everything, ...filter }, [high, none]);
    expect(check({ tag: ['t1546.003'] })).toThrow('--tag t1546.003: no rule in use fits. Did you mean "attack.T1546.003"?');
    expect(check({ id: ['deadbeef'] })).toThrow('--id deadbeef: no rule in use fits.');
    expect(check({ excludeRule: ['hihg'] })).toThrow('--exclude-rule hihg: no rule in use fits. Did you mean "high"?');
    expect(check({ level: ['low'] })).toThrow('The filters leave none of 2 rules.');
    expect(check({ rule: ['high'], minLevel: 'low' })).not.toThrow();
  });
  it('asks for all of what was given', () => {
    expect(passing({ level: ['high'], id: ['other'] })).toEqual([]);
  });
});

describe('atLeast', () => {
  it('puts a rule without a level below all of them', () => {
    expect([
      atLeast('high', 'medium'),
      atLeast('low', 'medium'),
      atLeast('medium', 'medium'),
      atLeast(null, 'informational'),
    ]).toEqual([true, false, true, false]);
  });
});
