/**
 * The nine minutes: what happened on the computer of a match before it, and what is tied to it. In: targets (a match or a
 * correlation at a time on a computer) and then every event that may lie in one of their windows, in any order. Out: one
 * `Lookback` per target. All windows have the same length, so an event belongs to a contiguous part of the targets of its
 * computer by time: two binary searches, and counting is a difference array.
 */
import { type EventRecord, type EventSnapshot, fieldValue, isoFromUs } from '../model/event.ts';
import type { Lookback, Match, RelatedEvent } from '../model/match.ts';
import { lowerBound, upperBound } from './bounds.ts';
import type { EventKind } from './event-kinds.ts';
import { eventKindOf, type LinkKey, linkKeysOf } from './event-links.ts';
import { scalars } from './field-tuples.ts';
import { HostNames } from './host-names.ts';
import { NAMED_IN_TEXT, relationOf, SHOWN_AFTER, WMI_CONTEXT, type WmiContext } from './relations.ts';
import { snapshotRecord } from './snapshot-record.ts';
import { type Candidate, sameEvent, TopEvents } from './top-events.ts';
import { type EventPlace, UntiedEvents, type UntiedPartial } from './untied-events.ts';
import { wmiPartOf } from './wmi-names.ts';

/** Related events shown per match, before it and after it. */
export const RELATED_EVENTS = 12;
export const RELATED_AFTER = 8;
/** Records of a correlation whose ties are followed. */
export const MAX_ANCHORS = 32;
/** Characters of a command line or script that are searched for names. */
const MAX_TEXT = 65_536;

/** A match or correlation whose past is wanted. Plain data. */
export interface LookbackTarget {
  readonly computer: string;
  /** The window ends here. */
  readonly timeUs: number;
  /** The record that matched; for a correlation the contributing records. At most {@link MAX_ANCHORS} are followed. */
  readonly anchors: readonly EventSnapshot[];
}

/** Everything a collector needs, as plain data: the same plan may be worked on in several threads. */
export interface LookbackPlan {
  readonly targets: readonly LookbackTarget[];
  /** Length of the window, in microseconds and as given. */
  readonly windowUs: number;
  readonly window: string;
  /** Computer names of the whole scan: `PC04` is `PC04.example.corp` where only one full name begins so. */
  readonly computers: readonly string[];
}

/** What one collector saw, by target. Plain data. */
export interface LookbackPartial {
  readonly counts: readonly number[];
  readonly before: readonly (readonly Candidate[])[];
  readonly after: readonly (readonly Candidate[])[];
  /** Canonical name of the computer -> events without a tie. */
  readonly untied: readonly (readonly [string, UntiedPartial])[];
}

interface Follow {
  readonly key: LinkKey;
  readonly target: number;
}

/** The targets of one computer, by time. Target numbers below count in here. */
interface ComputerTargets {
  readonly times: Float64Array;
  /** Number in the plan. */
  readonly planned: number[];
  readonly before: TopEvents[];
  readonly after: TopEvents[];
  /** `floor` of `before`, by target: asked for every event and target. */
  readonly floors: Float64Array;
  readonly untied: UntiedEvents;
  readonly anchors: (readonly EventSnapshot[])[];
  /** Events counted for the targets from here on, less those counted up to before here. */
  readonly counts: Int32Array;
  readonly follows: Map<string, Follow[]>;
  /** WMI names, lower-cased, for searches in text. */
  readonly names: { readonly name: string; readonly label: string; readonly target: number }[];
  /** Targets that are about a WMI subscription. */
  readonly wmi: Uint8Array;
  /** Anchors by offset in their file. */
  readonly places: Map<number, { readonly event: EventSnapshot; readonly target: number }[]>;
  /** Of the event in hand: the best tie to each target, and the targets that have one. */
  readonly scores: Float64Array;
  readonly reasons: string[];
  readonly tied: number[];
}

