/**
 * Runs a small rule set. In: the rule set and events. Out: what the engine finds (matches and correlations), and which
 * selections held.
 */

import { eventView, interpretDetection } from '../engine/match/interpret.ts';
import { createMatcher } from '../engine/match/matcher.ts';
import { correlate } from '../findings/correlate/correlate.ts';
import { matchFieldsOf } from '../findings/store/match-fields.ts';
import { matchStream } from '../findings/store/match-stream.ts';
import { type EventRecord, snapshotEvent } from '../model/event.ts';
import type { Correlation, Match } from '../model/match.ts';
import type { DetectionRule } from '../model/rule.ts';
import { type RuleSet, sourceOf, sourcesOf } from '../model/ruleset.ts';
import { passesGate } from '../sigma/logsource/fields.ts';

/** Limit on the matches kept from one run. A test that needs more is badly made. */
export const MAX_MATCHES = 200_000;

/** Records which selections have held for some event of the rule's log source. */
export interface SelectionWatch {
  /** Index into the rule set. */
  readonly rule: number;
  readonly definition: DetectionRule;
  /** Names of selections that have not held yet. */
  readonly open: Set<string>;
}

export class Evaluation {
  readonly matches: Match[] = [];
  events = 0;
  readonly #ruleSet: RuleSet;
  readonly #matcher;
  readonly #watches: readonly SelectionWatch[];

  constructor(ruleSet: RuleSet, watches: readonly SelectionWatch[] = []) {
    this.#ruleSet = ruleSet;
    this.#matcher = createMatcher(ruleSet);
    this.#watches = watches;
  }

  add(event: EventRecord, file: string): void {
    this.events++;
    this.#matcher.match(event, (rule, source) => {
      if (this.matches.length >= MAX_MATCHES) return;
      const { via } = sourceOf(this.#ruleSet, rule, source);
      this.matches.push({ kind: 'match', rule, via, event: snapshotEvent(event, file), fields: [] });
    });
    for (const watch of this.#watches) if (watch.open.size > 0) this.#watch(watch, event);
  }

  #watch({ rule, definition, open }: SelectionWatch, event: EventRecord): void {
    for (const source of sourcesOf(this.#ruleSet, rule)) {
      if (!passesGate(event, source)) continue;
      const view = eventView(event, source);
      for (const name of [...open]) {
        const selection = definition.selections[name];
        if (selection !== undefined && interpretDetection(selection, view)) open.delete(name);
      }
    }
  }

  matchesOf(rule: number): readonly Match[] {
    return this.matches.filter((match) => match.rule === rule);
  }

  /** Correlations of all rules, also of those that only others refer to. */
  correlations(): readonly Correlation[] {
    const loud = { ...this.#ruleSet, silent: this.#ruleSet.rules.map(() => false) };
    return correlate(matchStream(this.matches), loud, { fieldValue: matchFieldsOf(this.#ruleSet) }).correlations;
  }
}
