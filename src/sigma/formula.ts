/**
 * Walks a rule's condition and its selections, whatever the walk is for. In: a condition, its selections, and an `Algebra` that
 * says what to make of each part. Out: what the algebra makes of the whole: the tree that the engine compiles, the formula that
 * lint reasons about, or whether the rule can match at all. Refuses nothing: the parser has already resolved the names in
 * conditions.
 */
import { assertNever } from '../model/errors.ts';
import type { Condition, Detection, DetectionItem, DetectionValue, Pattern } from '../model/rule.ts';
import { getOrInsert } from '../model/values/maps.ts';

/** A formula whose smallest parts are of type `A`. It may contain the same object in several places. */
export type Formula<A> =
  | A
  | { readonly kind: 'not'; readonly of: Formula<A> }
  | { readonly kind: 'and' | 'or'; readonly of: readonly Formula<A>[] };

/** What to make of each part of a rule. */
export interface Algebra<F> {
  /** One pattern on one field. An item without a field tests its pattern on every value of the event. */
  atom(item: DetectionItem, value: DetectionValue, pattern: Exclude<Pattern, { kind: 'any' }>): F;
  not(of: F): F;
  join(kind: 'and' | 'or', of: readonly F[]): F;
  /** A selection that the rule does not have. */
  missing(name: string): F;
}

/** Each selection is made only once, however often the condition names it. */
export function foldCondition<F>(condition: Condition, selections: Readonly<Record<string, Detection>>, algebra: Algebra<F>): F {
  const made = new Map<string, F>();
  const selection = (name: string): F =>
    getOrInsert(made, name, () => {
      const detection = Object.hasOwn(selections, name) ? selections[name] : undefined;
      return detection === undefined ? algebra.missing(name) : foldDetection(detection, algebra);
    });
  const fold = (part: Condition): F => {
    switch (part.kind) {
      case 'selection':
        return selection(part.name);
      case 'not':
        return algebra.not(fold(part.of));
      case 'and':
      case 'or':
        return algebra.join(part.kind, part.of.map(fold));
      case 'selector':
        return algebra.join(part.quantifier === 'all' ? 'and' : 'or', part.names.map(selection));
      default:
        return assertNever(part);
    }
  };
  return fold(condition);
}

/** A map is `and`, a list is `or`. */
function foldDetection<F>(detection: Detection, algebra: Algebra<F>): F {
  if (detection.kind === 'item') return foldItem(detection, algebra);
  const parts = detection.of.map((part) => foldDetection(part, algebra));
  return algebra.join(detection.kind === 'all' ? 'and' : 'or', parts);
}

function foldItem<F>(item: DetectionItem, algebra: Algebra<F>): F {
  const fold = (value: DetectionValue, pattern: Pattern): F =>
    pattern.kind === 'any'
      ? algebra.join(
          'or',
          pattern.of.map((part) => fold(value, part)),
        )
      : algebra.atom(item, value, pattern);
  const values = item.values.map((value) => fold(value, value.pattern));
  const all = algebra.join(item.linking === 'all' ? 'and' : 'or', values);
  return item.negated ? algebra.not(all) : all;
}
