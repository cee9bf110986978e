/** Rules and events for tests of the matcher, and both evaluators side by side. */

import { compileRules } from '../../../src/engine/compile/compile.ts';
import { interpretRule } from '../../../src/engine/match/interpret.ts';
import { createMatcher } from '../../../src/engine/match/matcher.ts';
import type { EventRecord } from '../../../src/model/event.ts';
import type { DetectionRule, SigmaRule } from '../../../src/model/rule.ts';
import { type RuleSet, sourceOf } from '../../../src/model/ruleset.ts';
import { passesGate } from '../../../src/sigma/logsource/fields.ts';
import { resolveLogSource } from '../../../src/sigma/logsource/resolve.ts';
import { parseRules } from '../../../src/sigma/rule/parse-rules.ts';
import { thread } from '../../../src/thread.ts';

/** The rules of a text; fails where one is refused. */
export function rulesOf(text: string): readonly SigmaRule[] {
  const { rules, refused } = parseRules(text, 'test.yml');
  if (refused.length > 0) throw new Error(refused.flatMap(({ diagnostics }) => diagnostics.map((one) => one.message)).join('\n'));
  return rules;
}

export function compiled(text: string): RuleSet {
  return compileRules(rulesOf(text), (logsource) => resolveLogSource(logsource));
}

/** A rule with only a title, a log source and a detection, which is given as YAML. */
export function ruleText(detection: string, logsource = 'product: windows'): string {
  return `title: test\nlogsource: {${logsource}}\ndetection:\n${detection.replace(/^/gm, '  ')}\n`;
}

export interface Hit {
  readonly rule: number;
  readonly source: number;
}

export function matcherHits(
  ruleSet: RuleSet,
  event: EventRecord,
  matcher = createMatcher(ruleSet, undefined, thread.accelerator),
): Hit[] {
  const hits: Hit[] = [];
  matcher.match(event, (rule, source) => hits.push({ rule, source }));
  return hits;
}

/** What the reference evaluator finds: for each rule its first event source through which it holds. */
export function interpreterHits(ruleSet: RuleSet, rules: readonly DetectionRule[], event: EventRecord): Hit[] {
  const hits: Hit[] = [];
  rules.forEach((detection, rule) => {
    const source = ruleSet.ruleSources[rule]!.findIndex((_, i) => {
      const eventSource = sourceOf(ruleSet, rule, i);
      return passesGate(event, eventSource) && interpretRule(detection, event, eventSource);
    });
    if (source >= 0) hits.push({ rule, source });
  });
  return hits;
}

/** The detections of `rules` that a rule set uses, by rule number. */
export function usedDetections(rules: readonly SigmaRule[]): DetectionRule[] {
  return rules.filter((rule) => rule.kind === 'detection').filter((rule) => resolveLogSource(rule.logsource).kind === 'sources');
}
