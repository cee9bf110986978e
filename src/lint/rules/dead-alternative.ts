import type { DetectionItem } from '../../model/rule.ts';
import { getOrInsert } from '../../model/values/maps.ts';
import { detectionText } from '../examples.ts';
import type { RuleFacts } from '../facts/rule-facts.ts';
import type { LintRule } from '../lint-rule.ts';
import { type Atom, assume, atomsOf, type Formula } from '../logic/formula.ts';

/** In rules with more values, the values are not checked one by one. */
const MAX_ATOMS = 400;

export const lintRule: LintRule = {
  id: 'dead-alternative',
  severity: 'warning',
  summary: 'One of several values can never lead to a match.',
  why:
    'The rule works, but not for this value: a filter takes every event that has it, or another part of the condition excludes ' +
    'it. Either the value or the other part is wrong.',
  avoid: detectionText(`selection:
    Image|endswith:
        - '\\whoami.exe'
        - '\\quser.exe'
filter_main_quser:
    Image|endswith: '\\quser.exe'
condition: selection and not 1 of filter_main_*`),
  prefer: detectionText(`selection:
    Image|endswith:
        - '\\whoami.exe'
        - '\\quser.exe'
filter_main_quser:
    Image: 'C:\\Windows\\System32\\quser.exe'
condition: selection and not 1 of filter_main_*`),
  checkDetection(facts, report) {
    if (facts.neverHolds || facts.sources.length === 0) return;
    const positive = positiveAtoms(facts.formula);
    if (positive.length > MAX_ATOMS) return;
    const seen = new Set<unknown>();
    for (const atom of positive) {
      // When the condition names a selection twice, its atoms occur twice.
      if (seen.has(atom.value)) continue;
      seen.add(atom.value);
      if (!isAlternative(atom) || !isContested(facts, atom, positive) || !isDead(facts, atom, positive)) continue;
      report({
        at: atom.value.span,
        message: `no event with this value of "${atom.field}" can satisfy the condition.`,
        hint: 'Another part of the condition excludes it; remove the value or narrow that part.',
      });
    }
  },
};

function isAlternative(atom: Atom): boolean {
  return atom.item.linking === 'any' && atom.item.values.length > 1 && atom.field !== null && atom.value.pattern.kind !== 'any';
}

/** Atoms that are not below a negation. */
function positiveAtoms(formula: Formula): readonly Atom[] {
  if (formula.kind === 'atom') return [formula];
  return formula.kind === 'and' || formula.kind === 'or' ? formula.of.flatMap(positiveAtoms) : [];
}

/** The answers of `isContested`, which are the same for all values of an item. */
const contestedItems = new WeakMap<DetectionItem, boolean>();

/**
 * False where nothing but the list itself tests the field. No other part can then exclude one of its values, and the rule as a
 * whole is known to be possible.
 */
function isContested(facts: RuleFacts, { item }: Atom, positive: readonly Atom[]): boolean {
  return getOrInsert(contestedItems, item, () => {
    const own = new Set(positive.filter((atom) => atom.item === item));
    return atomsOf(facts.formula).some((atom) => !own.has(atom) && (atom.field === item.field || atom.field === null));
  });
}

/** True when no event can match by this value: without the other values of its item, the rule never holds. */
function isDead(facts: RuleFacts, atom: Atom, positive: readonly Atom[]): boolean {
  const others = new Set(positive.filter((other) => other.value !== atom.value && other.item === atom.item));
  return facts.prover.neverHolds(assume(facts.formula, (other) => (others.has(other) ? false : undefined)));
}
