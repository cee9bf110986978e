import { selectionText } from '../examples.ts';
import { admittedEvents, onEventId } from '../facts/rule-facts.ts';
import type { LintRule } from '../lint-rule.ts';
import { atomsOf } from '../logic/formula.ts';

export const lintRule: LintRule = {
  id: 'redundant-event-id',
  severity: 'info',
  summary: 'The category already says which EventID it is.',
  why:
    'An EventID below a category ties the rule to one of the sources that serve it: with `EventID: 1` a rule of ' +
    '`process_creation` never matches a Security 4688.',
  aliases: [
    'sigmahq_category_event_id',
    'SigmahqCategoryEventIdValidator',
    'sigmahq_redundant_field',
    'SigmahqRedundantFieldValidator',
  ],
  avoid: selectionText(`EventID: 1
Image|endswith: '\\whoami.exe'`),
  prefer: selectionText("Image|endswith: '\\whoami.exe'"),
  checkDetection(facts, report) {
    if (facts.rule.logsource.category === undefined) return;
    // Reported once, even if the condition names the selection twice.
    for (const atom of new Map([...atomsOf(facts.formula)].map((atom) => [atom.value, atom])).values()) {
      if (atom.field !== 'EventID') continue;
      const events = admittedEvents(facts);
      const own = events.filter((event) => onEventId(atom, event) === true);
      const [first] = own;
      // Where an event source of the category has several EventIDs, naming one of them is a choice.
      if (first === undefined || events.some((event) => event.source.via === first.source.via && !own.includes(event))) continue;
      const others = [...new Set(events.filter((event) => !own.includes(event)).map((event) => event.source.via))];
      report({
        at: atom.value.span,
        message: `EventID ${atom.value.source} is what category "${facts.rule.logsource.category}" means${others.length === 0 ? '' : `; naming it shuts out ${others.join(', ')}`}.`,
        hint: 'Leave it out.',
      });
    }
  },
};
