// HOT: every event of a scan passes through `event`.
/**
 * One range of a source against the rules: reader -> matcher -> blocks of serialised matches. In: events and faults of the range.
 * Out: matches by `onBlock`, and at the end counts, tally and diagnostics. The same in the main thread and in workers.
 */

import type { Passable, PassingSink, Query } from '../../engine/contract.ts';
import { createMatcher } from '../../engine/match/matcher.ts';
import type { ThreadContext } from '../../engine/thread-context.ts';
import { correlationInputs } from '../../findings/correlate/correlate.ts';
import type { ContextRing } from '../../findings/lookback/context-ring.ts';
import { EventJsonWriter } from '../../findings/store/event-json.ts';
import { MatchBlockWriter } from '../../findings/store/match-block.ts';
import type { LogFormat } from '../../logs/log-format.ts';
import type { Diagnostic } from '../../model/diagnostic.ts';
import type { EventRecord } from '../../model/event.ts';
import type { ReadStats, RuleInfo } from '../../model/match.ts';
import type { ReadOptions } from '../../model/reader.ts';
import { type RuleSet, sourceOf } from '../../model/ruleset.ts';
import type { Instant } from '../../model/values/time.ts';
import { type Alike, type Tally, TallyCounter } from '../account/tally.ts';
import { NO_STRETCHES, StretchCounter, type Stretches } from './stretches.ts';

/** `--from` and `--to`: events outside are read and counted but not matched. An event without a time is matched. */
export interface TimeFilter {
  readonly fromUs: number;
  readonly toUs: number;
}

export const ALL_TIMES: TimeFilter = { fromUs: Number.NEGATIVE_INFINITY, toUs: Number.POSITIVE_INFINITY };

/** How events are read, and which of them are matched. Plain data, because it is sent between threads. */
export interface Reading {
  readonly read: ReadOptions;
  readonly times: TimeFilter;
}

/** What a range gave besides matches. Plain data, because it is sent between threads. */
export interface RangeResult {
  readonly stats: ReadStats;
  readonly tally: Tally;
  /** Empty where something is wrong with the range, because a damaged part may be readable only together with another part. */
  readonly stretches: Stretches;
  readonly diagnostics: readonly Diagnostic[];
  readonly matches: number;
  /** How many matches each suppression of the rule set has prevented. */
  readonly suppressed: readonly number[];
}

/** Limit on the faults kept per range. Readers limit equal ones themselves. */
const MAX_DIAGNOSTICS = 1000;

/** When regular expressions have visited so many states (a quarter of a second), others get a turn. */
const VISITS_PER_TURN = 10_000_000;

/** Thrown out of a range that takes long; {@link RangeScanner.resume} says how it goes on. */
export class Paused extends Error {}

export class RangeScanner implements PassingSink {
  readonly #ruleSet: RuleSet;
  readonly thread: ThreadContext;
  readonly #matcher: ReturnType<typeof createMatcher>;
  readonly reading: Reading;
  readonly #times: TimeFilter;
  readonly #block = new MatchBlockWriter();
  readonly #onMatch: (rule: number, source: number) => void;
  readonly #onUndecided: (rule: number) => void;
  readonly ring: ContextRing | null;
  /** True when values may come in another order. Kept events need their own order again, and a ring keeps nearly every event. */
  readonly anyOrder: boolean;
  #onBlock: (block: Uint8Array) => void = () => {};
  #mayPause: () => boolean = () => false;
  #visits = 0;
  /** Index of the last event that was matched before a pause; -1 when there was none. */
  #doneIndex = -1;
  /**
   * True once there was a recovered record. After a pause it could not be found again, since it has no index, so there are no
   * more pauses.
   */
  #hasRecovered = false;
  #file = '';
  #tally = new TallyCounter();
  #partAt: LogFormat['partAt'];
  #stretches = new StretchCounter(undefined);
  #diagnostics: Diagnostic[] = [];
  #matches = 0;
  readonly #suppressed: number[];
  /** Rule -> the records for which it was not decided. */
  #undecided = new Map<number, { readonly first: Diagnostic['place']; count: number }>();
  /** The answers of {@link passing} by their queries, because the chunks of a log have the same few kinds of events. */
  #passable = new WeakMap<readonly Query[], Passable & Alike>();
  #event: EventRecord | null = null;
  readonly #json: EventJsonWriter;
  /** True once the event in hand has been written to the block. */
  #written = false;

