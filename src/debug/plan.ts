/**
 * A compiled rule set as text: for each rule its event sources, its anchors (predicates of which one must hold), and its program
 * as a tree of predicates.
 */
import { type MatchPlan, NODE, PREDICATE } from '../model/match-plan.ts';
import { type RuleSet, sourcesOf } from '../model/ruleset.ts';

const KINDS = Object.fromEntries(Object.entries(PREDICATE).map(([name, number]) => [number, name]));

/** The rules in the order of the rule set. A correlation has no program: the text names the rules it refers to. */
export function* planText(ruleSet: RuleSet): Iterable<string> {
  const { rules, correlations, unused, plan } = ruleSet;
  for (const [rule, { title, path }] of rules.entries()) {
    yield `rule ${rule}: ${title} (${path})`;
    for (const { via, channels, providers, eventIds, when } of sourcesOf(ruleSet, rule)) {
      yield `  source ${via}: channel ${channels.join(' or ') || 'any'}, ${eventIds.length === 0 ? 'any EventID' : `EventID ${eventIds.join(', ')}`}${
        providers.length === 0 ? '' : `, provider ${providers.join(' or ')}`
      }${when.map(({ field, values }) => `, ${field} ${values.join(' or ') || 'present'}`).join('')}`;
    }
    const start = plan.programStart[rule] ?? -1;
    if (start < 0) {
      const references = correlations.find((one) => one.rule === rule)?.references.flat() ?? [];
      yield `  correlation of ${references.map((one) => `rule ${one}`).join(', ') || 'rules that cannot be used'}`;
      continue;
    }
    if (plan.keyed[rule] === 1) yield `  never without EventID ${span(plan.eventIds, plan.eventIdStart, rule).join(', ')}`;
    const anchors = span(plan.anchors, plan.anchorStart, rule);
    yield plan.always[rule] === 1
      ? '  evaluated for every event of its sources'
      : `  never without ${anchors.map((one) => predicateText(plan, one)).join(' | ')}`;
    yield* nodeLines(plan, start, '  ');
  }
  for (const { rule, reason } of unused) yield `not used: ${rule.title} (${rule.path}): ${reason}`;
}

function span(values: Int32Array, starts: Int32Array, at: number): number[] {
  return [...values.subarray(starts[at], starts[at + 1])];
}

/** For example `Image endswith "\cmd.exe"`. What a regular expression or wildcard needs besides its literal is shown as data. */
function predicateText(plan: MatchPlan, number: number): string {
  const literal = plan.literal[number]!;
  const pattern = plan.pattern[number]!;
  const text =
    literal < 0 ? '' : ` ${JSON.stringify(plan.literals.slice(plan.literalStart[literal], plan.literalStart[literal + 1]))}`;
  const test =
    pattern < 0
      ? ''
      : ` ${JSON.stringify(plan.patterns[pattern], (_, value) => (typeof value === 'bigint' ? `${value}` : value))}`;
  return `${plan.fields[plan.field[number]!] || '(any value)'} ${KINDS[plan.kind[number]!]}${text}${test}`;
}

function* nodeLines(plan: MatchPlan, at: number, indent: string): Iterable<string> {
  const { program } = plan;
  const end = program[at + 1]!;
  const deeper = `${indent}  `;
  switch (program[at]) {
    case NODE.some:
    case NODE.every:
      if (end - at > 4) yield `${indent}${program[at] === NODE.some ? 'one of' : 'all of'}`;
      for (let i = at + 3; i < end; i++) yield `${end - at > 4 ? deeper : indent}${predicateText(plan, program[i]!)}`;
      break;
    case NODE.or:
    case NODE.and:
      yield `${indent}${program[at] === NODE.or ? 'or' : 'and'}`;
      for (let child = at + 2; child < end; child = program[child + 1]!) yield* nodeLines(plan, child, deeper);
      break;
    case NODE.not:
      yield `${indent}not`;
      yield* nodeLines(plan, at + 2, deeper);
      break;
    default:
      yield* nodeLines(plan, program[at + 2]!, indent);
  }
}
