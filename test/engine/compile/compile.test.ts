import { describe, expect, test } from 'vitest';
import { compileRules } from '../../../src/engine/compile/compile.ts';
import { deserializeRuleSet, serializeRuleSet } from '../../../src/engine/rule-cache/serialize.ts';
import { resolveLogSource } from '../../../src/sigma/logsource/resolve.ts';
import { compiled, rulesOf, ruleText } from '../match/rules.ts';

const named = (name: string, id: string, logsource = 'product: windows'): string =>
  `name: ${name}\nid: ${id}\n${ruleText('a: {A: 1}\ncondition: a', logsource)}`;

function correlation(rules: string, more = ''): string {
  return `title: correlation of ${rules}
${more}
correlation:
  type: event_count
  rules: [${rules}]
  group-by: [A]
  timespan: 9m
  condition: {gte: 2}
`;
}

const ID_A = '11111111-aaaa-4aaa-8aaa-111111111111';
const ID_B = '22222222-bbbb-4bbb-8bbb-222222222222';

describe('compiling rules', () => {
  test('keeps what reports show of a rule', () => {
    const text = `title: T
id: ${ID_A}
name: t
status: test
level: high
description: D
tags: [attack.t1546.003]
falsepositives: [none]
logsource: {product: windows}
detection: {a: {A: 1}, condition: a}
`;
    expect(compiled(text).rules).toEqual([
      {
        id: ID_A,
        name: 't',
        title: 'T',
        level: 'high',
        status: 'test',
        description: 'D',
        tags: ['attack.t1546.003'],
        falsepositives: ['none'],
        path: 'test.yml',
      },
    ]);
  });

  test('lists a rule that no event log can serve as unused, with the reason', () => {
    const { rules, unused } = compiled(named('linux', ID_A, 'product: linux'));
    expect(rules).toEqual([]);
    expect(unused).toEqual([
      { rule: expect.objectContaining({ name: 'linux' }), reason: 'product "linux" does not write Windows event logs' },
    ]);
  });

  test('resolves references of correlations by name and by id in any case, and silences the rules', () => {
    const text = [
      correlation(`a, ${ID_B.toUpperCase()}`),
      named('a', ID_A),
      named('b', ID_B),
      named('c', ID_A.replace('1', '3')),
    ];
    const ruleSet = compiled(text.join('---\n'));
    expect(ruleSet.rules.map(({ name }) => name)).toEqual(['a', 'b', 'c', null]);
    expect(ruleSet.correlations.map(({ rule, references }) => ({ rule, references }))).toEqual([
      { rule: 3, references: [[0], [1]] },
    ]);
    expect(ruleSet.silent).toEqual([true, true, false, false]);
  });

  test('a rule that one correlation lets speak is not silent', () => {
    const loud = correlation('a').replace('correlation:\n', 'correlation:\n  generate: true\n');
    expect(compiled([named('a', ID_A), correlation('a'), loud].join('---\n')).silent).toEqual([false, false, false]);
  });

  test('a correlation of rules that cannot be used is unused, and so is a correlation of it', () => {
    const text = [
      named('linux', ID_A, 'product: linux'),
      named('windows', ID_B),
      correlation('linux', 'name: first'),
      correlation('first'),
      correlation('linux, windows', 'name: third'),
    ].join('---\n');
    const { rules, unused, correlations } = compiled(text);
    expect(rules.map(({ name }) => name)).toEqual(['windows', 'third']);
    expect(correlations.map(({ references }) => references)).toEqual([[[], [0]]]);
    expect(unused.map(({ rule, reason }) => `${rule.title}: ${reason}`)).toEqual([
      'test: product "linux" does not write Windows event logs',
      'correlation of linux: none of the rules that it correlates can be used',
      'correlation of first: none of the rules that it correlates can be used',
    ]);
  });

  test('rules that share predicates and sources share their entries', () => {
    const rule = ruleText('a: {CommandLine|contains: [x1, x2]}\ncondition: a', 'product: windows, category: process_creation');
    const one = compiled(rule);
    const three = compiled([rule, rule, rule].join('---\n'));
    expect(three.sources).toEqual(one.sources);
    expect(three.plan.field).toEqual(one.plan.field);
    expect(three.plan.literals).toBe(one.plan.literals);
  });

  test('a selection that a condition names many times is written once', () => {
    const list = Array.from({ length: 50 }, (_, i) => `v${i}`).join(', ');
    const size = (condition: string) =>
      compiled(ruleText(`a: {A: [${list}]}\nb: {B: 1}\ncondition: ${condition}`)).plan.program.length;
    expect(size('(a and b) or (a and not b) or (a or b)') - size('a and b')).toBeLessThan(60);
  });

  test('what travels as a buffer comes back equal', () => {
    const ruleSet = compileRules(
      rulesOf(
        [
          named('a', ID_A),
          ruleText("a: {A|re: 'x+', B|cidr: 10.0.0.0/8, C|fieldref: A}\ncondition: not a"),
          correlation('a'),
        ].join('---\n'),
      ),
      (logsource) => resolveLogSource(logsource),
    );
    expect(deserializeRuleSet(serializeRuleSet(ruleSet))).toEqual(ruleSet);
  });
});
