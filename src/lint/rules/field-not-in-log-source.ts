import { modifierNamed } from '../../sigma/modifiers/modifiers.ts';
import { nearest } from '../../sigma/rule/suggest.ts';
import { selectionText } from '../examples.ts';
import { holdsOnlyWith, holdsOnNoEvent, type KnownEvents, knownEvents, usedFields } from '../facts/known-fields.ts';
import { neverHoldsOnAny, onEventId } from '../facts/rule-facts.ts';
import type { LintRule } from '../lint-rule.ts';

export const lintRule: LintRule = {
  id: 'field-not-in-log-source',
  severity: 'warning',
  summary: 'Events of the log source have no such field.',
  why:
    'A test of a field that is never there is false for every event (and true below `not`). The field belongs to another log ' +
    'source, is misspelt, or exists only in what some product adds to the event. It is an error where the rule cannot match ' +
    'without that field and Windows never writes it.',
  aliases: ['sigmahq_invalid_fieldname', 'SigmahqInvalidFieldnameValidator'],
  avoid: selectionText(
    `Image|endswith: '\\whoami.exe'
TargetFilename|startswith: 'C:\\Users\\'`,
    'logsource:\n    category: process_creation\n    product: windows',
  ),
  prefer: selectionText(`Image|endswith: '\\whoami.exe'
CurrentDirectory|startswith: 'C:\\Users\\'`),
  checkDetection(facts, report) {
    // With a wrong log source all fields are wrong. The check of EventIDs then gives the clearer message.
    if (facts.neverHolds || neverHoldsOnAny(facts, onEventId)) return;
    const known = knownEvents(facts);
    if (known === null) return;
    const { fields } = known;
    const events = known.narrowed
      ? `events with EventID ${[...known.byEventId.keys()].join(', ')} have`
      : 'the Windows events of this log source have';
    let reported = false;
    for (const [field, span] of usedFields(facts)) {
      if (fields.has(field)) continue;
      reported = true;
      // `field-name-case` reports a field that differs only in case.
      if (hasOtherCase(fields, field) || field.includes(' ')) continue;
      // Some exporters write the rendered message into their records.
      const needed = field !== 'Message' && holdsOnlyWith(facts, field);
      report({
        at: span,
        severity: needed ? 'error' : 'warning',
        message: `${events} no field "${field}"${needed ? ', so the rule can never match' : ''}.`,
        hint: hintFor(field, fields),
      });
    }
    if (reported || !holdsOnNoEvent(facts, known)) return;
    report({
      at: facts.rule.conditionSpan,
      severity: 'error',
      message: 'no event has all the fields that the condition asks for at once, so the rule can never match.',
      hint: eventsOf(known),
    });
  },
};

/** Which of the fields belong to which event, where the events differ. */
function eventsOf({ byEventId, fields }: KnownEvents): string | undefined {
  const shared = [...fields].filter((name) => [...byEventId.values()].every((names) => names.has(name)));
  const own = [...byEventId].map(([id, names]) => `${id} has ${[...names].filter((name) => !shared.includes(name)).join(', ')}`);
  return byEventId.size > 1 && byEventId.size <= 4 ? `EventID ${own.join('; ')}.` : undefined;
}

function hasOtherCase(known: ReadonlySet<string>, field: string): boolean {
  const lower = field.toLowerCase();
  for (const name of known) if (name.toLowerCase() === lower) return true;
  return false;
}

/** Field names are made of words. A name with another word is another field, not a typing error. */
const FAR = 0.2;

function hintFor(field: string, known: ReadonlySet<string>): string | undefined {
  if (field === 'Message') return 'The rendered message is made when an event is shown; the log holds only the fields.';
  const [name = '', ...modifiers] = field.split(/[:.]/);
  if (modifiers.length > 0 && known.has(name) && modifiers.every((one) => modifierNamed(one) !== undefined))
    return `A modifier stands behind "|": write \`${name}|${modifiers.join('|')}\`.`;
  const near = nearest(field, known, FAR);
  return near === undefined ? undefined : `Did you mean "${near}"?`;
}
