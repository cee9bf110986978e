import { selectionText } from '../examples.ts';
import { logSourceOfEvent } from '../facts/rule-facts.ts';
import type { LintRule } from '../lint-rule.ts';
import { atomsOf } from '../logic/formula.ts';

export const lintRule: LintRule = {
  id: 'specific-log-source',
  severity: 'warning',
  summary: 'The rule names a service and an EventID where a category exists.',
  why: 'A category is served by every source that has such events: `process_creation` by Sysmon 1 and Security 4688. Named by service and EventID, the rule sees one of them and is blind where only the other is recorded.',
  aliases: ['specific_instead_of_generic_logsource', 'SpecificInsteadOfGenericLogsourceValidator'],
  avoid: selectionText(
    `EventID: 1
Image|endswith: '\\whoami.exe'`,
    'logsource:\n    product: windows\n    service: sysmon',
  ),
  prefer: selectionText("Image|endswith: '\\whoami.exe'", 'logsource:\n    product: windows\n    category: process_creation'),
  checkDetection(facts, report) {
    const service = facts.rule.logsource.service?.toLowerCase();
    if (facts.rule.logsource.category !== undefined || (service !== 'sysmon' && service !== 'security')) return;
    for (const atom of atomsOf(facts.formula)) {
      if (atom.field !== 'EventID' || atom.pattern.kind !== 'number') continue;
      const id = Number(atom.pattern.decimal);
      // Among events of the Security log, only process creation has a category that rules should use.
      const category =
        service === 'security' && id !== 4688 ? undefined : service === 'security' ? 'process_creation' : logSourceOfEvent(id);
      if (category === undefined || (service === 'sysmon' && id > 255)) continue;
      report({
        at: atom.value.span,
        message: `event ${id} of "${service}" belongs to the category "${category}".`,
        hint: `Write \`category: ${category}\` instead of the service.`,
      });
    }
  },
};
