/**
 * The EventIDs outside of which a rule cannot hold, taken from its own `EventID` conditions. A service (`service: security`)
 * names a whole channel. Without these EventIDs every rule of the channel would be a candidate for each event in it.
 */
import { PREDICATE } from '../../model/match-plan.ts';
import { getOrInsert } from '../../model/values/maps.ts';
import type { Expression } from './expression.ts';
import type { PredicateTable } from './predicates.ts';

const PLAIN_NUMBER = /^(?:0|[1-9]\d{0,9})$/;

function intersect(a: ReadonlySet<number>, b: ReadonlySet<number>): ReadonlySet<number> {
  return new Set([...a].filter((id) => b.has(id)));
}

/** Null when the rule may hold for any EventID; an empty set when it cannot hold at all. */
export function requiredEventIds(expression: Expression, predicates: PredicateTable): ReadonlySet<number> | null {
  const eventIdField = predicates.findField('EventID');
  const known = new Map<Expression, ReadonlySet<number> | null>();
  const visit = (node: Expression): ReadonlySet<number> | null => getOrInsert(known, node, of);
  const of = (node: Expression): ReadonlySet<number> | null => {
    switch (node.kind) {
      case 'not':
        return null;
      case 'predicate': {
        const { field, kind, literal } = predicates.get(node.predicate);
        if (field !== eventIdField || (kind !== PREDICATE.equals && kind !== PREDICATE.number)) return null;
        return literal !== null && PLAIN_NUMBER.test(literal) ? new Set([Number(literal)]) : null;
      }
      case 'and': {
        // When EventID is repeated, each child may match another of its values. Such events are not looked up by EventID, so this
        // is safe.
        let all: ReadonlySet<number> | null = null;
        for (const child of node.of) {
          const ids = visit(child);
          if (ids !== null) all = all === null ? ids : intersect(all, ids);
        }
        return all;
      }
      case 'or': {
        const all = new Set<number>();
        for (const child of node.of) {
          const ids = visit(child);
          if (ids === null) return null;
          for (const id of ids) all.add(id);
        }
        return all;
      }
    }
  };
  return visit(expression);
}
