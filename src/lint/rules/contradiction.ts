import type { Condition } from '../../model/rule.ts';
import { detectionText } from '../examples.ts';
import type { RuleFacts } from '../facts/rule-facts.ts';
import type { LintRule } from '../lint-rule.ts';
import { type Atom, conditionFormula, type Formula, join, normalise } from '../logic/formula.ts';
import { positivePart } from '../logic/proof.ts';

export const lintRule: LintRule = {
  id: 'contradiction',
  severity: 'error',
  summary: 'What the rule asks for cannot be true of one event.',
  why:
    'A field of a Windows event has one value. A condition that wants two different ones of it, or wants a field to be ' +
    'absent and to have a value, never holds.',
  avoid: detectionText(`selection_parent:
    ParentImage|endswith: '\\cmd.exe'
selection_shell:
    ParentImage|endswith: '\\powershell.exe'
condition: all of selection_*`),
  prefer: detectionText(`selection_parent:
    ParentImage|endswith: '\\cmd.exe'
selection_shell:
    ParentImage|endswith: '\\powershell.exe'
condition: 1 of selection_*`),
  checkDetection(facts, report) {
    if (!facts.neverHolds) return;
    if (!facts.prover.neverHolds(positivePart(normalise(facts.formula)))) return;
    const pair = conflictingSelections(facts);
    if (pair !== null) {
      const { field, left, right } = pair;
      const values = `\`${field}\` is ${left} and ${right}; one event has one ${field}`;
      report({
        at: facts.rule.conditionSpan,
        message: `the condition can never hold: ${values}.`,
        hint:
          field === 'EventID'
            ? 'For either of them use `1 of` or `or`; for one event after another write a correlation of type `temporal`.'
            : 'Use `1 of` instead of `all of` (or `or` instead of `and`), or put the values into one list.',
      });
      return;
    }
    report({
      at: facts.rule.conditionSpan,
      message: 'the condition wants things of one field that exclude each other, so the rule can never match.',
      hint: 'Use `1 of` instead of `all of` (or `or` instead of `and`), or put the values into one list.',
    });
  },
};

interface Conflict {
  readonly field: string;
  /** `4624 in "selection1" (line 16)`. */
  readonly left: string;
  readonly right: string;
}

/**
 * Two selections that the condition requires together, and a field for which they require different values; null when the
 * reason is not that simple.
 */
function conflictingSelections(facts: RuleFacts): Conflict | null {
  const names = [...new Set(wantedSelections(facts.rule.condition))].slice(0, MAX_SELECTIONS);
  const formulas = names.map((name) => normalise(conditionFormula({ kind: 'selection', name }, facts.rule.selections)));
  for (const [i, left] of formulas.entries()) {
    for (const [j, right] of formulas.slice(0, i).entries()) {
      for (const a of requiredAtoms(left)) {
        for (const b of requiredAtoms(right)) {
          const field = a[0]!.field;
          if (field === null || field !== b[0]!.field || !facts.prover.neverHolds(join('and', [join('or', a), join('or', b)])))
            continue;
          return { field, left: wanted(b, names[j]!), right: wanted(a, names[i]!) };
        }
      }
    }
  }
  return null;
}

/** Limit on the selections, because all pairs are compared. */
const MAX_SELECTIONS = 30;
/** How many values of one selection are named. */
const MAX_VALUES = 4;

function wanted(atoms: readonly Atom[], selection: string): string {
  const values = atoms.slice(0, MAX_VALUES).map(({ item, value }) => [...item.modifiers, value.source].join(' '));
  return `${values.join(' or ')}${atoms.length > MAX_VALUES ? ' or others' : ''} in "${selection}" (line ${atoms[0]!.value.span.line})`;
}

/** For each field that a match needs, the alternatives of which one must hold. */
function requiredAtoms(formula: Formula): readonly (readonly Atom[])[] {
  return (formula.kind === 'and' ? formula.of : [formula]).flatMap((part) => {
    const alternatives = part.kind === 'or' ? part.of : [part];
    const atoms = alternatives.filter((one): one is Atom => one.kind === 'atom');
    return atoms.length === alternatives.length && atoms.length > 0 && atoms.every((one) => one.field === atoms[0]!.field)
      ? [atoms]
      : [];
  });
}

/** Selections that must hold for the condition to hold. */
function wantedSelections(condition: Condition): readonly string[] {
  switch (condition.kind) {
    case 'selection':
      return [condition.name];
    case 'selector':
      return condition.quantifier === 'all' || condition.names.length === 1 ? condition.names : [];
    case 'and':
      return condition.of.flatMap(wantedSelections);
    default:
      return [];
  }
}
