/** A correlation that a stronger one contains is not reported beside it. */
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { compileRules } from '../../src/engine/compile/compile.ts';
import { withoutCovered } from '../../src/findings/correlate/covered.ts';
import type { Correlation } from '../../src/model/match.ts';
import { scan } from '../../src/scan.ts';
import { resolveLogSource } from '../../src/sigma/logsource/resolve.ts';
import { parseRules } from '../../src/sigma/rule/parse-rules.ts';
import { projectRoot } from '../support/shared.ts';

const base = ['a', 'b', 'c'].map(
  (name) =>
    `title: ${name}\nname: ${name}\nlogsource: {product: windows, category: process_creation}\ndetection:\n  s: {Image: ${name}}\n  condition: s\n`,
);
const correlation = (title: string, level: string, condition: string, more = 'rules: [a, b, c]'): string =>
  `title: ${title}\nlevel: ${level}\ncorrelation:\n  type: temporal\n  ${more}\n  group-by: [Computer]\n  timespan: 5m\n${condition}`;
const TWO = '  condition: {gte: 2}\n';

/** Titles of the two correlations that are left when the first has these records and the second those. */
function left(weaker: string, stronger: string, records: readonly (readonly number[])[], cut = 0) {
  const ruleSet = compileRules(parseRules([...base, weaker, stronger].join('---\n')).rules, (logsource) =>
    resolveLogSource(logsource),
  );
  const correlations = records.map((own, i) => ({ rule: 3 + i, records: own.length + cut }) as unknown as Correlation);
  const found = withoutCovered({ correlations, positions: records }, ruleSet);
  return [found.correlations.map(({ rule }) => ruleSet.rules[rule]!.title), found.diagnostics.map(({ message }) => message)];
}

const WEAK = correlation('weak', 'medium', TWO);
const ALL = correlation('all', 'high', '');
const SOME = [1, 2];
const MORE = [1, 2, 3];

test('a weaker condition over the same rules is left out when its records are among those of the stronger', () => {
  expect(left(WEAK, ALL, [SOME, MORE])).toEqual([['all'], ['"weak" is not reported once: "all" has all of its records']]);
});

test.each<[string, string, readonly (readonly number[])[], number?]>([
  ['has other records', ALL, [[1, 4], MORE]],
  ['is of a lower level', correlation('all', 'low', ''), [SOME, MORE]],
  ['has fewer rules', correlation('all', 'high', '', 'rules: [a, b]'), [SOME, SOME]],
  ['asks for no more', correlation('all', 'high', TWO), [SOME, MORE]],
  ['has an expression', correlation('all', 'high', '  condition: a and b and c\n'), [SOME, MORE]],
  ['does not name all of its records', ALL, [SOME, MORE], 1],
])('both are reported where the other %s', (_, stronger, records, cut) => {
  expect(left(WEAK, stronger, records, cut)).toEqual([['weak', 'all'], []]);
});

test('a full WMI subscription is not also two of three parts', async () => {
  const options = {
    paths: [join(projectRoot, 'fixtures/wmi-subscription.xml')],
    rules: [join(projectRoot, 'rules')],
    threads: 1,
  };
  const all = await scan(options);
  expect(all.correlations.map(({ rule }) => all.rules[rule]!.title)).toEqual(['WMI Subscription Registered Within Nine Minutes']);
  expect(all.summary.diagnostics.map(({ code }) => code)).toContain('window/covered-correlation');
  all.close();
  // Who asks for the weaker one alone gets it.
  const one = await scan({ ...options, reported: ({ title }) => title.startsWith('Two Of') });
  expect(one.correlations.map(({ rule }) => one.rules[rule]!.title)).toEqual([
    'Two Of Three Parts Of A WMI Subscription Within Nine Minutes',
  ]);
  one.close();
});
