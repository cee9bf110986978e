import { selectionText } from '../examples.ts';
import { admittedEvents, neverHoldsOnAny, onChannel, onEventId, onGates } from '../facts/rule-facts.ts';
import { impossibleValue } from '../knowledge/value-forms.ts';
import type { LintRule } from '../lint-rule.ts';
import { atomsOf } from '../logic/formula.ts';

export const lintRule: LintRule = {
  id: 'impossible-value',
  severity: 'warning',
  summary: 'The field never holds such a value.',
  why:
    'Windows writes certain fields in one form only: Sysmon abbreviates `HKEY_LOCAL_MACHINE` to `HKLM`, `Initiated` is true or ' +
    'false, an EventID is a number. A rule that asks for another form waits for ever. It is an error where that is all the ' +
    'rule asks for.',
  avoid: selectionText(
    "TargetObject|startswith: 'HKEY_LOCAL_MACHINE\\SOFTWARE\\Microsoft\\Windows\\CurrentVersion\\Run\\'",
    'logsource:\n    category: registry_set\n    product: windows',
  ),
  prefer: selectionText(
    "TargetObject|startswith: 'HKLM\\SOFTWARE\\Microsoft\\Windows\\CurrentVersion\\Run\\'",
    'logsource:\n    category: registry_set\n    product: windows',
  ),
  checkDetection(facts, report) {
    if (facts.sources.length === 0 || facts.neverHolds) return;
    const events = admittedEvents(facts);
    const forms = new Map([...atomsOf(facts.formula)].map((atom) => [atom, impossibleValue(atom, facts)]));
    // Other lint rules report a rule that never matches because of its channel or its EventIDs alone.
    const byOthers = neverHoldsOnAny(facts, (atom, event) => onChannel(atom, event) ?? onEventId(atom, event));
    const gated = !byOthers && neverHoldsOnAny(facts, onGates);
    const formed =
      !byOthers &&
      !gated &&
      neverHoldsOnAny(facts, (atom, event) => (forms.get(atom)?.certain === true ? false : onGates(atom, event)));
    for (const atom of new Set(atomsOf(facts.formula))) {
      const form = forms.get(atom);
      if (form !== undefined) {
        report({
          at: atom.value.span,
          severity: form.severity ?? (formed && form.certain ? 'error' : 'warning'),
          message: form.message,
          hint: form.hint,
        });
      } else if (events.every((event) => onEventId(atom, event) === undefined && onGates(atom, event) === false)) {
        const values = events.flatMap(({ source }) =>
          source.when.flatMap((gate) => (gate.field === atom.field ? gate.values : [])),
        );
        report({
          at: atom.value.span,
          severity: gated ? 'error' : 'warning',
          message: `events of this log source have other values of "${atom.field}"${gated ? ', so the rule can never match' : ''}.`,
          hint: `They have ${[...new Set(values)].join(', ')}.`,
        });
      }
    }
  },
};
