/**
 * Decides rules with a predicate that could not be decided, because a regular expression hit its limit of work. In: a rule's
 * program, and what is known about its predicates. Out: whether the rule holds, or null when that depends on an undecided
 * predicate.
 */
import { type MatchPlan, NODE } from '../../model/match-plan.ts';

type Verdict = boolean | null;

/** Runs the program node at `at`. `holds` returns null for an undecided predicate. */
export function decide(plan: MatchPlan, at: number, holds: (predicate: number) => Verdict): Verdict {
  const { program } = plan;
  const end = program[at + 1]!;
  switch (program[at]) {
    case NODE.some:
      return any(program.subarray(at + 3, end), holds);
    case NODE.every:
      return not(any(program.subarray(at + 3, end), (predicate) => not(holds(predicate))));
    case NODE.or:
      return any(children(program, at, end), (child) => decide(plan, child, holds));
    case NODE.and:
      return not(any(children(program, at, end), (child) => not(decide(plan, child, holds))));
    case NODE.not:
      return not(decide(plan, at + 2, holds));
    default:
      return decide(plan, program[at + 2]!, holds);
  }
}

function* children(program: ArrayLike<number>, at: number, end: number): Generator<number> {
  for (let child = at + 2; child < end; child = program[child + 1]!) yield child;
}

function not(verdict: Verdict): Verdict {
  return verdict === null ? null : !verdict;
}

/** True when `of` is true for one item; otherwise null when it is null for one; otherwise false. */
function any(items: Iterable<number>, of: (item: number) => Verdict): Verdict {
  let verdict: Verdict = false;
  for (const item of items) {
    const one = of(item);
    if (one === true) return true;
    if (one === null) verdict = null;
  }
  return verdict;
}
