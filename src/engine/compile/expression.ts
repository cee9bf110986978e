/**
 * A rule's condition as a tree over numbered predicates. In: a validated detection rule. Out: the tree, its leaves numbered
 * and annotated for evidence. Refuses nothing: names in conditions have been resolved.
 */
import { InternalError } from '../../model/errors.ts';
import type { Condition, Detection, DetectionItem, DetectionRule, DetectionValue, Pattern } from '../../model/rule.ts';
import type { PredicateTable } from './predicates.ts';
import { predicateOf } from './predicates.ts';

export type Expression =
  | { readonly kind: 'predicate'; readonly predicate: number; readonly leaf: number }
  | { readonly kind: 'not'; readonly of: Expression }
  | { readonly kind: 'and' | 'or'; readonly of: readonly Expression[] };

/** Where leaves are annotated: the rule value as written and the modifiers, `contains|all`. */
export interface LeafNotes {
  add(source: string, modifiers: string): number;
}

function join(kind: 'and' | 'or', of: readonly Expression[]): Expression {
  return of.length === 1 ? of[0]! : { kind, of };
}

class RuleTranslator {
  readonly #predicates: PredicateTable;
  readonly #notes: LeafNotes;
  readonly #rule: DetectionRule;
  /** One tree per selection, however often the condition names it: the program writes it once. */
  readonly #selections = new Map<string, Expression>();

  constructor(predicates: PredicateTable, notes: LeafNotes, rule: DetectionRule) {
    this.#predicates = predicates;
    this.#notes = notes;
    this.#rule = rule;
  }

  condition(condition: Condition): Expression {
    switch (condition.kind) {
      case 'selection':
        return this.#selection(condition.name);
      case 'not':
        return { kind: 'not', of: this.condition(condition.of) };
      case 'and':
      case 'or':
        return join(
          condition.kind,
          condition.of.map((part) => this.condition(part)),
        );
      case 'selector':
        return join(
          condition.quantifier === 'any' ? 'or' : 'and',
          condition.names.map((name) => this.#selection(name)),
        );
    }
  }

  #selection(name: string): Expression {
    let expression = this.#selections.get(name);
    if (expression === undefined) {
      const detection = Object.hasOwn(this.#rule.selections, name) ? this.#rule.selections[name] : undefined;
      if (detection === undefined) throw new InternalError(`rule "${this.#rule.head.title}" has no selection "${name}"`);
      expression = this.#detection(detection);
      this.#selections.set(name, expression);
    }
    return expression;
  }

  #detection(detection: Detection): Expression {
    if (detection.kind === 'item') return this.#item(detection);
    return join(
      detection.kind === 'all' ? 'and' : 'or',
      detection.of.map((part) => this.#detection(part)),
    );
  }

  #item(item: DetectionItem): Expression {
    const field = this.#predicates.field(item.field);
    const modifiers = item.modifiers.join('|');
    const values = join(
      item.linking === 'all' ? 'and' : 'or',
      item.values.map((value) => this.#pattern(field, value.pattern, value, modifiers)),
    );
    return item.negated ? { kind: 'not', of: values } : values;
  }

  #pattern(field: number, pattern: Pattern, value: DetectionValue, modifiers: string): Expression {
    if (pattern.kind === 'any') {
      return join(
        'or',
        pattern.of.map((part) => this.#pattern(field, part, value, modifiers)),
      );
    }
    if (pattern.kind === 'fieldref') this.#predicates.field(pattern.field);
    const leaf = this.#notes.add(value.source, modifiers);
    const predicate = this.#predicates.intern(predicateOf(field, pattern));
    const expression: Expression = { kind: 'predicate', predicate, leaf };
    return pattern.kind === 'exists' && !pattern.value ? { kind: 'not', of: expression } : expression;
  }
}

export function ruleExpression(predicates: PredicateTable, notes: LeafNotes, rule: DetectionRule): Expression {
  return new RuleTranslator(predicates, notes, rule).condition(rule.condition);
}
