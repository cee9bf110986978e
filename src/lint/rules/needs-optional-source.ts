import { selectionText } from '../examples.ts';
import { possibleSources } from '../facts/rule-facts.ts';
import type { LintRule } from '../lint-rule.ts';

const CONNECTION = 'logsource:\n    category: network_connection\n    product: windows';

export const lintRule: LintRule = {
  id: 'needs-optional-source',
  severity: 'warning',
  summary: 'The rule can only match events of a source that is off unless asked for.',
  why:
    'Security 4657, 5156 and WMI-Activity 5861 serve categories that were made for Sysmon, but only with `--optional-source`: they ' +
    'need an audit policy, or are very many. A rule that names such an EventID finds nothing without that flag. A rule about ' +
    'the Security log itself needs no category.',
  avoid: selectionText(
    `Channel: Security
DestinationPort: 135`,
    CONNECTION,
  ),
  prefer: selectionText(
    `EventID: 5156
DestPort: 135`,
    'logsource:\n    service: security\n    product: windows',
  ),
  checkDetection(facts, report) {
    if (facts.neverHolds) return;
    const possible = possibleSources(facts);
    const usual = new Set(facts.usualSources.map((source) => source.via));
    if (possible.length === 0 || possible.some((source) => usual.has(source.via))) return;
    const names = possible.map((source) => source.via);
    report({
      at: facts.rule.logsourceSpan,
      message: `the rule can only match events of ${names.join(', ')}, which is off unless asked for.`,
      hint: `Run it with --optional-source ${names[0]}, or write \`service: security\` for the category.`,
    });
  },
};
