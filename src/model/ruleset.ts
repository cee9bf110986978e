/** What the compiler makes and the matcher runs. */
import type { EventRecord } from './event.ts';
import type { MatchedField, RuleInfo } from './match.ts';

/** A rule that is loaded but cannot be used on event logs, and why. */
export interface UnusedRule {
  readonly rule: RuleInfo;
  readonly reason: string;
}

/** Finds the rules that hold for an event. State lives in caches only; one matcher per thread. */
export interface Matcher {
  /** Calls `onMatch(rule, source)` for each rule that holds, in rule order: `rule` indexes `rules`, `source` the rule's event
   *  sources. At most one call per rule and event. */
  match(event: EventRecord, onMatch: (rule: number, source: number) => void): void;
  /** True when some rule may look at events of this channel. */
  covers(channel: string): boolean;
  /** Why a rule holds for an event, field by field. For matches only: not fast. */
  evidence(event: EventRecord, rule: number, source: number): readonly MatchedField[];
}
