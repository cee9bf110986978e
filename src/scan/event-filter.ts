/**
 * Which events are reported. In: lists of names to include and to exclude. Out: for an event the filter that leaves it out. Names are
 * compared without regard to case; `*` stands for any text. Refuses nothing.
 */

import { ACCOUNT_FIELDS } from '../findings/account-fields.ts';
import type { MatchStore } from '../findings/store/match-store.ts';
import type { EventSnapshot, FieldValue } from '../model/event.ts';
import type { LeftOut } from '../model/match.ts';
import { getOrInsert } from '../model/values/maps.ts';
import { nearest } from '../sigma/rule/suggest.ts';

export interface Names {
  /** Only events with one of these names are reported, where there are any. */
  readonly include: readonly string[];
  readonly exclude: readonly string[];
}

type Test = (text: string) => boolean;

/** True when one of the texts fits the pattern. */
export function patternTest(patterns: readonly string[]): Test {
  const tests = patterns.map((pattern) => new RegExp(`^${pattern.split('*').map(escaped).join('.*')}$`, 'isu'));
  return (text) => tests.some((test) => test.test(text));
}

/** As a part of a regular expression. */
export function escaped(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&');
}

const shortComputer = (name: string): string => name.split('.', 1)[0]!;
const shortChannel = (name: string): string => name.replace(/^Microsoft-Windows-/i, '').replace(/\/(?:Operational|Admin)$/i, '');

/** `PC04` also names `PC04.example.corp`. */
export function computerTest(names: readonly string[]): Test {
  const test = patternTest(names);
  return (text) => test(text) || test(shortComputer(text));
}

/** `Security`, the whole name of a channel, or its short form: `Sysmon`. */
export function channelTest(names: readonly string[]): Test {
  const test = patternTest(names);
  return (text) => test(text) || test(shortChannel(text));
}

/** What to say about a value that fits none of the names that events have. */
export function fitsNothing(kind: EventKind, flag: string, value: string, names: readonly string[]): string {
  const short = { computer: shortComputer, channel: shortChannel, eventId: String, user: String }[kind];
  const near = nearest(value, new Set(names.flatMap((name) => [short(name), name])));
  return `${flag} ${value}: no event read fits.${near === undefined ? '' : ` Did you mean "${near}"?`}`;
}

/** The accounts that an event names, each with its domain and without. */
export function usersIn(value: (field: string) => FieldValue | undefined): readonly string[] {
  return ACCOUNT_FIELDS.flatMap((field) => texts(value(field) ?? null));
}

function usersOf({ data }: EventSnapshot): readonly string[] {
  return usersIn((field) => (Object.hasOwn(data, field) ? data[field] : undefined));
}

function texts(value: FieldValue): readonly string[] {
  const all = typeof value === 'string' ? [value] : (value ?? []);
  return all.flatMap((text) =>
    text === null || text === '' || text === '-' ? [] : [text, text.slice(text.lastIndexOf('\\') + 1)],
  );
}

/** For each kind: how its names are compared, and which names an event has. */
const KINDS = {
  computer: { test: computerTest, of: (event: EventSnapshot) => [event.Computer] },
  channel: { test: channelTest, of: (event: EventSnapshot) => [event.Channel] },
  eventId: { test: patternTest, of: (event: EventSnapshot) => [String(event.EventID ?? '')] },
  user: { test: patternTest, of: usersOf },
} satisfies Record<string, { test: (names: readonly string[]) => Test; of: (event: EventSnapshot) => readonly string[] }>;

export type EventKind = keyof typeof KINDS;
export const eventKinds = Object.keys(KINDS) as readonly EventKind[];
/** The kind as flags and tuning files write it. */
export const kindName = (kind: EventKind): string => (kind === 'eventId' ? 'event-id' : kind);

export type EventFilter = Readonly<Record<EventKind, Names>>;

/** True when for each given kind one of the names fits the event. */
export function eventTest(names: Readonly<Partial<Record<EventKind, readonly string[]>>>): (event: EventSnapshot) => boolean {
  const tests = eventKinds.flatMap((kind) => {
    const wanted = names[kind];
    if (wanted === undefined) return [];
    const { test, of } = KINDS[kind];
    const fits = test(wanted);
    return [(event: EventSnapshot) => of(event).some(fits)];
  });
  return (event) => tests.every((test) => test(event));
}

/** Hides the matches of events that a filter leaves out; says how many events and matches each has left out. */
export function hideFiltered(store: MatchStore, filter: EventFilter): readonly LeftOut[] {
  const checks = checksOf(filter);
  const counts = new Map<string, { events: number; matches: number }>();
  let event = -1;
  let name: string | null = null;
  for (const position of checks.length === 0 ? [] : store.positionsInFileOrder()) {
    if (store.eventAt(position) !== event) {
      event = store.eventAt(position);
      const snapshot = store.get(position).event;
      name = checks.find(({ leavesOut }) => leavesOut(snapshot))?.name ?? null;
      if (name !== null) countOf(counts, name).events++;
    }
    if (name === null) continue;
    countOf(counts, name).matches++;
    store.hide(position);
  }
  return [...counts].map(([by, count]) => ({ filter: by, ...count }));
}

function countOf(counts: Map<string, { events: number; matches: number }>, name: string) {
  return getOrInsert(counts, name, () => ({ events: 0, matches: 0 }));
}

function checksOf(filter: EventFilter) {
  return eventKinds.flatMap((kind) => {
    const { include, exclude } = filter[kind];
    const included = eventTest({ [kind]: include });
    const excluded = eventTest({ [kind]: exclude });
    return [
      ...(include.length === 0 ? [] : [{ name: `--${kindName(kind)}`, leavesOut: (event: EventSnapshot) => !included(event) }]),
      ...(exclude.length === 0 ? [] : [{ name: `--exclude-${kindName(kind)}`, leavesOut: excluded }]),
    ];
  });
}
