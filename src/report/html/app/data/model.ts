/** The report as the views use it. In: the embedded data. Out: events with values that are often asked for, and indexes. */
import { LEVELS, type Level } from '../../../../model/rule.ts';
import { eventLabel, shortChannel } from '../../../wording.ts';
import type { PageData, PageDetails, PageFacts, PageHead, PageRule, PageSubscription } from '../../page-data.ts';
import type { Details } from './details.ts';

/** `none` stands for rules without a level, `related` for events that no rule matched. */
export const LEVEL_NAMES = ['related', 'none', ...LEVELS] as const;

export interface ReportEvent extends PageFacts {
  /** Index in `LEVEL_NAMES`. */
  readonly rank: number;
  readonly label: string;
  readonly tactics: readonly string[];
  /** Index among all events. */
  readonly place: number;
}

export interface Report {
  readonly head: PageHead;
  readonly events: readonly ReportEvent[];
  readonly byId: ReadonlyMap<string, ReportEvent>;
  /** Id of an event that created a process -> events of that process. */
  readonly children: ReadonlyMap<string, readonly ReportEvent[]>;
  readonly hosts: readonly string[];
  readonly users: readonly string[];
  /** Id of an event -> the subscriptions that it is a part of. */
  readonly subscriptionsOf: ReadonlyMap<string, readonly PageSubscription[]>;
  /** Whether a text of the event contains another, which is lower-cased. */
  contains(event: ReportEvent, text: string): boolean;
  details(event: ReportEvent): PageDetails;
  /** Does something that needs details: at once, or as soon as they have been read. */
  withDetails(act: () => void): void;
}

export function reportOf({ head, events: raw }: PageData, details: Details): Report {
  const tacticsOf = head.rules.map(({ tags }) => tags.map(tacticName).filter((name) => name !== null));
  const events = raw.map((event, place): ReportEvent => {
    const rank = Math.max(0, ...event.hits.map(({ rule }) => levelPlace(head.rules[rule]!.level)));
    const tactics = [...new Set(event.hits.flatMap(({ rule }) => tacticsOf[rule]!))];
    return Object.assign(event, { rank, tactics, place, label: eventLabel({ Channel: event.channel, EventID: event.eventId }) });
  });
  const children = grouped(events, (event) => (event.parent === null ? [] : [event.parent]));
  const haystacks = new Array<string | undefined>(events.length);
  const ofFacts = new Array<string | undefined>(events.length);
  return {
    head,
    events,
    byId: new Map(events.map((event) => [event.id, event])),
    children,
    hosts: distinct(events.map(({ host }) => host)),
    users: distinct(events.flatMap(({ users }) => users)),
    subscriptionsOf: grouped(head.subscriptions, ({ filter, consumer, binding, processes }) =>
      [filter.event, consumer.event, binding, ...processes.map(({ event }) => event)].filter((id) => id !== null),
    ),
    contains: (event, text) => {
      const known = haystacks[event.place];
      if (known !== undefined) return known.includes(text);
      ofFacts[event.place] ??= haystackOf(event, head.rules);
      const facts = ofFacts[event.place]!;
      // The longest part that must stand in one string of the details.
      const [rarest = ''] = text.split(/[=\n]/).sort((a, b) => b.length - a.length);
      if (!facts.includes(rarest) && !details.mayContain(event.place, rarest)) return false;
      const haystack = `${facts}\n${detailsHaystack(details.of(event.place))}`;
      haystacks[event.place] = haystack;
      ofFacts[event.place] = undefined;
      return haystack.includes(text);
    },
    details: ({ place }) => details.of(place),
    withDetails: (act) => details.with(act),
  };
}

export function levelPlace(level: Level | null): number {
  return level === null ? 1 : LEVELS.indexOf(level) + 2;
}

/** `attack.credential_access` gives `credential-access`; null for techniques, groups and tags of other namespaces. */
export function tacticName(tag: string): string | null {
  const name = /^attack\.([a-z_-]+)$/i.exec(tag)?.[1];
  return name === undefined ? null : name.toLowerCase().replaceAll('_', '-');
}

/** `attack.t1546.003` -> `T1546.003`. */
export function techniqueName(tag: string): string | null {
  return /^attack\.(t\d{4}(?:\.\d{3})?)$/i.exec(tag)?.[1]?.toUpperCase() ?? null;
}

/** The values that occur, the most frequent first. */
export function frequent(values: Iterable<string>): (readonly [value: string, count: number])[] {
  const counts = new Map<string, number>();
  for (const value of values) if (value !== '') counts.set(value, (counts.get(value) ?? 0) + 1);
  return [...counts].sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1));
}

function distinct(values: readonly string[]): string[] {
  return frequent(values).map(([value]) => value);
}

export function grouped<Item>(items: readonly Item[], keysOf: (item: Item) => readonly string[]): Map<string, Item[]> {
  const groups = new Map<string, Item[]>();
  for (const item of items) {
    for (const key of new Set(keysOf(item))) {
      const group = groups.get(key);
      if (group === undefined) groups.set(key, [item]);
      else group.push(item);
    }
  }
  return groups;
}

function haystackOf(event: ReportEvent, rules: readonly PageRule[]): string {
  const { host, channel, provider, file, who, text, reason, hits, id, label } = event;
  const parts = [host, channel, provider, file, label, shortChannel(channel), who, text, reason, id, event.time ?? ''];
  for (const { rule } of hits) parts.push(rules[rule]!.title, ...rules[rule]!.tags);
  return parts.join('\n').toLowerCase();
}

function detailsHaystack({ data, decoded = [] }: PageDetails): string {
  const parts = decoded.map(({ text }) => text);
  for (const [name, value] of Object.entries(data)) parts.push(`${name}=${[value].flat().join('\n')}`);
  return parts.join('\n').toLowerCase();
}
