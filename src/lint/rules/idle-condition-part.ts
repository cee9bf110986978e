import type { Condition } from '../../model/rule.ts';
import { detectionText } from '../examples.ts';
import type { RuleFacts } from '../facts/rule-facts.ts';
import type { LintRule } from '../lint-rule.ts';
import { conditionFormula, join, normalise } from '../logic/formula.ts';

export const lintRule: LintRule = {
  id: 'idle-condition-part',
  severity: 'warning',
  summary: 'A part of the condition changes nothing.',
  why:
    'Whatever satisfies the rest of the condition satisfies this part as well (or, below `or`, is found without it). A pattern ' +
    'like `1 of selection_*` easily takes in a selection that the condition already names, and then asks for nothing more. A ' +
    'filter without effect (an information) looks for events that the selections never find.',
  avoid: detectionText(`selection_image:
    Image|endswith: '\\whoami.exe'
selection_path_user:
    CurrentDirectory|contains: '\\Users\\'
selection_path_temp:
    CurrentDirectory|contains: '\\Temp\\'
condition: 1 of selection_* and selection_image`),
  prefer: detectionText(`selection_image:
    Image|endswith: '\\whoami.exe'
selection_path_user:
    CurrentDirectory|contains: '\\Users\\'
selection_path_temp:
    CurrentDirectory|contains: '\\Temp\\'
condition: 1 of selection_path_* and selection_image`),
  checkDetection(facts, report) {
    if (facts.neverHolds) return;
    for (const part of idleParts(facts.rule.condition, facts)) {
      const filter = part.kind === 'not';
      report({
        at: facts.rule.conditionSpan,
        severity: filter ? 'info' : 'warning',
        message: `the part "${written(part)}" of the condition changes nothing.`,
        hint: filter ? 'It looks for events that the rest never finds.' : 'The rest of the condition implies it.',
      });
    }
  },
};

function* idleParts(condition: Condition, facts: RuleFacts): Iterable<Condition> {
  if (condition.kind !== 'and' && condition.kind !== 'or') return;
  const { selections } = facts.rule;
  const formulas = condition.of.map((part) => normalise(conditionFormula(part, selections)));
  const idle = new Set<number>();
  for (const [i, part] of condition.of.entries()) {
    const rest = formulas.filter((_, j) => j !== i && !idle.has(j));
    const other = join(condition.kind, rest);
    const proven =
      condition.kind === 'and' ? facts.prover.implies(other, formulas[i]!) : facts.prover.implies(formulas[i]!, other);
    if (rest.length > 0 && proven) {
      idle.add(i);
      yield part;
    } else yield* idleParts(part, facts);
  }
}

function written(condition: Condition): string {
  switch (condition.kind) {
    case 'selection':
      return condition.name;
    case 'selector':
      return `${condition.quantifier === 'all' ? 'all' : '1'} of ${condition.pattern}`;
    case 'not':
      return `not ${written(condition.of)}`;
    default:
      return `(${condition.of.map(written).join(` ${condition.kind} `)})`;
  }
}
