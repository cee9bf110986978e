/** In: the flags that choose rules. Out: which rules are reported. Rules that others refer to are evaluated all the same. */
import type { RuleInfo } from '../../model/match.ts';
import { LEVELS, type Level } from '../../model/rule.ts';

export interface RuleFilter {
  readonly level: readonly Level[];
  readonly minLevel: Level | null;
  readonly status: readonly string[];
  readonly tag: readonly string[];
  readonly id: readonly string[];
}

/** null when every rule is reported. */
export function ruleFilter(filter: RuleFilter): ((rule: RuleInfo) => boolean) | null {
  const { level, minLevel, status, tag, id } = filter;
  const tests: ((rule: RuleInfo) => boolean)[] = [];
  if (level.length > 0) tests.push((rule) => rule.level !== null && level.includes(rule.level));
  if (minLevel !== null) tests.push((rule) => atLeast(rule.level, minLevel));
  if (status.length > 0) tests.push((rule) => rule.status !== null && status.includes(rule.status.toLowerCase()));
  if (id.length > 0) {
    const ids = new Set(id.map((text) => text.toLowerCase()));
    tests.push((rule) => rule.id !== null && ids.has(rule.id.toLowerCase()));
  }
  if (tag.length > 0) {
    const wanted = tag.map((text) => text.toLowerCase());
    tests.push((rule) => rule.tags.some((own) => wanted.some((text) => tagMatches(own.toLowerCase(), text))));
  }
  return tests.length === 0 ? null : (rule) => tests.every((test) => test(rule));
}

/** A rule without a level is below all of them. */
export function atLeast(level: Level | null, threshold: Level): boolean {
  return level !== null && LEVELS.indexOf(level) >= LEVELS.indexOf(threshold);
}

/** `attack.t1546` is that tag, `attack.t1546*` also the techniques below it. */
function tagMatches(tag: string, wanted: string): boolean {
  return wanted.endsWith('*') ? tag.startsWith(wanted.slice(0, -1)) : tag === wanted;
}
