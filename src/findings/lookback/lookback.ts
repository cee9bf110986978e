// HOT: called for every event that look-back reads.
/**
 * Finds what happened on the computer of a match in the nine minutes before it, and what is tied to it. In: targets (a match or
 * a correlation, with a time and a computer), then every event that may lie in one of their windows, in any order. Out: one
 * `Lookback` for each target. All windows have the same length, so the targets of a computer whose window has an event are
 * neighbours: they are found by binary search and counted by a difference array. An event that may be shown is kept as a row.
 * When there are many rows, each target picks those that are tied to it ({@link NearestEvents}), and the rest is dropped.
 */
import type { EventRecord, EventSnapshot } from '../../model/event.ts';
import type { Lookback, RelatedEvent } from '../../model/match.ts';
import { addTo, getOrInsert } from '../../model/values/maps.ts';
import { isoFromUs } from '../../model/values/time.ts';
import { HostNames } from '../host-names.ts';
import { snapshotRecord } from '../store/snapshot-record.ts';
import { lowerBound } from './bounds.ts';
import { placeKey, sameEvent } from './event-place.ts';
import { EventRows } from './event-rows.ts';
import type { EventKind } from './links/event-kinds.ts';
import { eventKindOf } from './links/event-links.ts';
import { EventSignatures } from './links/event-signatures.ts';
import { textOf, wmiContextOf } from './links/event-texts.ts';
import { FollowedKeys } from './links/followed-keys.ts';
import type { Signature } from './links/signatures.ts';
import { contextCode, worthOf } from './links/target-ties.ts';
import type { LookbackPartial, LookbackPlan } from './lookback-plan.ts';
import { ComputerTargets, type Target } from './lookback-targets.ts';
import { NearestEvents } from './nearest-events.ts';
import { MAX_SEEN, recordIdentity, SeenRecords } from './record-identity.ts';
import { Repeats } from './repeats.ts';
import type { Candidate, TopEvents } from './top-events.ts';

/** Limits on the events and signatures held at once. */
export interface LookbackLimits {
  readonly rows: number;
  readonly signatures: number;
  readonly seen: number;
}

const LIMITS: LookbackLimits = { rows: 131_072, signatures: 32_768, seen: MAX_SEEN };

/** What rules say of an event: the target (a number in the plan), why the event is shown with it, and its score. */
export interface RuleMark {
  readonly target: number;
  readonly reason: string;
  readonly worth: number;
}

export class LookbackCollector {
  readonly #plan: LookbackPlan;
  readonly #hosts: HostNames;
  readonly #computers = new Map<string, ComputerTargets>();
  readonly #byNumber: ComputerTargets[] = [];
  /** By number in the plan. */
  readonly #targets: Target[] = [];
  /** All targets by time, and their times. */
  readonly #byTime: readonly Target[];
  readonly #times: Float64Array;
  readonly #followed = new FollowedKeys();
  readonly #signatures = new EventSignatures(this.#followed);
  readonly #rows = new EventRows();
  readonly #limits: LookbackLimits;
  readonly #nearest: NearestEvents;
  readonly #seen: SeenRecords;
  /** Null where no record is in several places. */
  readonly #repeats: Repeats | null;
  /** How many signatures all computers have. */
  #signatureCount = 0;
  /** The computer of the previous event, because neighbouring events nearly always have the same one. */
  #lastName: string | null = null;
  #lastComputer: ComputerTargets | null = null;
  /** File -> place in it -> the event, for events that are shown: see {@link wantedIn}. */
  readonly #events = new Map<string, Map<string, EventSnapshot>>();
  #wantedOffsets: Map<string, Set<number>> | null = null;

