// HOT: counts every event that is read.
/**
 * What a range of a source held, for the honest summary: events per channel and computer, the time span, cleared logs.
 * Plain data in, plain data out: tallies of ranges are made in worker threads and added up in the main thread.
 */

import { type EventRecord, type EventSnapshot, hundredNsOf, snapshotEvent } from '../../model/event.ts';
import type { Instant } from '../../model/values/time.ts';
import { type Gap, GapCounter, type GapKind, gapsOf } from './gaps.ts';
import { tellsOfHost } from './host-events.ts';
import { isLogCleared, mayClearLog } from './log-clears.ts';
import { type AlikeFields, FieldCounter, type KindCount } from './missing-fields.ts';

/** Limit on the log-clear events kept per range. Only a log that is cleared in a loop has more, and these are counted. */
const MAX_CLEARED = 1000;
/** Limit on the events about the machine that are kept per range. More of them say nothing new. */
const MAX_OF_HOST = 1000;
/** Limit on the distinct channels or computers counted by name per range, because a log of random names must not fill memory. */
const MAX_NAMES = 10_000;
/**
 * Limit on the names of all ranges together, so that a terabyte of random names fits too. Each range may keep the lower number.
 */
const ALL_NAMES = 500_000;
const FEWEST_NAMES = 1000;
const ALL_CLEARED = 20_000;
const FEWEST_CLEARED = 20;
/** Limit on the distinct channels or computers that the summary names. */
const MAX_SUMMED = 100_000;
/** The name that stands for all further ones. */
export const OTHERS = '(others)';

export interface Tally {
  /** [channel, events] in order of appearance. */
  readonly channels: readonly (readonly [string, number])[];
  readonly computers: readonly (readonly [string, number])[];
  /** null when no event had a readable time. */
  readonly times: { readonly from: Instant; readonly to: Instant } | null;
  readonly logCleared: readonly EventSnapshot[];
  readonly gaps: readonly Gap[];
  /** Events that tell of the machine that wrote the log. */
  readonly ofHost: readonly EventSnapshot[];
  /** How many more log-clear events there were. */
  readonly moreCleared: number;
  readonly kinds: readonly KindCount[];
}

/** What events that are counted together have in common. */
export interface Alike {
  readonly channel: string;
  readonly computer: string;
  readonly gaps: readonly GapKind[];
  readonly fields: AlikeFields | null;
}

class NameCounts {
  readonly #counts = new Map<string, { events: number }>();
  #lastName: string | null = null;
  #last = { events: 0 };

  count(name: string, events = 1): void {
    // Neighbouring records nearly always share channel and computer.
    if (name !== this.#lastName) {
      let counter = this.#counts.get(name);
      if (counter === undefined) {
        const key = this.#counts.size < MAX_NAMES ? name : OTHERS;
        counter = this.#counts.get(key) ?? { events: 0 };
        this.#counts.set(key, counter);
      }
      this.#lastName = name;
      this.#last = counter;
    }
    this.#last.events += events;
  }

  entries(): [string, number][] {
    return [...this.#counts].map(([name, { events }]) => [name, events]);
  }
}

export class TallyCounter {
  readonly #channels = new NameCounts();
  readonly #computers = new NameCounts();
  readonly #cleared: EventSnapshot[] = [];
  readonly #ofHost: EventSnapshot[] = [];
  readonly #gaps = new GapCounter();
  readonly #fields = new FieldCounter();
  /** How many events have been counted. */
  events = 0;
  #moreCleared = 0;
  /** Two numbers for each time instead of an object, because in most logs each event is the latest so far. */
  #fromUs = Number.POSITIVE_INFINITY;
  #fromNs = 0;
  #toUs = Number.NEGATIVE_INFINITY;
  #toNs = 0;

