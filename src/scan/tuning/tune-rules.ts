/**
 * Applies a tuning file. In: the rules in use, the entries, the day. Out: the rules with their new levels, the rules that are
 * off, and after matching an account of what each entry did. An entry that is over, or that no rule fits, changes nothing and is
 * reported.
 */
import type { MatchStore } from '../../findings/store/match-store.ts';
import type { Diagnostic } from '../../model/diagnostic.ts';
import { assertNever } from '../../model/errors.ts';
import type { EventSnapshot } from '../../model/event.ts';
import type { Correlation, RuleInfo, TunedEntry } from '../../model/match.ts';
import type { RuleSet } from '../../model/ruleset.ts';
import { addTo } from '../../model/values/maps.ts';
import { eventKinds, eventTest, kindName } from '../event-filter.ts';
import { named, namesOf, nearestName, tagged } from '../rule-names.ts';
import type { EventNames, TuningEffect, TuningEntry } from './tuning.ts';

/** An entry, the rules that it names, and what it did. */
interface Active {
  readonly entry: TuningEntry;
  readonly rules: readonly number[];
  readonly state: 'applied' | 'expired' | 'no rule';
  /** Correlations among its rules: how often they would have fired is not known once they are off. */
  correlations: number;
  readonly leavesOut: (event: EventSnapshot) => boolean;
  events: number;
  matches: number;
  lastEvent: number;
}

export class Tuning {
  /** The rules with the levels that entries give. */
  readonly levelled: RuleSet;
  /** True when events have to be looked at before their matches are reported. */
  readonly looksAtEvents: boolean;
  readonly #active: readonly Active[];
  /** Entries that are over, name no rule, or cannot do what they say. */
  readonly faults: Diagnostic[] = [];
  /** Rule -> the entry that decides. */
  readonly #off = new Map<number, Active>();
  readonly #level = new Map<number, Active>();
  readonly #events = new Map<number, Active[]>();

