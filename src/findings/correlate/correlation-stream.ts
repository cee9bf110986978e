/**
 * Evaluates the correlations of a rule set while matches arrive. In: matches in time order, and (`advance`) up to which time they
 * have arrived; a caller that has all matches at once need not say it. Out: the windows of each correlation, with their runs. A
 * correlation that refers to others needs their firings and its own matches together in time order, so its inputs wait until
 * those others have told all that came before. Refuses nothing; correlations that refer to each other in a circle are in
 * `circular` and are not evaluated.
 */
import type { Match } from '../../model/match.ts';
import type { CompiledCorrelation, RuleSet } from '../../model/ruleset.ts';
import { addTo } from '../../model/values/maps.ts';
import type { MatchFieldValue } from '../store/match-fields.ts';
import type { MatchStream, StreamedMatch } from '../store/match-stream.ts';
import { CorrelationWindows, type WindowBudget } from './correlation-windows.ts';
import type { Run } from './group-window.ts';

/**
 * Waiting inputs are looked at after so many matches, or as many as inputs wait. Looking at them costs no more than taking them
 * did.
 */
const ADVANCE_EVERY = 1024;

interface WaitingFiring {
  readonly timeUs: number;
  readonly run: Run;
  readonly windows: CorrelationWindows;
  /** The place of the correlation that fired among those that the waiting one refers to. */
  readonly input: number;
}

/** Only what is needed to read the match again, because thousands may wait. */
type WaitingMatch = Omit<StreamedMatch, 'match'>;

/** A correlation, and its inputs that wait. */
class Stage {
  readonly windows: CorrelationWindows;
  /** The correlations that it refers to. */
  readonly #inner: readonly Stage[];
  readonly #budget: WindowBudget;
  readonly #matchAt: (position: number) => Match;
  #matches: WaitingMatch[] = [];
  #firings: WaitingFiring[] = [];
  /** Up to this time, exclusively, all its firings have been told. */
  toldUs = Number.NEGATIVE_INFINITY;

