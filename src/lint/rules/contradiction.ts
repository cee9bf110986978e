import { detection, ruleText } from '../examples.ts';
import { factsOf } from '../facts/rule-facts.ts';
import type { LintRule } from '../lint-rule.ts';
import { normalise } from '../logic/formula.ts';
import { positivePart } from '../logic/proof.ts';

export const lintRule: LintRule = {
  id: 'contradiction',
  severity: 'error',
  summary: 'What the rule asks for cannot be true of one event.',
  why:
    'A field of a Windows event has one value. A condition that wants two different ones of it, or wants a field to be ' +
    'absent and to have a value, never holds.',
  aliases: [],
  avoid: ruleText(
    detection(`selection_parent:
    ParentImage|endswith: '\\cmd.exe'
selection_shell:
    ParentImage|endswith: '\\powershell.exe'
condition: all of selection_*`),
  ),
  prefer: ruleText(
    detection(`selection_parent:
    ParentImage|endswith: '\\cmd.exe'
selection_shell:
    ParentImage|endswith: '\\powershell.exe'
condition: 1 of selection_*`),
  ),
  check(document, report) {
    const facts = factsOf(document);
    if (facts === null || !facts.neverHolds) return;
    if (!facts.prover.neverHolds(positivePart(normalise(facts.formula)))) return;
    report({
      at: facts.rule.conditionSpan,
      message: 'the condition wants things of one field that exclude each other, so the rule can never match.',
      hint: 'Use `1 of` instead of `all of` (or `or` instead of `and`), or put the values into one list.',
    });
  },
};
