/**
 * Chooses the rules to report. In: flags. Out: which rules are reported. A rule that others refer to is evaluated in any case.
 * Refuses a choice of no rule at all, and names the nearest value that would choose one.
 */
import { UsageError } from '../../../model/errors.ts';
import type { RuleInfo } from '../../../model/match.ts';
import { LEVELS, type Level } from '../../../model/rule.ts';
import { named, namesOf, nearestName, type RuleTest, tagged } from '../../../scan/rule-names.ts';

export interface RuleFilter {
  readonly level: readonly Level[];
  readonly minLevel: Level | null;
  readonly status: readonly string[];
  readonly tag: readonly string[];
  readonly id: readonly string[];
  readonly rule: readonly string[];
  readonly excludeRule: readonly string[];
  readonly excludeTag: readonly string[];
  readonly excludeLevel: readonly Level[];
  readonly excludeStatus: readonly string[];
}

/** null when every rule is reported. */
export function ruleFilter(filter: RuleFilter): RuleTest | null {
  const tests = testsOf(filter);
  return tests.length === 0 ? null : (rule) => tests.every((test) => test(rule));
}

function testsOf(filter: RuleFilter): readonly RuleTest[] {
  const { level, minLevel, status, tag, id, rule, excludeRule, excludeTag, excludeLevel, excludeStatus } = filter;
  const tests: RuleTest[] = [];
  const not =
    (test: RuleTest): RuleTest =>
    (each) =>
      !test(each);
  if (level.length > 0) tests.push(ofLevel(level));
  if (minLevel !== null) tests.push((each) => atLeast(each.level, minLevel));
  if (status.length > 0) tests.push(ofStatus(status));
  if (id.length > 0) tests.push(withId(id));
  if (tag.length > 0) tests.push(tagged(tag));
  if (rule.length > 0) tests.push(named(rule));
  if (excludeRule.length > 0) tests.push(not(named(excludeRule)));
  if (excludeTag.length > 0) tests.push(not(tagged(excludeTag)));
  if (excludeLevel.length > 0) tests.push(not(ofLevel(excludeLevel)));
  if (excludeStatus.length > 0) tests.push(not(ofStatus(excludeStatus)));
  return tests;
}

/** Throws a UsageError for a value that fits no rule in use, and when all values together leave no rule. */
export function checkRuleFilter(filter: RuleFilter, rules: readonly RuleInfo[]): void {
  if (rules.length === 0) return;
  const tags = (): string[] => rules.flatMap((rule) => rule.tags);
  const names = (): string[] => namesOf(rules);
  const check = (
    flag: string,
    values: readonly string[],
    test: (values: readonly string[]) => RuleTest,
    known: () => string[],
  ) => {
    for (const value of values) if (!rules.some(test([value]))) throw new UsageError(noRule(flag, value, known()));
  };
  check('--tag', filter.tag, tagged, tags);
  check('--exclude-tag', filter.excludeTag, tagged, tags);
  check('--id', filter.id, withId, () => rules.flatMap(({ id }) => id ?? []));
  check('--rule', filter.rule, named, names);
  check('--exclude-rule', filter.excludeRule, named, names);
  const tests = testsOf(filter);
  if (tests.length > 0 && !rules.some((rule) => tests.every((test) => test(rule))))
    throw new UsageError(`The filters leave none of ${rules.length} rules. Leave one of them out, or name other rules with -r.`);
}

function noRule(flag: string, value: string, known: readonly string[]): string {
  const near = nearestName(value, known);
  return `${flag} ${value}: no rule in use fits.${near === undefined ? ' Use * for any text.' : ` Did you mean "${near}"?`}`;
}

function ofLevel(levels: readonly Level[]): RuleTest {
  return ({ level }) => level !== null && levels.includes(level);
}

function ofStatus(statuses: readonly string[]): RuleTest {
  return ({ status }) => status !== null && statuses.includes(status.toLowerCase());
}

function withId(ids: readonly string[]): RuleTest {
  const wanted = new Set(ids.map((text) => text.toLowerCase()));
  return ({ id }) => id !== null && wanted.has(id.toLowerCase());
}

/** A rule without a level is below all levels. */
export function atLeast(level: Level | null, threshold: Level): boolean {
  return level !== null && LEVELS.indexOf(level) >= LEVELS.indexOf(threshold);
}
