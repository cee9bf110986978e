/**
 * Says why a rule matched where it should not. In: a test, and each event with its matches while the event is read, because
 * events of logs are not kept. Out: for each rule that takes part, which selections and values held on its first unexpected
 * record.
 */
import type { ChosenRules } from '../explain/rule-pool.ts';
import { shown, valueText, wantedText } from '../explain/value-text.ts';
import { ruleVerdict, type Verdict } from '../explain/verdict.ts';
import type { EventRecord } from '../model/event.ts';
import type { DetectionRule, SigmaRule } from '../model/rule.ts';
import { numberOf, sourcesOf } from '../model/ruleset.ts';
import type { TestCase } from './test-file.ts';

export class UnexpectedMatch {
  readonly #test: TestCase;
  readonly #compiled: ChosenRules;
  /** Number of the rule in the rule set -> its definition. */
  readonly #rules = new Map<number, DetectionRule>();
  readonly #reasons = new Map<number, string>();

  /** `rules` are the tested rules, and those that they refer to. */
  constructor(test: TestCase, rules: readonly SigmaRule[], compiled: ChosenRules) {
    this.#test = test;
    this.#compiled = compiled;
    // A correlation that should fire needs matches of its rules, so none of these is unexpected in itself.
    if (test.match && rules.some(({ kind }) => kind === 'correlation')) return;
    for (const rule of rules) {
      if (rule.kind !== 'detection') continue;
      const at = numberOf(compiled.ruleSet, rule.head);
      if (at >= 0) this.#rules.set(at, rule);
    }
  }

  /** Called for each event with its matches. */
  look(event: EventRecord, matches: readonly { readonly rule: number }[]): void {
    const { match, records } = this.#test;
    if (match && (records === undefined || records.includes(event.index))) return;
    for (const { rule } of matches) {
      const definition = this.#rules.get(rule);
      if (definition !== undefined && !this.#reasons.has(rule)) this.#reasons.set(rule, this.#reason(rule, definition, event));
    }
  }

  #reason(rule: number, definition: DetectionRule, event: EventRecord): string {
    const { ruleSet, targets } = this.#compiled;
    const held = ruleVerdict(definition, event, sourcesOf(ruleSet, rule)).sources.find((one) => one.holds);
    const items = held === undefined ? [] : [...new Set(heldItems(held.condition, ''))];
    const name = targets.includes(rule) ? '' : `"${definition.head.title}": `;
    return `record ${event.index}: ${name}${items.join('; ')}`;
  }

  /** undefined when nothing unexpected matched. */
  get reason(): string | undefined {
    return this.#reasons.size === 0 ? undefined : [...this.#reasons.values()].join('\n');
  }
}

function heldItems(verdict: Verdict, selection: string): readonly string[] {
  if (!verdict.holds || verdict.kind === 'not') return [];
  if (verdict.kind === 'item') {
    const { item, seen, values } = verdict;
    const by = values.filter((one) => one.holds).map(valueText);
    const wanted = by.length === 0 || item.negated ? wantedText(verdict) : [...item.modifiers, by.join(' and ')].join(' ');
    return [`${selection}: ${item.field ?? 'keywords'} ${item.field === null ? '' : `${shown(seen)}, `}wanted ${wanted}`];
  }
  const inside = verdict.kind === 'selection' ? verdict.label : selection;
  return verdict.of.flatMap((one) => heldItems(one, inside));
}
