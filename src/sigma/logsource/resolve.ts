/**
 * Finds the kinds of Windows events for a rule's `logsource`. In: product, category, service, and which optional sources are
 * on. Out: `EventSource`s (plain data), or the reason why there are none. Refuses other products, unknown names, and sources
 * that no event log holds. An unknown log source never means "every event".
 */
import type { EventSource, FieldMapping, LogSourceResolution } from '../../model/logsource.ts';
import type { LogSource } from '../../model/rule.ts';
import { catalog } from './catalog.ts';
import type { CustomLogSources } from './custom.ts';
import type { ServiceDefinition, SourceDefinition } from './family.ts';

export interface LogSourceOptions {
  /** `via` of the optional sources that are on (`security_4657`, `security_5156`, `wmi_activity_5861`). Default: none. */
  readonly optional?: ReadonlySet<string> | undefined;
  /** What `--logsources FILE` says (`loadCustomLogSources`). */
  readonly custom?: CustomLogSources | undefined;
}

/** `via` of every source that is off unless asked for, sorted. */
export const optionalSources: readonly string[] = [
  ...new Set([...catalog.categories.values()].flat().flatMap((source) => (source.optional === true ? [source.via] : []))),
].sort();

/** `product: windows` alone: every event. */
const ANY_EVENT: EventSource = {
  via: 'windows',
  native: true,
  channels: [],
  providers: [],
  eventIds: [],
  when: [],
  fields: catalog.commonFields,
};

/**
 * The event sources of a log source. Category and service must both hold when a rule names both.
 *
 * @example resolveLogSource({ product: 'windows', category: 'process_creation' }) // Sysmon 1 and Security 4688
 */
export function resolveLogSource(logsource: LogSource, options: LogSourceOptions = {}): LogSourceResolution {
  const shaped = shapeSources(logsource, options);
  const found = windowsSources(logsource, options);
  if (shaped.length === 0) return found;
  return { kind: 'sources', sources: found.kind === 'sources' ? [...found.sources, ...shaped] : shaped };
}

/** Sources for records of shapes that a user has described. The shape's log source must have every key that the rule's has. */
function shapeSources(logsource: LogSource, { custom }: LogSourceOptions): EventSource[] {
  const served = (custom?.shapeLogSources ?? []).filter((shape) => {
    const named = (['product', 'category', 'service'] as const).filter((key) => logsource[key] !== undefined);
    return named.length > 0 && named.every((key) => sameName(logsource[key]!, shape.logsource[key] ?? ''));
  });
  return served.map(({ source }) => eventSource(source, custom?.fieldMaps));
}

function windowsSources(logsource: LogSource, options: LogSourceOptions): LogSourceResolution {
  const product = logsource.product?.toLowerCase();
  const category = logsource.category?.toLowerCase();
  const service = logsource.service?.toLowerCase();
  if (product !== undefined && product !== 'windows') {
    return notApplicable(`product "${logsource.product}" does not write Windows event logs`);
  }
  if (category === undefined && service === undefined) {
    return product === undefined
      ? notApplicable('the log source names neither product, category nor service')
      : { kind: 'sources', sources: [ANY_EVENT] };
  }

  const served = category === undefined ? undefined : categorySources(category, options);
  if (typeof served === 'string') return notApplicable(served);
  const held = service === undefined ? undefined : serviceOf(service, options);
  if (typeof held === 'string') return notApplicable(held);

  const fieldMaps = options.custom?.fieldMaps;
  if (served === undefined) return { kind: 'sources', sources: [eventSource(serviceSource(held!), fieldMaps)] };
  const both = held === undefined ? served : served.flatMap((source) => intersection(source, serviceSource(held)) ?? []);
  if (both.length === 0) {
    return notApplicable(`no event of category "${category}" is written to the channels of service "${service}"`);
  }
  const on = both.filter((source) => source.optional !== true || options.optional?.has(source.via) === true);
  if (on.length === 0) {
    return notApplicable(`needs an optional source that is off: ${both.map((source) => source.via).join(', ')}`);
  }
  return { kind: 'sources', sources: on.map((source) => eventSource(source, fieldMaps)) };
}

function notApplicable(reason: string): LogSourceResolution {
  return { kind: 'not-applicable', reason };
}

/** The sources of a category, or the reason why there are none. */
function categorySources(category: string, options: LogSourceOptions): readonly SourceDefinition[] | string {
  const name = catalog.categoryAliases.get(category) ?? category;
  const custom = options.custom?.categories.get(category) ?? options.custom?.categories.get(name);
  const known = catalog.categories.get(name);
  if (custom !== undefined) return custom.extend && known !== undefined ? [...known, ...custom.sources] : custom.sources;
  return known ?? catalog.notApplicableCategories.get(name) ?? `category "${category}" is not known for Windows event logs`;
}

function serviceOf(service: string, options: LogSourceOptions): ServiceDefinition | string {
  const name = catalog.serviceAliases.get(service) ?? service;
  const custom = options.custom?.services.get(service) ?? options.custom?.services.get(name);
  return (
    custom ??
    catalog.services.get(name) ??
    catalog.notApplicableServices.get(name) ??
    `service "${service}" is not known for Windows event logs`
  );
}

function serviceSource(service: ServiceDefinition): SourceDefinition {
  return { via: 'channel', providers: [], eventIds: [], ...service };
}

/**
 * The events that belong to both the category and the service. Null when no event can. Field maps of the category take
 * precedence over those of the service.
 */
function intersection(category: SourceDefinition, service: SourceDefinition): SourceDefinition | null {
  const channels = common(category.channels, service.channels, sameName);
  const eventIds = common(category.eventIds, service.eventIds, (a, b) => a === b);
  if (channels === null || eventIds === null) return null;
  const fields =
    category.fields === undefined && service.fields === undefined ? undefined : { ...service.fields, ...category.fields };
  return {
    ...category,
    channels,
    eventIds,
    // A service may list no provider because many write to its channel. Then the category's providers decide alone.
    providers: common(category.providers, service.providers, sameName) ?? [],
    when: [...(category.when ?? []), ...(service.when ?? [])],
    fields,
  };
}

function sameName(a: string, b: string): boolean {
  return a.toLowerCase() === b.toLowerCase();
}

/** An empty list stands for "any". Null: nothing in common. */
function common<T>(a: readonly T[], b: readonly T[], same: (a: T, b: T) => boolean): readonly T[] | null {
  if (a.length === 0) return b;
  if (b.length === 0) return a;
  const shared = a.filter((one) => b.some((other) => same(one, other)));
  return shared.length === 0 ? null : shared;
}

function eventSource(
  source: SourceDefinition,
  fieldMaps: ReadonlyMap<string, Readonly<Record<string, FieldMapping>>> | undefined,
): EventSource {
  const lowered = (names: readonly string[]): string[] => [...new Set(names.map((name) => name.toLowerCase()))];
  return {
    via: source.via,
    native: source.fields === undefined,
    channels: lowered(source.channels),
    providers: lowered(source.providers),
    eventIds: source.eventIds,
    when: source.when ?? [],
    fields: { ...catalog.commonFields, ...source.fields, ...fieldMaps?.get(source.via) },
  };
}