  /** `ring` keeps what look-back will want of a source that cannot be read twice. */
  constructor(ruleSet: RuleSet, reading: Reading, thread: ThreadContext, ring: ContextRing | null = null) {
    this.#ruleSet = ruleSet;
    const isInput = correlationInputs(ruleSet);
    // Rules whose matches nobody wants, neither the report nor a correlation, are not looked for: `--min-level` saves time.
    const wanted = (rule: number): boolean => ruleSet.silent[rule] !== true || isInput(rule);
    this.#matcher = createMatcher(ruleSet, wanted, thread.accelerator, true);
    this.#suppressed = ruleSet.suppressions.map(() => 0);
    this.thread = thread;
    this.#json = new EventJsonWriter(thread.accelerator);
    this.ring = ring;
    this.anyOrder = ring === null;
    this.reading = reading;
    this.#times = reading.times;
    this.#onMatch = (rule, source) => this.#keep(rule, source);
    this.#onUndecided = (rule) => this.#noteUndecided(rule);
  }

  /**
   * Begins a range of the source called `file`. Where a regular expression takes long, `mayPause` is asked whether to throw
   * {@link Paused}. `partAt` is that of the format, if look-back may read parts of the range.
   */
  start(
    file: string,
    onBlock: (block: Uint8Array) => void,
    mayPause: () => boolean = () => false,
    partAt?: LogFormat['partAt'],
  ): void {
    this.#file = file;
    this.#onBlock = onBlock;
    this.#mayPause = mayPause;
    this.#doneIndex = -1;
    this.#hasRecovered = false;
    this.#visits = this.#matcher.regexVisits;
    this.#partAt = partAt;
    this.#stretches = new StretchCounter(partAt);
    this.#tally = new TallyCounter();
    this.#passable = new WeakMap();
    this.#diagnostics = [];
    this.#matches = 0;
    this.#undecided = new Map();
    this.#suppressed.fill(0);
    this.#block.start(file);
  }

