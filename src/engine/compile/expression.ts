/**
 * A rule's condition as a tree over numbered predicates. In: a validated detection rule. Out: the tree. Its leaves are numbered,
 * and each is annotated with what evidence shows of it.
 */
import { InternalError } from '../../model/errors.ts';
import type { DetectionRule } from '../../model/rule.ts';
import { type Algebra, type Formula, foldCondition } from '../../sigma/formula.ts';
import type { PredicateTable } from './predicates.ts';
import { predicateOf } from './predicates.ts';

export type Expression = Formula<{ readonly kind: 'predicate'; readonly predicate: number; readonly leaf: number }>;

/** Receives the annotations of leaves: the rule value as written, and its modifiers, such as `contains|all`. */
export interface LeafNotes {
  add(source: string, modifiers: string): number;
}

/** A selection that is named twice becomes one object, so that the program contains it once. */
export function ruleExpression(predicates: PredicateTable, notes: LeafNotes, rule: DetectionRule): Expression {
  const algebra: Algebra<Expression> = {
    atom(item, value, pattern) {
      const field = predicates.field(item.field);
      if (pattern.kind === 'fieldref') predicates.field(pattern.field);
      const leaf = notes.add(value.source, item.modifiers.join('|'));
      const predicate = predicates.intern(predicateOf(field, pattern));
      const expression: Expression = { kind: 'predicate', predicate, leaf };
      return pattern.kind === 'exists' && !pattern.value ? algebra.not(expression) : expression;
    },
    not: (of) => ({ kind: 'not', of }),
    join: (kind, of) => (of.length === 1 ? of[0]! : { kind, of }),
    missing(name) {
      throw new InternalError(`rule "${rule.head.title}" has no selection "${name}"`);
    },
  };
  return foldCondition(rule.condition, rule.selections, algebra);
}