export class LookbackCollector {
  readonly #plan: LookbackPlan;
  readonly #hosts: HostNames;
  readonly #computers = new Map<string, ComputerTargets>();
  /** Times of all targets, ascending. */
  readonly #times: Float64Array;
  /** File -> place in it -> the event, of those that are shown: see {@link wantedIn}. */
  readonly #events = new Map<string, Map<string, EventSnapshot>>();
  /** True once windows have taken their untied events. */
  #settled = false;
  #wantedOffsets: ReadonlyMap<string, ReadonlySet<number>> | null = null;

  constructor(plan: LookbackPlan) {
    this.#plan = plan;
    this.#hosts = new HostNames([...plan.computers, ...plan.targets.map(({ computer }) => computer)]);
    this.#times = Float64Array.from(plan.targets, ({ timeUs }) => timeUs).sort();
    const byComputer = new Map<string, number[]>();
    plan.targets.forEach(({ computer }, number) => {
      const name = this.#hosts.canonical(computer);
      const list = byComputer.get(name);
      if (list === undefined) byComputer.set(name, [number]);
      else list.push(number);
    });
    for (const [name, numbers] of byComputer) this.#computers.set(name, computerTargets(plan, numbers));
  }

  /** True when events of [fromUs, toUs] may be wanted: what lies outside need not be read again. */
  wants(fromUs: number, toUs: number): boolean {
    const first = lowerBound(this.#times, fromUs - this.#plan.windowUs);
    return first < this.#times.length && this.#times[first]! <= toUs + this.#plan.windowUs;
  }

  /** True when the computer has a match. */
  wantsComputer(computer: string): boolean {
    return this.#computers.has(this.#hosts.canonical(computer));
  }

  /** An event that look-back knows to be there, without its content. */
  count(computer: string, timeUs: number): void {
    const targets = this.#computers.get(this.#hosts.canonical(computer));
    if (targets === undefined) return;
    const { from, to } = this.#windowsOf(targets, timeUs);
    if (from < to) addCount(targets, from, to, 1);
  }

  /** An event under a reader's cursor. `firstIndex` is added to its index, where a range of a file is read. */
  visit(event: EventRecord, file: string, firstIndex = 0): void {
    const { timeUs } = event;
    if (Number.isNaN(timeUs)) return;
    const targets = this.#computers.get(this.#hosts.canonical(event.computer));
    if (targets === undefined) return;
    const { from, to, early } = this.#windowsOf(targets, timeUs);
    if (from === to && early === from) return;
    if (from < to) addCount(targets, from, to, 1);
    const own = anchorsAt(targets, event, file);
    for (const target of own) if (target >= from && target < to) addCount(targets, target, target + 1, -1);
    const kind = eventKindOf(event);
    if (kind === null) return;
    const ties = tie(targets, event, kind, early, to, from);
    const base = baseScore(event, kind);
    const index = event.index + firstIndex;
    if (!ties) {
      if (base > 0 && from < to) targets.untied.add(kind.label, base, file, event.offset, index, timeUs, event.eventId);
      return;
    }
    let place: EventPlace | null = null;
    const offer = (top: TopEvents, target: number, score: number): void => {
      if (!top.accepts(score, timeUs, file, event.offset) || own.includes(target)) return;
      place ??= { file, offset: event.offset, index, timeUs, EventID: event.eventId < 0 ? null : event.eventId };
      top.add({ event: place, reason: reasonOf(targets, target, kind), score });
    };
    const { scores, floors, before } = targets;
    for (let target = from; target < to; target++) {
      const score = base + scores[target]!;
      if (score <= 0 || score < floors[target]!) continue;
      offer(before[target]!, target, score);
      floors[target] = before[target]!.floor;
    }
    for (const target of targets.tied) {
      if (target < from && targets.scores[target]! >= SHOWN_AFTER) {
        offer(targets.after[target]!, target, base + targets.scores[target]!);
      }
    }
    untie(targets);
  }

  /** Marks an event of a target's past as matched by another rule; shows it even if it had not been visited. */
  addMatch(target: number, match: Match, reason: string, worth: number): void {
    this.#settle();
    const { computer, timeUs } = this.#plan.targets[target]!;
    const targets = this.#computers.get(this.#hosts.canonical(computer))!;
    const number = targets.planned.indexOf(target);
    if (targets.anchors[number]!.some((anchor) => sameEvent(anchor, match.event))) return;
    const top = match.event.timeUs <= timeUs ? targets.before[number]! : targets.after[number]!;
    const record = snapshotRecord(match.event);
    const kind = eventKindOf(record);
    let score = worth;
    let text = reason;
    if (kind !== null) {
      tie(targets, record, kind, number, number + 1, match.event.timeUs <= timeUs ? number : number + 1);
      score += baseScore(record, kind) + targets.scores[number]!;
      text = `${reason}, ${reasonOf(targets, number, kind)}`;
      untie(targets);
    }
    top.remove(match.event);
    if (!top.accepts(score, match.event.timeUs, match.event.file, match.event.offset)) return;
    top.add({ event: match.event, reason: text, score });
    this.hold(match.event);
  }

  /** Offsets in a file of the events that will be shown and have not been given by {@link hold} yet; null when there are none. */
  wantedIn(file: string): ReadonlySet<number> | null {
    return this.#wanted().get(file) ?? null;
  }

  /** An event that may be shown, in full. */
  hold(event: EventSnapshot): void {
    let events = this.#events.get(event.file);
    if (events === undefined) {
      events = new Map();
      this.#events.set(event.file, events);
    }
    events.set(placeKey(event), event);
  }

  #wanted(): ReadonlyMap<string, ReadonlySet<number>> {
    if (this.#wantedOffsets !== null) return this.#wantedOffsets;
    this.#settle();
    const wanted = new Map<string, Set<number>>();
    for (const { before, after } of this.#computers.values()) {
      for (const { event } of [...before, ...after].flatMap((top) => top.byTime())) {
        if (this.#events.get(event.file)?.has(placeKey(event)) === true) continue;
        const offsets = wanted.get(event.file);
        if (offsets === undefined) wanted.set(event.file, new Set([event.offset]));
        else offsets.add(event.offset);
      }
    }
    this.#wantedOffsets = wanted;
    return wanted;
  }

  /** All events have been seen: windows take the nearest of those without a tie. */
  #settle(): void {
    if (this.#settled) return;
    this.#settled = true;
    for (const { times, before, anchors, untied } of this.#computers.values()) {
      before.forEach((top, target) => {
        const isOther = (place: EventPlace): boolean => !anchors[target]!.some((anchor) => sameEvent(anchor, place));
        for (const { place, label, score } of untied.nearestBefore(times[target]!, RELATED_EVENTS, isOther)) {
          if (top.accepts(score, place.timeUs, place.file, place.offset)) top.add({ event: place, reason: label, score });
        }
      });
    }
  }

  /** What has been seen so far. */
  partial(): LookbackPartial {
    const counts = this.#plan.targets.map(() => 0);
    const before: (readonly Candidate[])[] = this.#plan.targets.map(() => []);
    const after: (readonly Candidate[])[] = this.#plan.targets.map(() => []);
    for (const targets of this.#computers.values()) {
      let count = 0;
      targets.planned.forEach((number, target) => {
        count += targets.counts[target]!;
        counts[number] = count;
        before[number] = targets.before[target]!.list;
        after[number] = targets.after[target]!.list;
      });
    }
    const untied = [...this.#computers].map(([name, targets]) => [name, targets.untied.partial()] as const);
    return { counts, before, after, untied };
  }

  /** Adds what a collector of the same plan has seen of other events. */
  absorb(partial: LookbackPartial): void {
    for (const targets of this.#computers.values()) {
      targets.planned.forEach((number, target) => {
        addCount(targets, target, target + 1, partial.counts[number]!);
        for (const related of partial.before[number]!) targets.before[target]!.add(related);
        for (const related of partial.after[number]!) targets.after[target]!.add(related);
      });
    }
    for (const [name, untied] of partial.untied) this.#computers.get(name)?.untied.absorb(untied);
  }

  /** By target, in the order of the plan. What is wanted and was not held is left out, and the look-back says so. */
  finish(capped: boolean): readonly Lookback[] {
    this.#settle();
    const { counts } = this.partial();
    const lookbacks: Lookback[] = [];
    const { targets, window, windowUs } = this.#plan;
    for (const computer of this.#computers.values()) {
      computer.planned.forEach((number, target) => {
        const { timeUs } = targets[number]!;
        lookbacks[number] = {
          window,
          from: isoFromUs(timeUs - windowUs),
          to: isoFromUs(timeUs),
          events: counts[number]!,
          related: this.#inFull(computer.before[target]!),
          after: this.#inFull(computer.after[target]!),
          capped,
        };
      });
    }
    return lookbacks;
  }

  #inFull(top: TopEvents): readonly RelatedEvent[] {
    return top.byTime().flatMap(({ event, reason, score }): RelatedEvent[] => {
      const held = this.#events.get(event.file)?.get(placeKey(event));
      // Read from a part of a range, it was counted from there.
      return held === undefined
        ? []
        : [{ event: held.index === event.index ? held : { ...held, index: event.index }, reason, score }];
    });
  }

  /** Targets whose window [t - w, t] holds `timeUs` are [from, to); those that it follows within w are [early, from). */
  #windowsOf(targets: ComputerTargets, timeUs: number): { from: number; to: number; early: number } {
    const { windowUs } = this.#plan;
    const from = lowerBound(targets.times, timeUs);
    return {
      from,
      to: upperBound(targets.times, timeUs + windowUs),
      early: lowerBound(targets.times, timeUs - windowUs),
    };
  }
}

function computerTargets(plan: LookbackPlan, numbers: readonly number[]): ComputerTargets {
  const planned = [...numbers].sort((a, b) => plan.targets[a]!.timeUs - plan.targets[b]!.timeUs || a - b);
  const size = planned.length;
  const times = Float64Array.from(planned, (number) => plan.targets[number]!.timeUs);
  const targets: ComputerTargets = {
    times,
    planned,
    before: planned.map((number) => new TopEvents(RELATED_EVENTS, plan.targets[number]!.timeUs)),
    after: planned.map((number) => new TopEvents(RELATED_AFTER, plan.targets[number]!.timeUs)),
    floors: new Float64Array(size).fill(Number.NEGATIVE_INFINITY),
    untied: new UntiedEvents(times, plan.windowUs),
    anchors: planned.map((number) => plan.targets[number]!.anchors.slice(0, MAX_ANCHORS)),
    counts: new Int32Array(size + 1),
    follows: new Map(),
    names: [],
    wmi: new Uint8Array(size),
    places: new Map(),
    scores: new Float64Array(size),
    reasons: [],
    tied: [],
  };
  planned.forEach((number, target) => {
    for (const event of plan.targets[number]!.anchors) {
      const list = targets.places.get(event.offset);
      if (list === undefined) targets.places.set(event.offset, [{ event, target }]);
      else list.push({ event, target });
    }
    for (const anchor of targets.anchors[target]!) follow(targets, target, snapshotRecord(anchor));
  });
  return targets;
}

/** Registers what ties other events to an anchor. */
function follow(targets: ComputerTargets, target: number, anchor: EventRecord): void {
  const kind = eventKindOf(anchor);
  if (kind === null) return;
  if (wmiPartOf(anchor) !== null) targets.wmi[target] = 1;
  for (const key of linkKeysOf(anchor, kind)) {
    const list = targets.follows.get(key.key);
    if (list === undefined) targets.follows.set(key.key, [{ key, target }]);
    else if (!list.some((other) => other.target === target && other.key.role === key.role)) list.push({ key, target });
    if (key.role !== 'wmi') continue;
    const name = key.key.slice('wmi:'.length);
    if (!targets.names.some((other) => other.target === target && other.name === name))
      targets.names.push({ name, label: key.label, target });
  }
}

/**
 * Finds the best tie of the event to each target of [from, to); true when there is any. Undo with {@link untie}. The event comes
 * after the targets below `past`, before (or with) the others.
 */
function tie(targets: ComputerTargets, event: EventRecord, kind: EventKind, from: number, to: number, past: number): boolean {
  const weight = kind.weight ?? 1;
  for (const key of linkKeysOf(event, kind)) {
    const follows = targets.follows.get(key.key);
    if (follows === undefined) continue;
    // In the order of targets, as they were registered.
    for (let i = firstFollow(follows, from); i < follows.length && follows[i]!.target < to; i++) {
      const relation = relationOf(follows[i]!.key, key);
      if (relation !== null) better(targets, follows[i]!.target, relation.score * weight, relation.reason);
    }
  }
  // The rest costs a search through command lines and scripts: only where a WMI subscription is looked into.
  if (targets.names.length === 0 && !targets.wmi.includes(1, from)) return targets.tied.length > 0;
  const text = textOf(event, kind);
  if (text !== '') {
    for (const { name, label, target } of targets.names) {
      if (target >= from && target < to && text.includes(name)) better(targets, target, NAMED_IN_TEXT, `names "${label}"`);
    }
  }
  const context = wmiContext(event, kind, text);
  if (context !== null) {
    for (let target = from; target < to; target++) {
      if (targets.wmi[target] === 0) continue;
      const score = target < past ? (context.scoreAfter ?? context.score) : context.score;
      better(targets, target, score * weight, context.reason);
    }
  }
  return targets.tied.length > 0;
}

/** Index of the first that is for `target` or a later one. */
function firstFollow(follows: readonly Follow[], target: number): number {
  let low = 0;
  let high = follows.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (follows[middle]!.target < target) low = middle + 1;
    else high = middle;
  }
  return low;
}