  constructor(windows: CorrelationWindows, inner: readonly Stage[], budget: WindowBudget, matchAt: (position: number) => Match) {
    this.windows = windows;
    this.#inner = inner;
    this.#budget = budget;
    this.#matchAt = matchAt;
    for (const [input, { windows: told }] of inner.entries()) {
      told.listen(windows.everyFiring, (timeUs, run) => this.#wait({ timeUs, run, windows: told, input }));
    }
  }

  get waiting(): number {
    return this.#matches.length + this.#firings.length;
  }

  addMatch({ position, rule, timeUs, match }: StreamedMatch): void {
    if (this.#inner.length === 0) this.windows.addMatch(position, rule, timeUs, match);
    else this.#matches.push({ position, rule, timeUs });
  }

  /** No match before `timeUs` comes any more, and the correlations that this one refers to have advanced as far. */
  advance(timeUs: number): void {
    const completeUs = this.#inner.reduce((least, { toldUs }) => Math.min(least, toldUs), timeUs);
    if (this.#inner.length > 0) this.#deliver(completeUs);
    this.windows.advance(completeUs);
    // The end of a run is told when no later item can join it, at most two timespans after its last item.
    this.toldUs = completeUs - 2 * this.windows.spanUs;
  }

  end(): void {
    this.#deliver(Number.POSITIVE_INFINITY);
    this.windows.close();
    this.toldUs = Number.POSITIVE_INFINITY;
  }

  #wait(firing: WaitingFiring): void {
    if (this.#budget.firings > 0) {
      this.#budget.firings--;
      this.#firings.push(firing);
    } else firing.windows.firingsDropped++;
  }

  /** Hands on what waits and lies before `untilUs`. */
  #deliver(untilUs: number): void {
    const firings = this.#firings.filter(({ timeUs }) => timeUs < untilUs);
    if (firings.length > 0) this.#firings = this.#firings.filter(({ timeUs }) => timeUs >= untilUs);
    this.#budget.firings += firings.length;
    firings.sort((a, b) => a.timeUs - b.timeUs || a.input - b.input);
    let next = 0;
    const tellFirings = (lastUs: number): void => {
      // At equal times firings come before matches, because what they report has already happened.
      for (; next < firings.length && firings[next]!.timeUs <= lastUs; next++) {
        this.windows.addFiring(firings[next]!.timeUs, firings[next]!);
      }
    };
    let count = 0;
    for (const { position, rule, timeUs } of this.#matches) {
      if (timeUs >= untilUs) break;
      tellFirings(timeUs);
      this.windows.addMatch(position, rule, timeUs, this.#matchAt(position));
      count++;
    }
    if (count > 0) this.#matches = this.#matches.slice(count);
    tellFirings(Number.POSITIVE_INFINITY);
  }
}

/**
 * How many runs a correlation must leave for those that refer to it. Each level has a share of its own, and what the levels below
 * have left. Otherwise the lowest level, which fires most often, could take all of the room.
 */
function reservedRuns(sorted: readonly CompiledCorrelation[], runs: number): (correlation: CompiledCorrelation) => number {
  const levels = new Map<number, number>();
  for (const { rule, references } of sorted)
    levels.set(rule, 1 + references.flat().reduce((most, inner) => Math.max(most, levels.get(inner) ?? 0), 0));
  const referred = new Set(sorted.flatMap(({ references }) => references.flat()));
  const highest = sorted.reduce((most, { rule }) => Math.max(most, levels.get(rule)!), 1);
  return ({ rule }) => (referred.has(rule) ? (runs * (highest - levels.get(rule)!)) / highest : 0);
}

export class CorrelationStream {
  /** Each after those that it refers to. */
  readonly #stages: readonly Stage[];
  /** By rule: the correlations that read its matches. */
  readonly #readers = new Map<number, Stage[]>();
  readonly circular: readonly CompiledCorrelation[];
  /** How many more matches are added before the stream advances by itself. */
  #untilAdvance = ADVANCE_EVERY;

  constructor(
    ruleSet: Pick<RuleSet, 'rules' | 'correlations'>,
    fieldValue: MatchFieldValue,
    budget: WindowBudget,
    matchAt: MatchStream['get'],
  ) {
    const { sorted, circular } = sortedByReference(ruleSet.correlations);
    this.circular = circular;
    const stages = new Map<number, Stage>();
    const reserved = reservedRuns(sorted, budget.runs);
    for (const correlation of sorted) {
      const windows = new CorrelationWindows(correlation, ruleSet, fieldValue, budget, reserved(correlation));
      const inner = [...windows.inputs].flatMap((rule) => stages.get(rule) ?? []);
      const stage = new Stage(windows, inner, budget, matchAt);
      for (const rule of windows.inputs) {
        if (!stages.has(rule)) addTo(this.#readers, rule, stage);
      }
      stages.set(correlation.rule, stage);
    }
    this.#stages = [...stages.values()];
  }

  get windows(): readonly CorrelationWindows[] {
    return this.#stages.map(({ windows }) => windows);
  }

  /** Whether a correlation reads the matches of a rule. */
  reads(rule: number): boolean {
    return this.#readers.has(rule);
  }

  /** Takes the next match by time. */
  add(match: StreamedMatch): void {
    for (const stage of this.#readers.get(match.rule) ?? []) stage.addMatch(match);
    if (--this.#untilAdvance <= 0) this.advance(match.timeUs);
  }

  /** The watermark: no match before `timeUs` comes any more. Groups whose window has ended are judged. */
  advance(timeUs: number): void {
    let waiting = 0;
    for (const stage of this.#stages) {
      stage.advance(timeUs);
      waiting += stage.waiting;
    }
    this.#untilAdvance = Math.max(ADVANCE_EVERY, waiting);
  }

  /** To be called after the last match. */
  end(): void {
    for (const stage of this.#stages) stage.end();
  }
}

/** Sorts correlations so that each comes after those that it refers to. `circular` are those for which this is impossible. */
function sortedByReference(correlations: readonly CompiledCorrelation[]): {
  readonly sorted: readonly CompiledCorrelation[];
  readonly circular: readonly CompiledCorrelation[];
} {
  const sorted: CompiledCorrelation[] = [];
  let waiting = [...correlations];
  while (waiting.length > 0) {
    const open = new Set(waiting.map(({ rule }) => rule));
    const isReady = ({ references }: CompiledCorrelation): boolean =>
      !references.some((rules) => rules.some((rule) => open.has(rule)));
    const ready = waiting.filter(isReady);
    if (ready.length === 0) break;
    sorted.push(...ready);
    waiting = waiting.filter((each) => !isReady(each));
  }
  return { sorted, circular: waiting };
}
