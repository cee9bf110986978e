/**
 * Which rules may look at an event. There is one bucket per (channel, EventID), made when the first such event comes. The rules
 * of a bucket are grouped into views by what their field names mean: the event's own fields, for example, or those of Security
 * 4688 under Sysmon's names.
 */

import { type MatchPlan, PREDICATE } from '../../../model/match-plan.ts';
import type { RuleSet } from '../../../model/ruleset.ts';
import { addTo, getOrInsert } from '../../../model/values/maps.ts';
import type { TextFilter } from '../../../model/values/text-filter.ts';
import { gateChannel } from '../../../sigma/logsource/fields.ts';
import { everyPredicate } from '../program-predicates.ts';
import { TextFilters } from './text-filters.ts';

/** A field of a view that has anchors, and the rules that its values make candidates. */
export interface ViewField {
  readonly field: number;
  /** From an anchor to entries of the view. */
  readonly entries: ReadonlyMap<number, readonly number[]>;
  /** Anchors that no index can answer. They are tested on every distinct value. */
  readonly unguarded: readonly number[];
}

/** The fields of a view that read the same slot. A value of the slot is looked at once for all of them. */
export interface ViewFields {
  /** The key under which a value's candidates are remembered in its memo. */
  readonly key: number;
  /** The same for looks. Their keys differ from those above because a look serves several matchers. */
  readonly lookKey: number;
  readonly fields: readonly ViewField[];
  /** Lets a look pass over most values without decoding them. */
  readonly filter: TextFilter | null;
}

/** Rules that read fields in the same way, each with the event source that admits it. Entries are in the order of the rules. */
export interface View {
  /** The number of the field mapping, and one event source that uses it. */
  readonly mapping: number;
  readonly source: number;
  readonly rule: Int32Array;
  /** By entry: the position of the event source among those of its rule. */
  readonly ruleSource: Int32Array;
  /** By entry: the event source whose `when` gates must still be checked; -1 for none. */
  readonly when: Int32Array;
  /** By entry: where its program begins. */
  readonly program: Int32Array;
  readonly fields: readonly ViewField[];
  /** Groups of `fields` that have been asked for, by their positions in `fields`. */
  readonly groups: Map<string, ViewFields>;
  /** Entries without anchors: they are always candidates. */
  readonly always: readonly number[];
  /** The fields that the programs ask about; made when one is first evaluated. */
  asked: AskedFields | null;
  /** `turn` counts the events looked at. `foundIn` has, by entry, the last event in which the entry was found. */
  turn: number;
  readonly foundIn: Int32Array;
}

/** Fields that the programs of a view ask about. */
export interface AskedFields {
  /** By number of the field: its index below, or 0 for a field that is not asked about. */
  readonly places: Uint16Array;
  /** By index, starting at 1: the number of the field. */
  readonly fields: Uint16Array;
}

/** Shared by all matchers of the thread, so that no two use the same key. */
let lastLookKey = 0;

/** A key that nobody else in the thread has. */
export function newLookKey(): number {
  lastLookKey = (lastLookKey + 1) | 0;
  return lastLookKey;
}

export class Views {
  readonly #ruleSet: RuleSet;
  readonly #plan: MatchPlan;
  /** By event source: its field mapping. */
  readonly #mapping: number[];
  readonly #entries: { rule: number; ruleSource: number }[][];
  /** True when some event source checks the provider whatever the channel is. */
  readonly providersMatter: boolean;
  readonly #filters: TextFilters;
  #views = new Map<string, View>();
  #nextKey: number;

  /** Rules for which `wanted` is false are in no view. */
  constructor(ruleSet: RuleSet, wanted: (rule: number) => boolean) {
    this.#ruleSet = ruleSet;
    this.#plan = ruleSet.plan;
    this.#filters = new TextFilters(ruleSet.plan);
    this.#nextKey = ruleSet.plan.fields.length;
    const mappings = new Map<string, number>();
    this.#mapping = ruleSet.sources.map(({ fields }) => getOrInsert(mappings, JSON.stringify(fields), () => mappings.size));
    this.#entries = ruleSet.sources.map(() => []);
    ruleSet.ruleSources.forEach((sources, rule) => {
      if (!wanted(rule)) return;
      sources.forEach((source, ruleSource) => {
        this.#entries[source]!.push({ rule, ruleSource });
      });
    });
    this.providersMatter = ruleSet.sources.some((source) => source.channels.length === 0 && source.providers.length > 0);
  }

  /** How many fields of views exist. The memo of a value has at most one result for each. */
  get size(): number {
    return this.#nextKey;
  }

  /** The field mapping of an event source. */
  mappingOf(source: number): number {
    return this.#mapping[source]!;
  }

  /** Gives out new keys. Memos made with the old keys must have been invalidated. */
  forget(): void {
    this.#views = new Map();
    this.#nextKey = this.#plan.fields.length;
  }

  /** A group of a view's fields; the same object for the same fields. */
  group(view: View, fields: readonly ViewField[]): ViewFields {
    const name = fields.map(({ field }) => field).join();
    return getOrInsert(view.groups, name, () => {
      const filter = this.#filters.filterFor(fields.flatMap((field) => [...field.entries.keys()]));
      return { key: this.#nextKey++, lookKey: newLookKey(), fields, filter };
    });
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

  /** Event sources that accept events of this channel and provider. */
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
   * The views of a bucket. With `filed`, rules see System/EventID as the field `EventID`, so that a rule's own `EventID`
   * conditions decide whether it belongs in this bucket.
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
        addTo(byMapping, mapping, { rule, ruleSource, source: number });
      }
    }
    return [...byMapping].map(([mapping, entries]) => {
      entries.sort((a, b) => a.rule - b.rule || a.ruleSource - b.ruleSource);
      // Most EventIDs of a channel have the same rules. They share a view and what is remembered about its values.
      const key = `${mapping}:${entries.map(({ rule, ruleSource }) => `${rule}.${ruleSource}`).join()}`;
      return getOrInsert(this.#views, key, () => this.#view(mapping, entries));
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
        addTo(
          getOrInsert(byField, field[anchor]!, () => new Map<number, number[]>()),
          anchor,
          entry,
        );
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
