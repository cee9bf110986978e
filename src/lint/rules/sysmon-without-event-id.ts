import { selectionText } from '../examples.ts';
import type { LintRule } from '../lint-rule.ts';
import { atomsOf } from '../logic/formula.ts';

export const lintRule: LintRule = {
  id: 'sysmon-without-event-id',
  severity: 'warning',
  summary: 'A rule for the service sysmon names no EventID.',
  why: 'Sysmon writes some thirty kinds of events with the same field names. Without an EventID (or a category) a rule for process starts also fires on their ends.',
  aliases: ['sigmahq_sysmon_missing_eventid', 'SigmahqSysmonMissingEventidValidator'],
  avoid: selectionText("Image|endswith: '\\whoami.exe'", 'logsource:\n    product: windows\n    service: sysmon'),
  prefer: selectionText("Image|endswith: '\\whoami.exe'", 'logsource:\n    product: windows\n    category: process_creation'),
  checkDetection(facts, report) {
    if (facts.rule.logsource.service?.toLowerCase() !== 'sysmon' || facts.rule.logsource.category !== undefined) return;
    for (const atom of atomsOf(facts.formula)) if (atom.field === 'EventID') return;
    report({
      at: facts.rule.logsourceSpan,
      message: 'the rule looks at every event of Sysmon.',
      hint: 'Name a category, or an EventID.',
    });
  },
};
