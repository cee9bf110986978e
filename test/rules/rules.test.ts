/** The tests beside the shipped rules (`rules/*.test.yml`), asked of the matcher and of the reference evaluator. */
import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { load } from 'js-yaml';
import { describe, expect, it } from 'vitest';
import { plainEvent } from '../../src/logs/plain-event.ts';
import { formatDiagnostic } from '../../src/model/diagnostic.ts';
import { eventsOf, find, loaded, ruleSet, rulesFolder } from './shipped.ts';

interface RuleTests {
  readonly rule: string;
  readonly tests: readonly {
    readonly name: string;
    readonly events?: readonly Record<string, unknown>[];
    readonly log?: string;
    readonly match: boolean;
    readonly records?: readonly number[];
    readonly count?: number;
  }[];
}

const files = readdirSync(rulesFolder).filter((name) => name.endsWith('.test.yml'));
const tested = files.map((file) => load(readFileSync(join(rulesFolder, file), 'utf8')) as RuleTests);

describe('the shipped rules', () => {
  it('load without a complaint and are all used', () => {
    expect(loaded.diagnostics.map(formatDiagnostic)).toEqual([]);
    expect(loaded.refused).toEqual([]);
    expect(ruleSet.unused).toEqual([]);
    expect(ruleSet.silent).toEqual(ruleSet.rules.map(() => false));
  });

  it('have each a test file', () => {
    const rules = readdirSync(rulesFolder).filter((name) => name.endsWith('.yml') && !name.endsWith('.test.yml'));
    expect(tested.map(({ rule }) => rule).sort()).toEqual(rules.sort());
  });

  it('are named and dated', () => {
    for (const { head } of loaded.rules) {
      const { id, name, status, date, author, tags, falsepositives, level, path } = head;
      expect(`${name}.yml`).toBe(basename(path));
      expect(id).toMatch(/^[\da-f]{8}-[\da-f]{4}-4[\da-f]{3}-[89ab][\da-f]{3}-[\da-f]{12}$/);
      expect({ status, date, author, tags }).toEqual({
        status: 'experimental',
        date: '2026-11-24',
        author: 'winnow',
        tags: ['attack.persistence', 'attack.privilege-escalation', 'attack.t1546.003'],
      });
      expect(falsepositives.length).toBeGreaterThan(0);
      expect(level).toBeDefined();
    }
    expect(new Set(loaded.rules.map(({ head }) => head.id)).size).toBe(loaded.rules.length);
  });
});

describe.each(tested.map(({ rule, tests }) => [rule, tests] as const))('%s', (rule, tests) => {
  it('is tested with records that match and records that do not', () => {
    expect(new Set(tests.map(({ match }) => match))).toEqual(new Set([true, false]));
  });

  it.each(tests.map((test) => [test.name, test] as const))('%s', async (_, { events, log, match, records, count }) => {
    const read =
      log === undefined ? events?.map((fields, index) => plainEvent(fields, { index })) : await eventsOf(join(rulesFolder, log));
    const own = find(read ?? []).filter((finding) => `${finding.rule}.yml` === rule);
    expect(own.length > 0).toBe(match);
    if (records !== undefined) expect(own.flatMap((finding) => finding.records)).toEqual(records);
    if (count !== undefined) expect(own).toHaveLength(count);
  });
});
