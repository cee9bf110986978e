/** Makes lint rules that require a key, for those SigmaHQ conventions that differ only in the key. */
import { ruleText } from '../examples.ts';
import type { LintRule } from '../lint-rule.ts';

export function missingKey(key: string, rule: Pick<LintRule, 'id' | 'aliases' | 'why'>): LintRule {
  return {
    ...rule,
    severity: 'info',
    summary: `The rule has no ${key}.`,
    convention: 'sigmahq',
    avoid: ruleText(`-${key}`),
    prefer: ruleText(),
    check(document, report) {
      if (document.isCollectionPart || document.kind === 'filter' || document.entry(key) !== undefined) return;
      report({ at: document.root, message: `there is no "${key}".` });
    },
  };
}
