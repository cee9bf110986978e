/**
 * The predicates in a rule's program. In: a plan, and where the program begins. Out: every predicate in it; those of shared
 * parts once.
 */
import { type MatchPlan, NODE } from '../../model/match-plan.ts';

/** Calls `visit` for each predicate. Stops and returns false as soon as `visit` returns false. */
export function everyPredicate({ program }: MatchPlan, start: number, visit: (predicate: number) => boolean): boolean {
  const seen = new Set<number>();
  const walk = (at: number): boolean => {
    if (seen.has(at)) return true;
    seen.add(at);
    const end = program[at + 1]!;
    switch (program[at]) {
      case NODE.some:
      case NODE.every:
        for (let i = at + 3; i < end; i++) if (!visit(program[i]!)) return false;
        return true;
      case NODE.or:
      case NODE.and:
        for (let child = at + 2; child < end; child = program[child + 1]!) if (!walk(child)) return false;
        return true;
      case NODE.not:
        return walk(at + 2);
      default:
        return walk(program[at + 2]!);
    }
  };
  return walk(start);
}
