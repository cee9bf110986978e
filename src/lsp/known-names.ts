/**
 * Knows names that may be written in a rule: the fields of the events of its log source, their values, and names of log sources.
 * In: the part of a log source that is written, and the rules of the workspace. Out: names with a short explanation, the usual
 * ones first.
 */
import { nativeEvents } from '../lint/knowledge/native-events.ts';
import { usualValues } from '../lint/knowledge/value-forms.ts';
import type { LintSource } from '../lint/lint-source.ts';
import type { EventSource } from '../model/logsource.ts';
import type { Detection, DetectionItem, LogSource } from '../model/rule.ts';
import { SYSTEM_FIELDS } from '../model/system-fields.ts';
import { getOrInsert } from '../model/values/maps.ts';
import { LOGON_TYPES } from '../report/dictionary/codes.ts';
import { catalog } from '../sigma/logsource/catalog.ts';
import type { CustomLogSources } from '../sigma/logsource/custom.ts';
import { observedFields } from '../sigma/logsource/observed.ts';
import { optionalSources, resolveLogSource } from '../sigma/logsource/resolve.ts';

export interface KnownName {
  readonly name: string;
  readonly detail?: string | undefined;
}

/** How many values from other rules are offered. */
const MAX_VALUES = 100;

/** How often the rules of a log source use each field, and each value of a field with its modifiers. */
interface Usage {
  readonly fields: Map<string, number>;
  readonly values: Map<string, Map<string, number>>;
}

export class KnownNames {
  readonly #custom: CustomLogSources | undefined;
  readonly #usage = new Map<string, Usage>();
  readonly #names = { product: new Set<string>(), category: new Set<string>(), service: new Set<string>() };

  constructor(sources: Iterable<LintSource>, custom: CustomLogSources | undefined) {
    this.#custom = custom;
    for (const { parsed } of sources) {
      for (const rule of parsed.documents) {
        if (rule.kind === 'correlation') continue;
        const usage = this.#usageOf(rule.logsource);
        for (const selection of Object.values(rule.selections)) for (const item of itemsOf(selection)) count(usage, item);
        for (const key of ['product', 'category', 'service'] as const) {
          const name = rule.logsource[key];
          if (name !== undefined) this.#names[key].add(name.toLowerCase());
        }
      }
    }
  }

  #usageOf({ product, category, service }: LogSource): Usage {
    const key = JSON.stringify([product, category, service]);
    return getOrInsert(this.#usage, key, () => ({ fields: new Map(), values: new Map() }));
  }

  /** Names of products, categories or services. */
  logSourceNames(key: 'product' | 'category' | 'service', products: readonly string[]): readonly KnownName[] {
    const own =
      key === 'product'
        ? products
        : key === 'category'
          ? [...catalog.categories.keys(), ...(this.#custom?.categories.keys() ?? [])]
          : [...catalog.services.keys(), ...(this.#custom?.services.keys() ?? [])];
    const served = new Set(key === 'product' ? ['windows'] : own);
    return [...new Set([...own, ...this.#names[key]])]
      .sort()
      .map((name) => ({ name, detail: served.has(name) ? servedText(key, name) : undefined }));
  }

  fields(logsource: LogSource): readonly KnownName[] {
    const events = new Map<string, Set<number>>();
    const add = (name: string, id: number): void => void (events.get(name) ?? events.set(name, new Set()).get(name)!).add(id);
    for (const [id, names] of observedFields(logsource, { custom: this.#custom }).byEventId)
      for (const name of names) add(name, id);
    for (const source of this.sources(logsource)) {
      const native = source.channels.flatMap((channel) => [...(nativeEvents(channel) ?? [])]);
      for (const [id, names] of native)
        if (source.eventIds.length === 0 || source.eventIds.includes(id)) for (const name of names) add(name, id);
    }
    const { fields } = this.#usageOf(logsource);
    const names = new Set([...fields.keys(), ...events.keys(), ...SYSTEM_FIELDS]);
    const rank = (name: string): number => (fields.get(name) ?? 0) * 2 + (SYSTEM_FIELDS.has(name) ? 0 : 1);
    return [...names]
      .sort((a, b) => rank(b) - rank(a) || (a < b ? -1 : 1))
      .map((name) => ({ name, detail: eventsText(events.get(name)) ?? (SYSTEM_FIELDS.has(name) ? 'System' : undefined) }));
  }

  /** Values of `Field|modifiers`, known ones before those of other rules. */
  values(logsource: LogSource, key: string): readonly KnownName[] {
    const [field = ''] = key.split('|');
    const found = new Map<string, string | undefined>();
    const sources = this.sources(logsource);
    if (!key.includes('|')) {
      for (const source of sources) {
        const { via, eventIds, channels, providers, when } = source;
        if (field === 'EventID') for (const id of eventIds) found.set(`${id}`, via);
        if (field === 'EventID')
          for (const channel of channels)
            for (const id of nativeEvents(channel)?.keys() ?? []) if (eventIds.length === 0) found.set(`${id}`, via);
        if (field === 'Channel') for (const name of channels) found.set(name, via);
        if (field === 'Provider_Name') for (const name of providers) found.set(name, via);
        for (const gate of when) if (gate.field === field) for (const value of gate.values) found.set(value, via);
        for (const value of usualValues(field, source)) found.set(value, undefined);
      }
      if (field === 'LogonType') for (const [value, words] of Object.entries(LOGON_TYPES)) found.set(value, words);
    }
    const used = [...(this.#usageOf(logsource).values.get(key) ?? [])].sort(([, a], [, b]) => b - a).slice(0, MAX_VALUES);
    for (const [value, times] of used) if (!found.has(value)) found.set(value, `in ${times} ${times === 1 ? 'rule' : 'rules'}`);
    return [...found].map(([name, detail]) => ({ name, detail }));
  }

  /** The event sources of a log source; none for one that is unknown or of another product. */
  sources(logsource: LogSource): readonly EventSource[] {
    const resolution = resolveLogSource(logsource, { optional: new Set(optionalSources), custom: this.#custom });
    return resolution.kind === 'sources' ? resolution.sources : [];
  }
}

function servedText(key: string, name: string): string | undefined {
  const resolution = resolveLogSource({ product: 'windows', ...(key === 'product' ? {} : { [key]: name }) });
  if (resolution.kind !== 'sources' || key === 'product') return undefined;
  return [...new Set(resolution.sources.map(({ via }) => via))].join(', ');
}

/** More EventIDs than this are counted instead of listed. */
const MAX_EVENTS = 6;

function eventsText(ids: ReadonlySet<number> | undefined): string | undefined {
  if (ids === undefined) return undefined;
  return ids.size > MAX_EVENTS ? `${ids.size} events` : `EventID ${[...ids].sort((a, b) => a - b).join(', ')}`;
}

function* itemsOf(detection: Detection): Iterable<DetectionItem> {
  if (detection.kind === 'item') yield detection;
  else for (const part of detection.of) yield* itemsOf(part);
}

function count({ fields, values }: Usage, { field, modifiers, values: own }: DetectionItem): void {
  if (field === null) return;
  fields.set(field, (fields.get(field) ?? 0) + 1);
  const key = [field, ...modifiers].join('|');
  const known = getOrInsert(values, key, () => new Map<string, number>());
  for (const { source } of own) known.set(source, (known.get(source) ?? 0) + 1);
}
