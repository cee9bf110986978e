import { relative } from 'node:path';
import { beforeAll, expect, it } from 'vitest';
import type { LoadedRules } from '../../../src/model/rule.ts';
import { loadRules } from '../../../src/sigma/rule/load.ts';
import { describeShared, shared } from '../../support/shared.ts';
import { sigmahqRules } from '../../support/sigmahq.ts';

/**
 * 4,044 YAML documents, of which pySigma accepts 3,978. Of the other 66, 59 have conditions that are not Sigma 2; four take
 * over the id of an `action: global` document together with another; and the three global documents are left without a rule.
 */
describeShared('SigmaHQ', () => {
  const root = shared('corpus', 'sigmahq');
  let alone: LoadedRules;
  let withValues: LoadedRules;

  beforeAll(() => {
    alone = sigmahqRules();
    const names = alone.diagnostics.flatMap(({ message }) => /^no values for the placeholder %(.+)%\.$/.exec(message)?.[1] ?? []);
    // Values change nothing for the others.
    const paths = [...new Set(alone.refused.map(({ path }) => path))];
    withValues = loadRules(paths, { values: new Map(names.map((name) => [name, ['value']])) });
    expect(withValues.diagnostics.filter(({ code }) => code === 'rule/placeholder')).toEqual([]);
  });

  it('loads but for the rules that need values or are not Sigma 2', () => {
    const { files, documents, rules, refused } = alone;
    expect({ files, documents, rules: rules.length, refused: refused.length }).toEqual({
      files: 4039,
      documents: 4044,
      rules: 3950,
      refused: 94,
    });
    expect({ rules: withValues.rules.length, refused: withValues.refused.length }).toEqual({ rules: 28, refused: 66 });
  });

  it('has every refusal explained by one error with its place', () => {
    const reasons: Record<string, number> = {};
    for (const { path, diagnostics } of withValues.refused) {
      const errors = diagnostics.filter(({ severity }) => severity === 'error');
      expect(errors.map(({ place }) => [place.file, (place.line ?? 0) > 0, (place.column ?? 0) > 0])).toEqual([
        [path, true, true],
      ]);
      for (const { code } of errors) reasons[code] = (reasons[code] ?? 0) + 1;
    }
    expect(reasons).toEqual({
      'rule/aggregation': 55,
      'rule/unknown-selection': 4,
      'rule/shared-id': 4,
      'rule/unused-global': 3,
    });
    const folder = withValues.refused.map(({ path }) => relative(root, path).split('/')[0]);
    expect([...new Set(folder)]).toEqual(['unsupported', 'deprecated']);
  });

  it('warns of nothing but "timeframe"', () => {
    const warnings = withValues.diagnostics.filter(({ severity }) => severity === 'warning');
    expect([...new Set(warnings.map(({ code }) => code))]).toEqual(['rule/timeframe']);
  });
});