  constructor(plan: LookbackPlan, given: Partial<LookbackLimits> = {}) {
    const limits = { ...LIMITS, ...given };
    this.#plan = plan;
    this.#limits = limits;
    this.#seen = new SeenRecords(limits.seen);
    this.#repeats = plan.copies ? new Repeats() : null;
    this.#nearest = new NearestEvents(plan.windowUs);
    this.#hosts = new HostNames([...plan.computers, ...plan.targets.map(({ computer }) => computer)]);
    const byComputer = new Map<string, number[]>();
    plan.targets.forEach(({ computer }, number) => {
      const name = this.#hosts.canonical(computer);
      addTo(byComputer, name, number);
    });
    for (const [name, numbers] of byComputer) {
      const computer = new ComputerTargets(plan, numbers, this.#followed, this.#byNumber.length);
      this.#byNumber.push(computer);
      this.#computers.set(name, computer);
      for (const target of computer.targets) this.#targets[target.planned] = target;
    }
    this.#byTime = [...this.#targets].sort((a, b) => a.timeUs - b.timeUs);
    this.#times = Float64Array.from(this.#byTime, ({ timeUs }) => timeUs);
  }

  /** False when no event of [fromUs, toUs] can be of use, so that these need not be read again. */
  wants(fromUs: number, toUs: number): boolean {
    const first = lowerBound(this.#times, fromUs - this.#plan.windowUs);
    return first < this.#times.length && this.#times[first]! <= toUs + this.#plan.windowUs;
  }

  /** True when the computer has a match. */
  wantsComputer(computer: string): boolean {
    return this.#computers.has(this.#hosts.canonical(computer));
  }

  /** Counts an event whose content cannot be read again. `recordIdentity` is that of its record. */
  count(computer: string, timeUs: number, recordIdentity: number): void {
    const targets = this.#computerOf(computer);
    if (targets === null) return;
    targets.locate(timeUs);
    if (targets.from === targets.to) return;
    const identity = this.#plan.copies ? recordIdentity : 0;
    targets.count(targets.from, targets.to, 1, identity);
    if (identity !== 0) this.#seen.add(targets.number, identity, timeUs);
  }

  /** Takes the reader's current event. Where a range of a file is read, `firstIndex` is added to the event's index. */
  visit(event: EventRecord, file: string, firstIndex = 0): void {
    const { timeUs } = event;
    if (Number.isNaN(timeUs)) return;
    const computer = this.#computerOf(event.computer);
    if (computer === null) return;
    computer.locate(timeUs);
    const { from, to, early } = computer;
    if (early === to) return;
    const index = event.index + firstIndex;
    const identity = this.#plan.copies ? recordIdentity(event) : 0;
    if (from < to) {
      computer.count(from, to, 1, identity);
      computer.uncountOwn(event, file, index, identity);
      if (identity !== 0) this.#seen.add(computer.number, identity, timeUs);
    }
    const kind = eventKindOf(event);
    if (kind === null || (identity !== 0 && this.#repeats?.has(event, file, identity) === true)) return;
    const signature = this.#signatureOf(computer, event, kind, early, to);
    // Without a tie, an event is shown only before a match, and only if its kind has a score.
    if (signature.codes.length === 0 && (signature.base <= 0 || from === to)) return;
    computer.signatures.list(signature);
    this.#rows.add(signature, timeUs, file, event.offset, index, event.eventId, identity);
    if (this.#rows.length >= this.#limits.rows) this.#settle();
    if (this.#signatureCount >= this.#limits.signatures) this.#forgetSignatures();
  }

  /**
   * Turns an event that rules matched into a candidate for each marked target, all of one computer. null for the record of the
   * match itself.
   */
  matchCandidates(event: EventSnapshot, marks: readonly RuleMark[]): readonly (Candidate | null)[] {
    const { file, offset, index, timeUs, EventID } = event;
    const record = snapshotRecord(event);
    const place = { file, offset, index, timeUs, EventID, identity: this.#plan.copies ? recordIdentity(record) : 0 };
    const kind = eventKindOf(record);
    let signature: Signature | null = null;
    return marks.map(({ target: number, reason, worth }) => {
      const { computer, timeUs: endUs, anchors, ties } = this.#targets[number]!;
      if (anchors.some((anchor) => sameEvent(anchor, place))) return null;
      if (kind === null) return { event: place, reason, score: worth };
      signature ??= this.#signatureOf(computer, record, kind, 0, computer.targets.length);
      const after = timeUs > endUs;
      const tie = ties.best(signature, after);
      if (tie === null) return { event: place, reason: `${reason}, ${kind.label}`, score: worth + signature.base };
      const tied = worthOf(tie, kind.weight ?? 1, after);
      return { event: place, reason: `${reason}, ${tie.reason}, ${kind.label}`, score: worth + signature.base + tied };
    });
  }

  /** Offers a candidate to a target, where it replaces an entry for the same event. True when it is among the best. */
  offerMatch(number: number, candidate: Candidate): boolean {
    this.#settle();
    const { timeUs, before, after } = this.#targets[number]!;
    const top = candidate.event.timeUs > timeUs ? after : before;
    top.remove(candidate.event);
    return top.offer(candidate);
  }

  /**
   * Offsets in a file of the events that will be shown and are still missing, to be given by {@link hold}; null when there are
   * none.
   */
  wantedIn(file: string): ReadonlySet<number> | null {
    return this.#wanted().get(file) ?? null;
  }

  /** Keeps an event that may be shown, in full. */
  hold(event: EventSnapshot): void {
    getOrInsert(this.#events, event.file, () => new Map()).set(placeKey(event), event);
    const wanted = this.#wantedOffsets?.get(event.file);
    // Events without a file all have offset 0, and further ones may be wanted.
    if (event.offset > 0 && wanted?.delete(event.offset) === true && wanted.size === 0) this.#wantedOffsets?.delete(event.file);
  }

  /** What has been seen so far. */
  partial(): LookbackPartial {
    this.#settle();
    return {
      counts: this.#countsOf((computer) => computer.counts()),
      identified: this.#countsOf((computer) => computer.identified()),
      seen: this.#seen.list(),
      before: this.#targets.map(({ before }) => before.list),
      after: this.#targets.map(({ after }) => after.list),
    };
  }

  /** Adds what another collector of the same plan has seen in other events. */
  absorb(partial: LookbackPartial): void {
    for (const computer of this.#computers.values()) {
      computer.targets.forEach(({ planned, before, after }, target) => {
        computer.count(target, target + 1, partial.counts[planned]!);
        computer.count(target, target + 1, partial.identified[planned]!, 1);
        for (const related of partial.before[planned]!) before.offer(related);
        for (const related of partial.after[planned]!) after.offer(related);
      });
    }
    this.#seen.addAll(partial.seen);
  }

  /** True when copies of records were counted separately, because there were too many records to tell them apart. */
  get countsCopies(): boolean {
    return this.#seen.full;
  }

  /**
   * One look-back for each target, in the order of the plan. Events that are wanted but missing are left out, and the look-back
   * says so.
   */
  finish(capped: boolean): readonly Lookback[] {
    this.#settle();
    const { window, windowUs } = this.#plan;
    if (!this.#seen.full) this.#countRecords();
    const counts = this.#countsOf((computer) => computer.counts());
    const identified = this.#countsOf((computer) => computer.identified());
    return this.#targets.map(({ timeUs, before, after }, number) => ({
      window,
      from: isoFromUs(timeUs - windowUs),
      to: isoFromUs(timeUs),
      events: counts[number]! + identified[number]!,
      related: this.#inFull(before),
      after: this.#inFull(after),
      capped,
    }));
  }

  #computerOf(name: string): ComputerTargets | null {
    if (name !== this.#lastName) {
      this.#lastName = name;
      this.#lastComputer = this.#computers.get(this.#hosts.canonical(name)) ?? null;
    }
    return this.#lastComputer;
  }

  /** Texts are searched only where targets of [early, to) are about WMI. */
  #signatureOf(computer: ComputerTargets, event: EventRecord, kind: EventKind, early: number, to: number): Signature {
    const table = computer.signatures;
    const known = table.size;
    let signature = this.#signatures.of(table, event, kind);
    if (computer.asksTexts(early, to)) {
      const text = textOf(event, kind);
      for (const code of computer.namesIn(text, early, to)) signature = table.with(signature, code);
      const context = wmiContextOf(event, kind, text);
      if (context >= 0) signature = table.with(signature, contextCode(this.#followed, context));
    }
    this.#signatureCount += table.size - known;
    return signature;
  }

  /** Each target picks the rows that are tied to it. */
  #settle(): void {
    if (this.#rows.length === 0) return;
    this.#nearest.offer(this.#rows, this.#byTime);
    this.#rows.clear();
  }

  #forgetSignatures(): void {
    this.#settle();
    for (const { signatures } of this.#computers.values()) signatures.clear();
    this.#signatureCount = 0;
  }

  /** Counts each record once. */
  #countRecords(): void {
    for (const computer of this.#byNumber) computer.forgetIdentified();
    const { identities, timesUs, computers } = this.#seen.list();
    for (let i = 0; i < identities.length; i++) this.#byNumber[computers[i]!]!.countRecord(identities[i]!, timesUs[i]!);
  }

  /** For each target, by its number in the plan. */
  #countsOf(ofComputer: (computer: ComputerTargets) => readonly number[]): readonly number[] {
    const counts: number[] = [];
    for (const computer of this.#byNumber) {
      const own = ofComputer(computer);
      computer.targets.forEach(({ planned }, target) => {
        counts[planned] = own[target]!;
      });
    }
    return counts;
  }

  #wanted(): Map<string, Set<number>> {
    if (this.#wantedOffsets !== null) return this.#wantedOffsets;
    this.#settle();
    const wanted = new Map<string, Set<number>>();
    for (const { before, after } of this.#targets) {
      for (const { event } of [...before.byTime(), ...after.byTime()]) {
        if (this.#events.get(event.file)?.has(placeKey(event)) === true) continue;
        getOrInsert(wanted, event.file, () => new Set()).add(event.offset);
      }
    }
    this.#wantedOffsets = wanted;
    return wanted;
  }

  #inFull(top: TopEvents): readonly RelatedEvent[] {
    return top.byTime().flatMap(({ event: place, reason, score }): RelatedEvent[] => {
      const held = this.#events.get(place.file)?.get(placeKey(place));
      if (held === undefined) return [];
      if (held.index === place.index) return [{ event: held, reason, score }];
      // The event was read from a part of a range, so its index was counted from there.
      const event = { ...held, index: place.index };
      this.hold(event);
      return [{ event, reason, score }];
    });
  }
}
