/** What the compiler makes and the matcher runs. */

import type { JsonWriter } from '../bytes/json-writer.ts';
import type { EventRecord } from './event.ts';
import type { EventSource } from './logsource.ts';
import type { MatchedField, RuleInfo } from './match.ts';
import type { MatchPlan } from './match-plan.ts';
import type { CorrelationRule } from './rule.ts';

/** A rule that is loaded but cannot be used on event logs, and why. */
export interface UnusedRule {
  readonly rule: RuleInfo;
  readonly reason: string;
}

/** A correlation rule, its references resolved. */
export interface CompiledCorrelation {
  /** Index into the rule set's `rules`. */
  readonly rule: number;
  readonly definition: CorrelationRule;
  /**
   * For each entry of `definition.rules`, the rules that it names, as indexes into `rules` (detections or correlations). Empty
   * when none of them can be used on event logs.
   */
  readonly references: readonly (readonly number[])[];
}

/**
 * What a filter document suppresses in a rule, as a program of its own: it holds where the rule would hold without this filter.
 */
export interface Suppression {
  /** Index into `rules`. */
  readonly rule: number;
  /** The title of the filter. */
  readonly filter: string;
}

/** Everything a scan needs of the rules. Plain data: survives `structuredClone` and `v8.serialize`. */
export interface RuleSet {
  /** Rules in use, in load order: detections and correlations. */
  readonly rules: readonly RuleInfo[];
  /**
   * What filters suppress. Their programs and event sources follow those of the rules: the first has the number `rules.length`.
   * They are no rules, and only a matcher that is asked for them finds them.
   */
  readonly suppressions: readonly Suppression[];
  /** Distinct event sources. */
  readonly sources: readonly EventSource[];
  /**
   * For each rule, its event sources as indexes into `sources`; empty for correlations. The `source` that a
   * {@link Matcher} names is a position in the list of the rule.
   */
  readonly ruleSources: readonly (readonly number[])[];
  /** Per rule: true when it raises no match of its own (a correlation refers to it and does not say `generate: true`). */
  readonly silent: readonly boolean[];
  readonly correlations: readonly CompiledCorrelation[];
  readonly unused: readonly UnusedRule[];
  readonly plan: MatchPlan;
}

/** The event source that a match came through. */
export function sourceOf(ruleSet: RuleSet, rule: number, source: number): EventSource {
  const found = ruleSet.sources[ruleSet.ruleSources[rule]?.[source] ?? -1];
  if (found === undefined) throw new RangeError(`rule ${rule} has no event source ${source}`);
  return found;
}

/** All event sources of a rule. */
export function sourcesOf({ sources, ruleSources }: RuleSet, rule: number): readonly EventSource[] {
  return (ruleSources[rule] ?? []).flatMap((number) => sources[number] ?? []);
}

/** The number of a rule; -1 when the rule set does not have it. */
export function numberOf({ rules }: RuleSet, { path, title }: Pick<RuleInfo, 'path' | 'title'>): number {
  return rules.findIndex((rule) => rule.path === path && rule.title === title);
}

/** Finds the rules that match an event. It has no state except caches. Each thread needs its own. */
export interface Matcher {
  /**
   * Calls `onMatch(rule, source)` for each rule that matches, in rule order: `rule` is an index into `rules`, `source` an index
   * into the rule's event sources. At most one call for each rule and event. When a regular expression takes too long on a
   * value, `onUndecided` is called with the rules that depend on it; without `onUndecided`, an error is thrown.
   */
  match(event: EventRecord, onMatch: (rule: number, source: number) => void, onUndecided?: (rule: number) => void): void;
  /** How much work regular expressions have done on this thread so far, in states visited. */
  readonly regexVisits: number;
  /** True when some rule may look at events of this channel. */
  covers(channel: string): boolean;
  /** Why a rule matches an event, field by field. Slow, so it is for matches only. */
  evidence(event: EventRecord, rule: number, source: number): readonly MatchedField[];
  /** Writes the evidence as a JSON array that is harmless to print; many times faster. A scan keeps this for each match. */
  writeEvidence(event: EventRecord, rule: number, source: number, out: JsonWriter): void;
}
