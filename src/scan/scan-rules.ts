/**
 * The rules of a scan. In: compiled rules, a tuning file, and which rules the command line wants. Out: the rules that threads look
 * for, those that are reported, and after matching an account of what was left out. All are the same list; they differ in which rules
 * are silent.
 */
import { correlationInputs } from '../findings/correlate/correlate.ts';
import type { MatchStore } from '../findings/store/match-store.ts';
import type { LeftOut, RuleInfo, SuppressedMatches } from '../model/match.ts';
import type { RuleSet } from '../model/ruleset.ts';
import { getOrInsert } from '../model/values/maps.ts';
import { type EventFilter, hideFiltered } from './event-filter.ts';
import { Tuning } from './tuning/tune-rules.ts';
import type { TuningEntry } from './tuning/tuning.ts';

/** Which matches are reported. */
export interface Choice {
  /** All rules when null. Rules that correlations refer to are evaluated all the same. */
  readonly reported: ((rule: RuleInfo) => boolean) | null;
  /** All events when null. */
  readonly events: EventFilter | null;
  /** Entries of a tuning file, and the day for their `expires`. */
  readonly tuning: readonly TuningEntry[];
  readonly today: string;
}

export class ScanRules {
  /** What is evaluated: the rules with the levels of the tuning file. */
  readonly all: RuleSet;
  /** What is reported. */
  readonly reported: RuleSet;
  /**
   * What threads look for. With a look-back these are all rules, because what the report leaves out is context. What is off is
   * counted.
   */
  readonly matched: RuleSet;
  /** True when an event is looked at whole before its matches are reported. */
  readonly looksAtEvents: boolean;
  readonly tuning: Tuning;
  /** What the command line leaves, before rules are switched off. */
  readonly #wanted: RuleSet;
  readonly #events: EventFilter | null;

  /** `looksBack`: rules that the report leaves out are matched as well, because look-back names them. */
  constructor(ruleSet: RuleSet, { tuning, today, reported, events }: Choice, looksBack: boolean) {
    this.tuning = new Tuning(ruleSet, tuning, today);
    this.all = this.tuning.levelled;
    this.#wanted =
      reported === null
        ? this.all
        : { ...this.all, silent: this.all.rules.map((rule, i) => this.all.silent[i] === true || !reported(rule)) };
    this.#events = events;
    this.reported = this.tuning.withOff(this.#wanted);
    this.matched = looksBack ? this.all : this.#wanted;
    this.looksAtEvents = this.#events !== null || this.tuning.looksAtEvents;
  }

  readonly isReported = (rule: number): boolean => this.reported.silent[rule] !== true;

  /** Rules that may be named as context: also those that the report leaves out, not those that are off. */
  get silentContext(): readonly boolean[] {
    return this.tuning.withOff(this.all).silent;
  }

  /** Hides the matches that the filters of events and the tuning file leave out; says what the filters left out. */
  hide(store: MatchStore): readonly LeftOut[] {
    const leftOut = [...(this.#events === null ? [] : hideFiltered(store, this.#events)), ...this.#leftOutByRule(store)];
    this.tuning.apply(store, this.#wanted);
    return leftOut;
  }

  /** Matches of rules that only the filter of rules keeps from being reported. They are known where a look-back needs them. */
  #leftOutByRule(store: MatchStore): readonly LeftOut[] {
    let matches = 0;
    const events = new Set<number>();
    for (let position = 0; position < store.size; position++) {
      const rule = store.ruleAt(position);
      if (this.all.silent[rule] === true || this.#wanted.silent[rule] !== true) continue;
      matches++;
      events.add(store.eventAt(position));
    }
    return matches === 0 ? [] : [{ filter: 'rules', events: events.size, matches }];
  }
}

/**
 * What Sigma filters suppressed in rules that are reported or correlated, by filter. `counts` has one list per range, by
 * suppression.
 */
export function suppressedMatches(
  { silent, suppressions, correlations }: RuleSet,
  counts: readonly (readonly number[])[],
): readonly SuppressedMatches[] {
  const isInput = correlationInputs({ correlations });
  const byFilter = new Map<string, { matches: number; rules: Set<number> }>();
  suppressions.forEach(({ rule, filter }, i) => {
    const known = getOrInsert(byFilter, filter, () => ({ matches: 0, rules: new Set<number>() }));
    if (silent[rule] === true && !isInput(rule)) return;
    const matches = counts.reduce((sum, one) => sum + (one[i] ?? 0), 0);
    known.matches += matches;
    if (matches > 0) known.rules.add(rule);
  });
  return [...byFilter]
    .map(([filter, { matches, rules }]) => ({ filter, matches, rules: rules.size }))
    .sort((a, b) => b.matches - a.matches || (a.filter < b.filter ? -1 : 1));
}