  event(event: EventRecord): void {
    const timeUs = event.timeUs;
    this.#tally.count(event, timeUs, this.#file);
    this.#stretches.count(event.offset, event.index, timeUs);
    if (this.ring !== null) this.ring.event(event, this.#file);
    if (timeUs < this.#times.fromUs || timeUs > this.#times.toUs) return;
    if (event.recovered) this.#hasRecovered = true;
    else if (event.index <= this.#doneIndex) return;
    this.#written = false;
    const { inOrder } = event;
    if (inOrder === undefined || inOrder === null || event.fieldOrder) this.#match(event);
    else if (this.#matchesAny(event)) this.#match(inOrder());
    if (this.#hasRecovered || this.#matcher.regexVisits <= this.#visits + VISITS_PER_TURN) return;
    if (this.#mayPause()) {
      this.#visits = this.#matcher.regexVisits;
      this.#doneIndex = event.index;
      throw new Paused();
    }
  }

  passing(event: EventRecord): (Passable & Alike) | null {
    const { fromUs, toUs } = this.#times;
    if (this.ring !== null || fromUs !== ALL_TIMES.fromUs || toUs !== ALL_TIMES.toUs) return null;
    const queries = this.#matcher.queries(event);
    const known = this.#passable.get(queries);
    // Events with the same queries differ only in their computer here.
    if (known !== undefined && known.computer === event.computer) return known;
    const alike = this.#tally.alike(event);
    if (alike === null) return null;
    const passable = { ...alike, queries };
    this.#passable.set(queries, passable);
    return passable;
  }

  passed(alike: Passable & Alike, events: number, from: Instant, to: Instant): void {
    this.#tally.countAlike(alike, events, from, to);
    this.#stretches.span(from.timeUs, to.timeUs);
  }

  /** True when regular expressions have worked for long since the last call that said so. */
  busy(): boolean {
    if (this.#matcher.regexVisits <= this.#visits + VISITS_PER_TURN) return false;
    this.#visits = this.#matcher.regexVisits;
    return true;
  }

  /** After a pause: the range is read again from its beginning. It is counted anew; what was matched is not matched again. */
  resume(): void {
    this.#tally = new TallyCounter();
    this.#stretches = new StretchCounter(this.#partAt);
    this.#passable = new WeakMap();
    this.#diagnostics = [];
  }

  /** Events that were counted. */
  get events(): number {
    return this.#tally.events;
  }

  #match(event: EventRecord): void {
    this.#event = event;
    this.#matcher.match(event, this.#onMatch, this.#onUndecided);
  }

  #matchesAny(event: EventRecord): boolean {
    let any = false;
    const found = () => {
      any = true;
    };
    this.#matcher.match(event, found, found);
    return any;
  }

  diagnostic(diagnostic: Diagnostic): void {
    if (this.#diagnostics.length < MAX_DIAGNOSTICS) this.#diagnostics.push(diagnostic);
  }

  /** Matches found in the range so far. */
  get matches(): number {
    return this.#matches;
  }

  /** Ends the range; hands out the last block. */
  finish(stats: ReadStats): RangeResult {
    if (this.#block.count > 0) this.#onBlock(this.#block.take());
    this.#event = null;
    const undecided = [...this.#undecided].map(([rule, { first, count }]) =>
      notDecided(this.#ruleSet.rules[rule]!, first, count),
    );
    const diagnostics = undecided.length === 0 ? this.#diagnostics : [...undecided, ...this.#diagnostics];
    return {
      stats,
      tally: this.#tally.result(),
      stretches: this.#diagnostics.length > 0 ? NO_STRETCHES : this.#stretches.result(),
      diagnostics,
      matches: this.#matches,
      suppressed: [...this.#suppressed],
    };
  }

  /** At most one diagnostic per rule and range, because nearly every event may be undecided. */
  #noteUndecided(rule: number): void {
    // When a suppression is undecided, so is its rule, which is reported.
    if (rule >= this.#ruleSet.rules.length) return;
    const known = this.#undecided.get(rule);
    if (known !== undefined) known.count++;
    else this.#undecided.set(rule, { first: { file: this.#file, offset: this.#event!.offset }, count: 1 });
  }

  #keep(rule: number, source: number): void {
    const suppression = rule - this.#ruleSet.rules.length;
    if (suppression >= 0) {
      this.#suppressed[suppression]!++;
      return;
    }
    const event = this.#event!;
    if (!this.#written) this.#write(event);
    const { text } = this.#block;
    const start = text.at;
    this.#matcher.writeEvidence(event, rule, source, text);
    this.#block.match(rule, sourceOf(this.#ruleSet, rule, source).via, start);
    this.#matches++;
  }

  /** Writes the event once for all rules that hold for it. */
  #write(event: EventRecord): void {
    if (this.#block.full) this.#onBlock(this.#block.take());
    const head = this.#block.text.at;
    const tail = this.#json.write(event, this.#block.text);
    this.#block.event(head, tail, event);
    this.ring?.matched(event, this.#file);
    this.#written = true;
  }
}

function notDecided({ title, path }: RuleInfo, place: Diagnostic['place'], count: number): Diagnostic {
  return {
    code: 'match/not-decided',
    severity: 'warning',
    message:
      `rule "${title}" (${path}) was not decided for ${count === 1 ? 'this event' : `${count} events from here on`}: ` +
      'a regular expression of it takes too long for a value',
    hint: 'Counts like {1000} behind something that repeats make an expression slow. Look at these events by hand.',
    place,
  };
}
