import { catalog } from '../../sigma/logsource/catalog.ts';
import { didYouMean } from '../../sigma/rule/suggest.ts';
import { ruleText } from '../examples.ts';
import type { LintRule } from '../lint-rule.ts';

export const lintRule: LintRule = {
  id: 'log-source-without-events',
  severity: 'warning',
  summary: 'No Windows event log holds what the log source names.',
  why:
    'A rule for Windows whose category or service nobody knows, or that only a live trace provides, is never evaluated. winnow ' +
    'says so in its summary and does not run the rule on everything. Log sources of your own go into a file for `--logsources`.',
  aliases: ['sigmahq_logsource_unknown', 'SigmahqLogsourceUnknownValidator'],
  avoid: ruleText('logsource:\n    category: process_creations\n    product: windows'),
  prefer: ruleText('logsource:\n    category: process_creation\n    product: windows'),
  checkDetection(facts, report) {
    if (facts.resolution.kind !== 'not-applicable') return;
    const { product, category, service } = facts.rule.logsource;
    // A rule for another product is no fault.
    if (product?.toLowerCase() !== 'windows') return;
    const typo =
      (category === undefined || catalog.categories.has(category)
        ? undefined
        : didYouMean(category, catalog.categories.keys())) ??
      (service === undefined || catalog.services.has(service) ? undefined : didYouMean(service, catalog.services.keys()));
    const isBoth =
      category !== undefined && service !== undefined && catalog.categories.has(category) && catalog.services.has(service);
    const hint = typo ?? (isBoth ? 'An event has to be of both: name only one of them.' : undefined);
    report({ at: facts.rule.logsourceSpan, message: `${facts.resolution.reason}.`, hint });
  },
};
