/**
 * Makes small changes to a rule that a good test notices. In: a detection rule. Out: changed rules, each with what was changed
 * and where. Changes that leave the meaning of the rule as it was are left out.
 */
import type { Condition, Detection, DetectionItem, DetectionRule, Span } from '../model/rule.ts';

export interface Mutant {
  readonly rule: DetectionRule;
  /** `without the value "\a.exe" of Image|endswith`. */
  readonly change: string;
  readonly span: Span;
}

/** Limit on the changed versions of one rule. From longer lists of values, an even sample is taken. */
const MAX_MUTANTS = 200;

export function mutantsOf(rule: DetectionRule): readonly Mutant[] {
  const mutants: Mutant[] = [];
  for (const [name, selection] of Object.entries(rule.selections)) {
    for (const { detection, change, span } of changesOf(selection))
      mutants.push({
        rule: { ...rule, selections: { ...rule.selections, [name]: detection } },
        change: `"${name}" ${change}`,
        span,
      });
  }
  for (const { condition, change } of changedConditions(rule.condition))
    mutants.push({ rule: { ...rule, condition }, change, span: rule.conditionSpan });
  if (mutants.length <= MAX_MUTANTS) return mutants;
  return Array.from({ length: MAX_MUTANTS }, (_, i) => mutants[Math.floor((i * mutants.length) / MAX_MUTANTS)]!);
}

interface Changed {
  readonly detection: Detection;
  readonly change: string;
  readonly span: Span;
}

function* changesOf(detection: Detection): Iterable<Changed> {
  if (detection.kind === 'item') {
    yield* changedItems(detection);
    return;
  }
  for (const [i, part] of detection.of.entries()) {
    const rest = detection.of.filter((_, at) => at !== i);
    const span = part.span;
    if (rest.length > 0) yield { detection: { ...detection, of: rest }, change: `without ${partName(part)}`, span };
    for (const inner of changesOf(part))
      yield { ...inner, detection: { ...detection, of: detection.of.with(i, inner.detection) } };
  }
  if (detection.of.length > 1) {
    const kind = detection.kind === 'all' ? 'any' : 'all';
    yield {
      detection: { ...detection, kind },
      change: kind === 'any' ? 'with one of its items enough' : 'with all of its items needed',
      span: detection.span,
    };
  }
}

function* changedItems(item: DetectionItem): Iterable<Changed> {
  const { span } = item;
  yield { detection: { ...item, negated: !item.negated }, change: `with ${itemName(item)} negated`, span };
  if (item.values.length < 2) return;
  for (const [i, value] of item.values.entries()) {
    const values = item.values.filter((_, at) => at !== i);
    yield {
      detection: { ...item, values },
      change: `without the value "${value.source}" of ${itemName(item)}`,
      span: value.span,
    };
  }
}

interface ChangedCondition {
  readonly condition: Condition;
  readonly change: string;
}

function* changedConditions(condition: Condition): Iterable<ChangedCondition> {
  switch (condition.kind) {
    case 'not':
      yield { condition: condition.of, change: 'the condition without a "not"' };
      return;
    case 'selector':
      if (condition.names.length > 1)
        yield {
          condition: { ...condition, quantifier: condition.quantifier === 'all' ? 'any' : 'all' },
          change: `the condition with "${condition.quantifier === 'all' ? '1' : 'all'} of ${condition.pattern}"`,
        };
      return;
    case 'and':
    case 'or': {
      const other = condition.kind === 'and' ? 'or' : 'and';
      yield { condition: { ...condition, kind: other }, change: `the condition with "${other}" for "${condition.kind}"` };
      for (const [i, part] of condition.of.entries()) {
        yield {
          condition: { ...condition, of: condition.of.filter((_, at) => at !== i) },
          change: `the condition without ${conditionName(part)}`,
        };
        for (const inner of changedConditions(part))
          yield { ...inner, condition: { ...condition, of: condition.of.with(i, inner.condition) } };
      }
      return;
    }
    default:
  }
}

function conditionName(condition: Condition): string {
  switch (condition.kind) {
    case 'selection':
      return `"${condition.name}"`;
    case 'selector':
      return `"${condition.quantifier === 'all' ? 'all' : '1'} of ${condition.pattern}"`;
    case 'not':
      return `"not" and ${conditionName(condition.of)}`;
    default:
      return `a part in parentheses`;
  }
}

function itemName(item: DetectionItem): string {
  return [item.field ?? 'keywords', ...item.modifiers].join('|');
}

function partName(part: Detection): string {
  return part.kind === 'item' ? itemName(part) : `a part of ${part.of.length} items`;
}