function better(targets: ComputerTargets, target: number, score: number, reason: string): void {
  if (targets.scores[target] === 0) targets.tied.push(target);
  if (score <= targets.scores[target]!) return;
  targets.scores[target] = score;
  targets.reasons[target] = reason;
}

function untie(targets: ComputerTargets): void {
  for (const target of targets.tied) targets.scores[target] = 0;
  targets.tied.length = 0;
}

function reasonOf(targets: ComputerTargets, target: number, kind: EventKind): string {
  return targets.scores[target] === 0 ? kind.label : `${targets.reasons[target]}, ${kind.label}`;
}

function baseScore(event: EventRecord, kind: EventKind): number {
  const less = kind.lessWhen;
  if (less === undefined) return kind.score;
  const values = scalars(fieldValue(event, less.field));
  return values.some((value) => value !== null && less.values.includes(value)) ? less.score : kind.score;
}

/** The text of an event in which names are looked for, lower-cased. */
function textOf(event: EventRecord, kind: EventKind): string {
  let text = '';
  for (const field of kind.text ?? []) {
    for (const value of scalars(fieldValue(event, field))) if (value !== null) text += `${value.slice(0, MAX_TEXT)}\n`;
  }
  return text.toLowerCase();
}

function wmiContext(event: EventRecord, kind: EventKind, text: string): WmiContext | null {
  const endsWith = (fields: readonly string[] | undefined, ends: readonly string[] | undefined): boolean => {
    if (fields === undefined || ends === undefined) return false;
    return fields.some((field) =>
      scalars(fieldValue(event, field)).some((value) => value !== null && ends.some((end) => value.toLowerCase().endsWith(end))),
    );
  };
  for (const context of WMI_CONTEXT) {
    if (endsWith(kind.image, context.image) || endsWith(kind.parentImage, context.parentImage)) return context;
    if (text !== '' && context.words?.some((word) => text.includes(word))) return context;
  }
  return null;
}

/** The targets of which the event is an anchor itself. */
function anchorsAt(targets: ComputerTargets, event: EventRecord, file: string): readonly number[] {
  const places = targets.places.get(event.offset);
  if (places === undefined) return NO_TARGETS;
  return places
    .filter(
      ({ event: anchor }) => anchor.file === file && anchor.timeUs === event.timeUs && (anchor.EventID ?? -1) === event.eventId,
    )
    .map(({ target }) => target);
}

const NO_TARGETS: readonly number[] = [];

/** Offsets tell the events of a file apart; events without a file all have offset 0, and a number. */
function placeKey({ offset, index }: EventPlace): string {
  return offset > 0 ? String(offset) : `0 ${index}`;
}

function addCount(targets: ComputerTargets, from: number, to: number, count: number): void {
  targets.counts[from]! += count;
  targets.counts[to]! -= count;
}
