/** Rules that refer to one another without end: a clear diagnostic at a named bound, never a stack that overflows. */
import { describe, expect, test } from 'vitest';
import { compileRules } from '../../../src/engine/compile/compile.ts';
import { formatDiagnostic } from '../../../src/model/diagnostic.ts';
import { resolveLogSource } from '../../../src/sigma/logsource/resolve.ts';
import { parseRules } from '../../../src/sigma/rule/parse-rules.ts';

const BASE = `title: Base
name: c0
logsource: {product: windows, service: sysmon}
detection:
    sel: {EventID: 1}
    condition: sel
`;

function chain(length: number): string {
  const correlations = Array.from(
    { length },
    (_, i) => `title: C${i + 1}\nname: c${i + 1}\ncorrelation:\n    type: temporal\n    rules: [c${i}]\n    timespan: 1d\n`,
  );
  return [BASE, ...correlations].join('---\n');
}

function filtered(count: number): string {
  const filters = Array.from(
    { length: count },
    (_, i) =>
      `title: F\nlogsource: {product: windows}\nfilter:\n    rules: [c0]\n    sel: {User: u${i}}\n    condition: not sel\n`,
  );
  return [BASE, ...filters].join('---\n');
}

describe('a chain of correlations', () => {
  test('of 64 is used', () => {
    const { rules, refused } = parseRules(chain(64));
    expect([rules.length, refused.length]).toEqual([65, 0]);
  });

  test('of thousands is refused from the 65th on, and what is below it is used', () => {
    const { rules, refused, diagnostics } = parseRules(chain(5000), 'chain.yml');
    expect([rules.length, refused.length]).toEqual([65, 5000 - 64]);
    expect(diagnostics.slice(0, 2).map(formatDiagnostic)).toEqual([
      'chain.yml:456:1 error rule/too-large: the correlation stands on a chain of more than 64 correlations. Name the rules at the bottom of the chain.',
      'chain.yml:463:1 error rule/too-large: the correlation stands on a chain of more than 64 correlations. Name the rules at the bottom of the chain.',
    ]);
    expect(new Set(diagnostics.map(({ code }) => code))).toEqual(new Set(['rule/too-large']));
    expect(() => compileRules(rules, resolveLogSource)).not.toThrow();
  });
});

describe('filters of one rule', () => {
  test('are all applied, hundreds of them', () => {
    const { rules } = parseRules(filtered(1000));
    const [rule] = rules;
    if (rule?.kind !== 'detection') throw new Error('no rule');
    expect([rule.filters.length, Object.keys(rule.selections).length, rule.condition.kind]).toEqual([1000, 1001, 'and']);
    expect(() => compileRules(rules, resolveLogSource)).not.toThrow();
  });

  test('of more than that refuse the rule', () => {
    const { rules, refused, diagnostics } = parseRules(filtered(6000), 'filters.yml');
    expect([rules, refused.map((one) => one.title)]).toEqual([[], ['Base']]);
    expect(diagnostics.map(formatDiagnostic)).toEqual([
      'filters.yml:1:1 error rule/too-large: 6000 filters name this rule, at most 1000 may.',
    ]);
  });
});
