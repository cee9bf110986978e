import { selectionText } from '../examples.ts';
import type { LintRule } from '../lint-rule.ts';
import { atomsOf } from '../logic/formula.ts';
import { patternOn } from '../logic/pattern.ts';

export const lintRule: LintRule = {
  id: 'redundant-provider-name',
  severity: 'info',
  summary: 'The category already says which provider it is.',
  why: 'Like an EventID, a Provider_Name below a category ties the rule to one of the sources that serve it.',
  aliases: ['sigmahq_category_windows_provider_name', 'SigmahqCategoryWindowsProviderNameValidator'],
  avoid: selectionText(`Provider_Name: Microsoft-Windows-Sysmon
Image|endswith: '\\whoami.exe'`),
  prefer: selectionText("Image|endswith: '\\whoami.exe'"),
  checkDetection(facts, report) {
    if (facts.rule.logsource.category === undefined) return;
    for (const atom of new Set(atomsOf(facts.formula))) {
      if (atom.field !== 'Provider_Name') continue;
      if (!facts.sources.some((source) => source.providers.some((provider) => patternOn(atom.pattern, provider) === true)))
        continue;
      report({
        at: atom.value.span,
        message: `the category "${facts.rule.logsource.category}" already means this provider.`,
        hint: 'Leave it out.',
      });
    }
  },
};
