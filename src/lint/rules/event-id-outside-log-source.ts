import { detection, ruleText } from '../examples.ts';
import { admittedEvents, factsOf, logSourceOfEvent, neverHoldsOnAny, onEventId, type RuleFacts } from '../facts/rule-facts.ts';
import type { LintRule } from '../lint-rule.ts';
import { atomsOf } from '../logic/formula.ts';

const DETECTION = detection(`selection:
    EventID: 21
    Consumer|contains: ActiveScriptEventConsumer
condition: selection`);

export const lintRule: LintRule = {
  id: 'event-id-outside-log-source',
  severity: 'error',
  summary: 'The log source admits no event with this EventID.',
  why:
    'A category stands for certain events: `process_creation` for Sysmon 1 and Security 4688, `file_event` for Sysmon 11. A rule ' +
    'that asks for another EventID below such a category can never match, and nothing tells its author. It is an error where ' +
    'the whole rule cannot match, a warning where only one of several EventIDs is out of reach.',
  aliases: [],
  avoid: ruleText('logsource:\n    category: process_creation\n    product: windows', DETECTION),
  prefer: ruleText('logsource:\n    category: wmi_event\n    product: windows', DETECTION),
  check(document, report) {
    const facts = factsOf(document);
    if (facts === null || facts.sources.length === 0 || facts.neverHolds) return;
    const events = admittedEvents(facts);
    if (events.some((event) => event.eventId === null)) return;
    const never = neverHoldsOnAny(facts, onEventId);
    for (const atom of new Set(atomsOf(facts.formula))) {
      if (atom.field !== 'EventID' || events.some((event) => onEventId(atom, event) !== false)) continue;
      report({
        at: atom.value.span,
        severity: never ? 'error' : 'warning',
        message: `${nameOf(facts)} has no event with EventID ${atom.value.source}${never ? ', so the rule can never match' : ''}.`,
        hint: hintFor(facts, Number(atom.value.source)),
      });
    }
  },
};

function nameOf({ rule }: RuleFacts): string {
  const { category, service } = rule.logsource;
  return [category && `category "${category}"`, service && `service "${service}"`].filter(Boolean).join(' with ');
}

function hintFor(facts: RuleFacts, eventId: number): string {
  const ids = [...new Set(facts.sources.flatMap((source) => source.eventIds))];
  const category = Number.isSafeInteger(eventId) ? logSourceOfEvent(eventId) : undefined;
  const has = `It stands for EventID ${ids.join(', ')}.`;
  return category === undefined ? has : `${has} Event ${eventId} belongs to \`category: ${category}\`.`;
}