  count(event: EventRecord, timeUs: number, file: string): void {
    this.events++;
    const channel = event.channel;
    this.#channels.count(channel);
    this.#computers.count(event.computer);
    this.#gaps.count(event, channel, timeUs);
    this.#fields.count(event, channel);
    // A comparison with NaN is false, so an event without a time changes nothing.
    if (timeUs <= this.#fromUs || timeUs >= this.#toUs) this.#span(timeUs, hundredNsOf(event));
    if (isLogCleared(event)) {
      if (this.#cleared.length < MAX_CLEARED) this.#cleared.push(snapshotEvent(event.inOrder?.() ?? event, file));
      else this.#moreCleared++;
    } else if (tellsOfHost(channel, event.eventId) && this.#ofHost.length < MAX_OF_HOST)
      this.#ofHost.push(snapshotEvent(event.inOrder?.() ?? event, file));
  }

  /** How to count events like this one, which was counted; null where there is more to tell of each. */
  alike(event: EventRecord): Alike | null {
    const { channel, computer } = event;
    if (mayClearLog(event.eventId) || tellsOfHost(channel, event.eventId)) return null;
    // Only records with a readable time are counted like another one, even if that one has none.
    return { channel, computer, gaps: gapsOf(event, 0), fields: this.#fields.alike(event, channel) };
  }

  countAlike({ channel, computer, gaps, fields }: Alike, events: number, from: Instant, to: Instant): void {
    this.events += events;
    this.#channels.count(channel, events);
    this.#computers.count(computer, events);
    if (gaps.length > 0) this.#gaps.countMore(gaps, events);
    if (fields !== null) this.#fields.countMore(fields, events);
    this.#span(from.timeUs, from.hundredNs);
    this.#span(to.timeUs, to.hundredNs);
  }

  #span(timeUs: number, hundredNs: number): void {
    if (timeUs < this.#fromUs || (timeUs === this.#fromUs && hundredNs < this.#fromNs)) {
      this.#fromUs = timeUs;
      this.#fromNs = hundredNs;
    }
    if (timeUs > this.#toUs || (timeUs === this.#toUs && hundredNs > this.#toNs)) {
      this.#toUs = timeUs;
      this.#toNs = hundredNs;
    }
  }

  result(): Tally {
    const from = { timeUs: this.#fromUs, hundredNs: this.#fromNs };
    const to = { timeUs: this.#toUs, hundredNs: this.#toNs };
    return {
      channels: this.#channels.entries(),
      computers: this.#computers.entries(),
      times: this.#fromUs <= this.#toUs ? { from, to } : null,
      logCleared: this.#cleared,
      gaps: this.#gaps.gaps,
      ofHost: this.#ofHost,
      moreCleared: this.#moreCleared,
      kinds: this.#fields.counts,
    };
  }
}

/** What is kept of the tally of one of `ranges` ranges. It depends on nothing else, so that every run keeps the same. */
export function cutTally(tally: Tally, ranges: number): Tally {
  const names = Math.max(FEWEST_NAMES, Math.floor(ALL_NAMES / ranges));
  const cleared = Math.max(FEWEST_CLEARED, Math.floor(ALL_CLEARED / ranges));
  const { channels, computers, logCleared, moreCleared } = tally;
  if (Math.max(channels.length, computers.length) <= names && logCleared.length <= cleared) return tally;
  return {
    ...tally,
    channels: withOthers(channels, names),
    computers: withOthers(computers, names),
    logCleared: logCleared.slice(0, cleared),
    moreCleared: moreCleared + Math.max(0, logCleared.length - cleared),
  };
}

function withOthers(counts: Tally['computers'], most: number): Tally['computers'] {
  if (counts.length <= most) return counts;
  const others = counts.slice(most).reduce((sum, [, events]) => sum + events, 0);
  return [...counts.slice(0, most), [OTHERS, others]];
}

/** Adds up pairs of name and number; sorted by number, then name. Names beyond a limit are counted together. */
export function addCounts(all: Iterable<readonly (readonly [string, number])[]>, most = MAX_SUMMED): [string, number][] {
  const sums = new Map<string, number>();
  for (const counts of all) {
    for (const [name, events] of counts) {
      const key = sums.size < most || sums.has(name) ? name : OTHERS;
      sums.set(key, (sums.get(key) ?? 0) + events);
    }
  }
  return [...sums].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1));
}
