/**
 * Which rules may look at an event: a bucket per (channel, EventID), made when the first such event comes. A bucket's rules are
 * grouped into views, one per meaning of fields (the event's own, or those of Security 4688 under Sysmon's names ...).
 */

import { type MatchPlan, PREDICATE } from '../../../model/match-plan.ts';
import type { RuleSet } from '../../../model/ruleset.ts';
import type { TextFilter } from '../../../model/values/text-filter.ts';
import { gateChannel } from '../../../sigma/logsource/fields.ts';
import { everyPredicate } from '../program-predicates.ts';
import { TextFilters } from './text-filters.ts';

/** A field of a view that has anchors: which rules its values make candidates. */
export interface ViewField {
  readonly field: number;
  /** Anchor -> entries of the view. */
  readonly entries: ReadonlyMap<number, readonly number[]>;
  /** Anchors that no index answers: tested on every distinct value. */
  readonly unguarded: readonly number[];
}

/** The fields of a view that read the same slot: its values are looked at once for all of them. */
export interface ViewFields {
  /** Under which the candidates of values are remembered at them. */
  readonly key: number;
  /** The same for looks, which serve several matchers. */
  readonly lookKey: number;
  readonly fields: readonly ViewField[];
  /** What lets a look pass over most values undecoded. */
  readonly filter: TextFilter | null;
}

/** Rules (with the event source that let them in) that read fields the same way. Entries are in rule order. */
export interface View {
  /** Number of the field mapping, and one event source that has it. */
  readonly mapping: number;
  readonly source: number;
  readonly rule: Int32Array;
  /** Which of the rule's event sources. */
  readonly ruleSource: Int32Array;
  /** The event source whose `when` gates are still to be asked, -1 for none. */
  readonly when: Int32Array;
  /** Where the program begins. */
  readonly program: Int32Array;
  readonly fields: readonly ViewField[];
  /** Groups of `fields` that have been asked for, by their positions. */
  readonly groups: Map<string, ViewFields>;
  /** Entries without anchors. */
  readonly always: readonly number[];
  /** What the programs ask for; made when one is first evaluated. */
  asked: AskedFields | null;
  /** Counts the events that were looked at, and in which of them an entry was last found. */
  turn: number;
  readonly foundIn: Int32Array;
}

/** Fields that the programs of a view ask for. */
export interface AskedFields {
  /** By number of the field: its place below, 0 for a field that is not asked for. */
  readonly places: Uint16Array;
  /** By place, from 1 on. */
  readonly fields: Uint16Array;
}

/** A counter: matchers do not disturb each other by it. */
let lastLookKey = 0;

/** A key that nobody else of the thread has. */
export function newLookKey(): number {
  lastLookKey = (lastLookKey + 1) | 0;
  return lastLookKey;
}

export class Views {
  readonly #ruleSet: RuleSet;
  readonly #plan: MatchPlan;
  /** Per event source. */
  readonly #mapping: number[];
  readonly #entries: { rule: number; ruleSource: number }[][];
  /** True when some event source asks for a provider whatever the channel is. */
  readonly providersMatter: boolean;
  readonly #filters: TextFilters;
  #views = new Map<string, View>();
  #nextKey: number;

