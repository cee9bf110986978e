/**
 * Anchors: for each rule a small set of predicates, at least one of which must hold for the rule to hold. The matcher looks at a
 * rule only when one of its anchors holds. The best set is therefore one whose predicates rarely hold.
 */
import { PREDICATE } from '../../model/match-plan.ts';
import { getOrInsert } from '../../model/values/maps.ts';
import { COMMON_VALUES } from './common-values.ts';
import type { Expression } from './expression.ts';
import type { Predicate, PredicateTable } from './predicates.ts';

export interface Anchors {
  readonly predicates: readonly number[];
  /** An estimate of how often one of the anchors holds. Only good for comparing sets. */
  readonly cost: number;
}

const COMMON = new Set(COMMON_VALUES);
/** Joined by line feeds, because no literal worth counting contains one. */
const COMMON_TEXT = COMMON_VALUES.join('\n');

function isCommon(kind: number, literal: string): boolean {
  return kind === PREDICATE.equals ? COMMON.has(literal) : COMMON_TEXT.includes(literal);
}

/** An estimate of how often a predicate holds in the events that its rule may look at. */
function frequency(predicate: Predicate, fixed: ReadonlySet<number>): number {
  const { kind, literal } = predicate;
  // Rules are already filed under channel and EventID. A field that these determine has the same value in nearly all those
  // events.
  if (fixed.has(predicate.field)) return 0.9;
  switch (kind) {
    case PREDICATE.text:
      return 1;
    case PREDICATE.unguarded:
      // Such a predicate costs a test per distinct value, and how often the test succeeds is not known.
      return 0.6;
    case PREDICATE.number:
      return 0.1;
    default: {
      const length = literal?.length ?? 0;
      // A literal of one or two characters taken from a regular expression says little.
      if (length === 0 || (length < 3 && kind === PREDICATE.guarded)) return 0.5;
      const common = isCommon(kind, literal!);
      const loose = kind === PREDICATE.contains || kind === PREDICATE.guarded ? 2 : 1;
      return common ? 0.3 : Math.min(0.5, (0.06 * loose) / length);
    }
  }
}

/** Fields that have the same value in all events of one channel and EventID. */
const FIXED_FIELDS = ['EventID', 'Channel', 'Provider_Name'];

/** A wide OR costs space in tables even if nothing in it ever holds. */
const COST_PER_ANCHOR = 0.0001;

/** Null when the rule has no anchors: it may hold although none of its predicates does. */
export function anchorsOf(expression: Expression, predicates: PredicateTable): Anchors | null {
  const fixed = new Set(FIXED_FIELDS.map((name) => predicates.findField(name)));
  const known = new Map<Expression, Anchors | null>();
  const visit = (node: Expression): Anchors | null => getOrInsert(known, node, of);
  const of = (node: Expression): Anchors | null => {
    switch (node.kind) {
      case 'not':
        return null;
      case 'predicate': {
        const predicate = predicates.get(node.predicate);
        if (predicate.kind > PREDICATE.unguarded) return null;
        return { predicates: [node.predicate], cost: frequency(predicate, fixed) + COST_PER_ANCHOR };
      }
      case 'and': {
        let best: Anchors | null = null;
        for (const child of node.of) {
          const anchors = visit(child);
          if (anchors !== null && (best === null || anchors.cost < best.cost)) best = anchors;
        }
        return best;
      }
      case 'or': {
        const all = new Set<number>();
        let cost = 0;
        for (const child of node.of) {
          const anchors = visit(child);
          if (anchors === null) return null;
          for (const predicate of anchors.predicates) all.add(predicate);
          cost += anchors.cost;
        }
        return { predicates: [...all], cost };
      }
    }
  };
  return visit(expression);
}