  /** `today` as `2027-03-31`. */
  constructor(ruleSet: RuleSet, entries: readonly TuningEntry[], today: string) {
    this.#active = entries.map((entry) => this.#activeOf(entry, ruleSet, today));
    const ofCorrelations = new Set(ruleSet.correlations.map(({ rule }) => rule));
    for (const active of this.#active) if (active.state === 'applied') this.#decide(active, ruleSet.rules, ofCorrelations);
    this.looksAtEvents = this.#events.size > 0;
    this.levelled =
      this.#level.size === 0 ? ruleSet : { ...ruleSet, rules: ruleSet.rules.map((rule, i) => this.#withLevel(rule, i)) };
  }

  /** The same rules; those that are off are silent. Correlations still see their matches. */
  withOff(ruleSet: RuleSet): RuleSet {
    if (this.#off.size === 0) return ruleSet;
    return { ...ruleSet, silent: ruleSet.silent.map((silent, rule) => silent || this.#off.has(rule)) };
  }

  /** Hides matches that an entry leaves out by their event, and counts what each entry did. `filtered` are the rules that the command line leaves. */
  apply(store: MatchStore, filtered: RuleSet): void {
    if (this.#off.size + this.#level.size + this.#events.size === 0) return;
    for (const position of store.positionsInFileOrder()) {
      const rule = store.ruleAt(position);
      // What the command line leaves out is counted by its own filters.
      if (store.isHidden(position) || (filtered.silent[rule] === true && this.levelled.silent[rule] !== true)) continue;
      const by = this.#leftOutBy(rule, store, position);
      if (by !== undefined) store.hide(position);
      const did = by ?? (filtered.silent[rule] === true ? undefined : (this.#off.get(rule) ?? this.#level.get(rule)));
      if (did !== undefined) count(did, store.eventAt(position));
    }
  }

  /** Counts correlations that have another level. */
  applyTo(correlations: readonly Correlation[]): void {
    for (const { rule } of correlations) {
      const by = this.#level.get(rule);
      if (by !== undefined) by.matches++;
    }
  }

  /**
   * What each entry did, and what there is to say of those that did nothing. To be called after {@link apply} and {@link
   * applyTo}.
   */
  account(): { readonly entries: readonly TunedEntry[]; readonly diagnostics: readonly Diagnostic[] } {
    const diagnostics = [...this.faults];
    const entries = this.#active.map((active): TunedEntry => {
      const { entry, rules, events, matches, correlations } = active;
      const isOff = entry.effect.kind === 'off' && correlations > 0;
      const state = active.state === 'applied' && matches === 0 && !isOff ? 'idle' : active.state;
      if (state === 'idle') diagnostics.push(idle(entry));
      const { file = '', line = 0 } = entry.place;
      return {
        file,
        line,
        names: namesText(entry),
        effect: effectText(entry.effect),
        reason: entry.reason,
        expires: entry.expires,
        state,
        rules: rules.length,
        events,
        matches,
      };
    });
    return { entries, diagnostics };
  }

  #activeOf(entry: TuningEntry, { rules, unused }: RuleSet, today: string): Active {
    const { key, name } = entry.of;
    const test = key === 'tag' ? tagged([name]) : named([name]);
    const found = rules.flatMap((rule, i) => (test(rule) ? [i] : []));
    const expired = entry.expires !== null && entry.expires < today;
    if (expired) this.faults.push(over(entry));
    else if (found.length === 0) {
      const asleep = unused.find(({ rule }) => test(rule));
      const known = key === 'tag' ? rules.flatMap(({ tags }) => tags) : namesOf(rules);
      this.faults.push(asleep === undefined ? noRule(entry, nearestName(name, known)) : notUsed(entry, asleep.reason));
    }
    const state = expired ? 'expired' : found.length === 0 ? 'no rule' : 'applied';
    return {
      entry,
      rules: found,
      state,
      correlations: 0,
      leavesOut: leavesOut(entry.effect),
      events: 0,
      matches: 0,
      lastEvent: -1,
    };
  }

  /** `off` wins over a level, and of several levels the last one wins. */
  #decide(active: Active, rules: readonly RuleInfo[], ofCorrelations: ReadonlySet<number>): void {
    const { entry } = active;
    const { effect } = entry;
    for (const rule of active.rules) {
      if (effect.kind === 'events' && ofCorrelations.has(rule)) {
        this.faults.push(ofCorrelation(entry, rules[rule]!));
        continue;
      }
      if (ofCorrelations.has(rule)) active.correlations++;
      if (effect.kind === 'off') this.#off.set(rule, active);
      else if (effect.kind === 'events') addTo(this.#events, rule, active);
      else if (rules[rule]!.level !== effect.level || this.#level.has(rule)) this.#level.set(rule, active);
    }
  }

  #withLevel(rule: RuleInfo, number: number): RuleInfo {
    const effect = this.#level.get(number)?.entry.effect;
    return effect?.kind === 'level' ? { ...rule, level: effect.level } : rule;
  }

  #leftOutBy(rule: number, store: MatchStore, position: number): Active | undefined {
    const entries = this.#events.get(rule);
    if (entries === undefined) return undefined;
    const { event } = store.get(position);
    return entries.find(({ leavesOut: test }) => test(event));
  }
}

function count(active: Active, event: number): void {
  active.matches++;
  // The matches of an event follow each other.
  if (active.lastEvent !== event) active.events++;
  active.lastEvent = event;
}

function leavesOut(effect: TuningEffect): Active['leavesOut'] {
  if (effect.kind !== 'events') return () => false;
  const only = effect.only === null ? () => true : eventTest(effect.only);
  const except = effect.except === null ? () => false : eventTest(effect.except);
  return (event) => !only(event) || except(event);
}

const namesText = ({ of }: TuningEntry): string => `${of.key} "${of.name}"`;

/** `off`, `level low`, `except computer BACKUP01 and user svc-a or svc-b`. */
function effectText(effect: TuningEffect): string {
  switch (effect.kind) {
    case 'off':
      return 'off';
    case 'level':
      return `level ${effect.level}`;
    case 'events': {
      const { only, except } = effect;
      return [only === null ? [] : `only ${eventNames(only)}`, except === null ? [] : `except ${eventNames(except)}`]
        .flat()
        .join(', ');
    }
    default:
      return assertNever(effect);
  }
}

function eventNames(names: EventNames): string {
  return eventKinds
    .flatMap((kind) => (names[kind] === undefined ? [] : [`${kindName(kind)} ${names[kind].join(' or ')}`]))
    .join(' and ');
}

function fault(entry: TuningEntry, code: string, severity: Diagnostic['severity'], message: string, hint?: string): Diagnostic {
  return { code: `tune/${code}`, severity, message: `${namesText(entry)} ${message}`, hint, place: entry.place };
}

function over(entry: TuningEntry): Diagnostic {
  return fault(entry, 'expired', 'warning', `has no effect since ${entry.expires}`, 'Remove the entry, or give it a later day.');
}

function noRule(entry: TuningEntry, near: string | undefined): Diagnostic {
  const hint = near === undefined ? 'Use * for any text.' : `Did you mean "${near}"?`;
  return fault(entry, 'no-rule', 'warning', 'names no rule in use', hint);
}

function notUsed(entry: TuningEntry, reason: string): Diagnostic {
  return fault(entry, 'no-rule', 'info', `names only rules that are not used: ${reason}`);
}

function ofCorrelation(entry: TuningEntry, { title }: RuleInfo): Diagnostic {
  const message = `names the correlation "${title}": "only" and "except" look at single events`;
  return fault(entry, 'correlation', 'warning', message, 'Name the rules that it correlates.');
}

function idle(entry: TuningEntry): Diagnostic {
  return fault(entry, 'idle', 'info', 'changed nothing in these logs');
}