  /** Rules that are not `wanted` are in no view. */
  constructor(ruleSet: RuleSet, wanted: (rule: number) => boolean) {
    this.#ruleSet = ruleSet;
    this.#plan = ruleSet.plan;
    this.#filters = new TextFilters(ruleSet.plan);
    this.#nextKey = ruleSet.plan.fields.length;
    const mappings = new Map<string, number>();
    this.#mapping = ruleSet.sources.map((source) => {
      const key = JSON.stringify(source.fields);
      if (!mappings.has(key)) mappings.set(key, mappings.size);
      return mappings.get(key)!;
    });
    this.#entries = ruleSet.sources.map(() => []);
    ruleSet.ruleSources.forEach((sources, rule) => {
      if (!wanted(rule)) return;
      sources.forEach((source, ruleSource) => {
        this.#entries[source]!.push({ rule, ruleSource });
      });
    });
    this.providersMatter = ruleSet.sources.some((source) => source.channels.length === 0 && source.providers.length > 0);
  }

  /** How many fields of views have been made: memos of values hold one result for each. */
  get size(): number {
    return this.#nextKey;
  }

  /** The field mapping of an event source. */
  mappingOf(source: number): number {
    return this.#mapping[source]!;
  }

  /** Keys are given anew: memos that were made with the old ones must be void. */
  forget(): void {
    this.#views = new Map();
    this.#nextKey = this.#plan.fields.length;
  }

  /** A group of a view's fields; the same object for the same fields. */
  group(view: View, fields: readonly ViewField[]): ViewFields {
    const name = fields.map(({ field }) => field).join();
    let group = view.groups.get(name);
    if (group === undefined) {
      const filter = this.#filters.filterFor(fields.flatMap((field) => [...field.entries.keys()]));
      group = { key: this.#nextKey++, lookKey: newLookKey(), fields, filter };
      view.groups.set(name, group);
    }
    return group;
  }

  /** The fields that a view's programs ask for. */
  asked(view: View): AskedFields {
    if (view.asked === null) {
      const { field, fields, kind, pattern, patterns } = this.#plan;
      const asked = new Set<number>();
      for (const start of view.program) {
        everyPredicate(this.#plan, start, (predicate) => {
          asked.add(field[predicate]!);
          const reference = kind[predicate] === PREDICATE.fieldref ? patterns[pattern[predicate]!]! : null;
          if (reference?.kind === 'fieldref') asked.add(fields.indexOf(reference.field));
          return true;
        });
      }
      const places = new Uint16Array(fields.length);
      [...asked].forEach((number, i) => {
        places[number] = i + 1;
      });
      view.asked = { places, fields: Uint16Array.from([0, ...asked]) };
    }
    return view.asked;
  }

  /** Event sources whose channel or provider gate such events pass. */
  #sourcesOf(channel: string, provider: string): number[] {
    const name = gateChannel(channel);
    const writer = provider.trim().toLowerCase();
    const passing: number[] = [];
    this.#ruleSet.sources.forEach((source, number) => {
      const anything = source.channels.length === 0 && source.providers.length === 0;
      const byChannel = name !== '' && source.channels.length > 0;
      if (anything || (byChannel ? source.channels.includes(name) : source.providers.includes(writer))) passing.push(number);
    });
    return passing;
  }

  covers(channel: string): boolean {
    return this.#sourcesOf(channel, '').some((source) => this.#entries[source]!.length > 0);
  }

  /**
   * The views of a bucket. `filed`: System/EventID is what rules see as field `EventID`, so that a rule's own `EventID`
   * conditions decide whether it belongs here.
   */
  bucket(channel: string, provider: string, eventId: number, filed: boolean): readonly View[] {
    const { sources } = this.#ruleSet;
    const byMapping = new Map<number, { rule: number; ruleSource: number; source: number }[]>();
    for (const number of this.#sourcesOf(channel, provider)) {
      const source = sources[number]!;
      if (source.eventIds.length > 0 && !source.eventIds.includes(eventId)) continue;
      const native = !Object.hasOwn(source.fields, 'EventID');
      for (const { rule, ruleSource } of this.#entries[number]!) {
        if (filed && native && !this.#asksFor(rule, eventId)) continue;
        const mapping = this.#mapping[number]!;
        const entry = { rule, ruleSource, source: number };
        const entries = byMapping.get(mapping);
        if (entries === undefined) byMapping.set(mapping, [entry]);
        else entries.push(entry);
      }
    }
    return [...byMapping].map(([mapping, entries]) => {
      entries.sort((a, b) => a.rule - b.rule || a.ruleSource - b.ruleSource);
      // Most EventIDs of a channel have the same rules: they share a view and what is known of its values.
      const key = `${mapping}:${entries.map(({ rule, ruleSource }) => `${rule}.${ruleSource}`).join()}`;
      let view = this.#views.get(key);
      if (view === undefined) {
        view = this.#view(mapping, entries);
        this.#views.set(key, view);
      }
      return view;
    });
  }

  #asksFor(rule: number, eventId: number): boolean {
    const { keyed, eventIds, eventIdStart } = this.#plan;
    if (keyed[rule] === 0) return true;
    const end = eventIdStart[rule + 1]!;
    for (let i = eventIdStart[rule]!; i < end; i++) if (eventIds[i] === eventId) return true;
    return false;
  }

  #view(mapping: number, entries: readonly { rule: number; ruleSource: number; source: number }[]): View {
    const { anchors, anchorStart, always, field, kind, programStart } = this.#plan;
    const byField = new Map<number, Map<number, number[]>>();
    const unanchored: number[] = [];
    entries.forEach(({ rule }, entry) => {
      if (always[rule] === 1) unanchored.push(entry);
      for (let i = anchorStart[rule]!; i < anchorStart[rule + 1]!; i++) {
        const anchor = anchors[i]!;
        const anchorField = field[anchor]!;
        let byAnchor = byField.get(anchorField);
        if (byAnchor === undefined) {
          byAnchor = new Map();
          byField.set(anchorField, byAnchor);
        }
        const list = byAnchor.get(anchor);
        if (list === undefined) byAnchor.set(anchor, [entry]);
        else list.push(entry);
      }
    });
    return {
      mapping,
      source: entries[0]!.source,
      rule: Int32Array.from(entries, ({ rule }) => rule),
      ruleSource: Int32Array.from(entries, ({ ruleSource }) => ruleSource),
      when: Int32Array.from(entries, ({ source }) => (this.#ruleSet.sources[source]!.when.length > 0 ? source : -1)),
      program: Int32Array.from(entries, ({ rule }) => programStart[rule]!),
      fields: [...byField].map(([number, byAnchor]) => ({
        field: number,
        entries: byAnchor,
        unguarded: [...byAnchor.keys()].filter((anchor) => kind[anchor] === PREDICATE.unguarded),
      })),
      groups: new Map(),
      always: unanchored,
      asked: null,
      turn: 0,
      foundIn: new Int32Array(entries.length),
    };
  }
}
