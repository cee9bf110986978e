/**
 * Matches as a scan gives them. In: the store, what was found out around its matches, which rules are reported, and how many matches
 * were taken while the scan ran. Out: the matches, by file or by time, whole or as text; those of rules that are not reported and
 * those that are hidden are left out.
 */

import type { WindowResult } from '../findings/judge-matches.ts';
import type { MatchStore } from '../findings/store/match-store.ts';
import type { Lookback, Match, MatchPlaces, MatchText } from '../model/match.ts';

/** What was found out about a match beside its evidence. */
export interface MatchContext {
  readonly lookback: Lookback | null;
  /** What its record, and those around it, say beyond the rule. */
  readonly notes: readonly string[];
  /** Ids of its alert and its incident; null where matches are handed on before the scan is done. */
  readonly alert: string | null;
  readonly incident: string | null;
}
/** A match with the id of its event. */
export type ScannedMatch = Match & MatchContext & { readonly eventId: string };
export type ScannedMatchText = MatchText & MatchContext;

export class ScannedMatches {
  readonly #store: MatchStore;
  readonly #judged: WindowResult;
  readonly #isReported: (rule: number) => boolean;
  /** How many were handed on while the scan ran; null when none could be. */
  readonly #taken: number | null;

  constructor(store: MatchStore, judged: WindowResult, isReported: (rule: number) => boolean, taken: number | null) {
    this.#store = store;
    this.#judged = judged;
    this.#isReported = isReported;
    this.#taken = taken;
  }

  *in(order: 'file' | 'time'): Generator<ScannedMatch> {
    const store = this.#store;
    for (const at of this.#shown(order === 'file' ? store.positionsInFileOrder() : store.positionsInTimeOrder())) {
      yield { ...store.get(at), ...this.#contextOf(at), eventId: store.eventIdAt(at) };
    }
  }

  /** The matches as text, without those that were taken. */
  *texts(): Generator<ScannedMatchText> {
    for (const at of this.#shown(this.#store.positionsInFileOrder().subarray(this.#taken ?? 0))) {
      // Copies of a record may come later, so none are named, whether they are known by now or not: `copies` names them.
      yield textOf(this.#store, at, this.#contextOf(at), this.#taken === null);
    }
  }

  /** The matches that have copies, where some were taken before all copies were known. */
  *copies(): Generator<MatchPlaces> {
    const store = this.#store;
    if (this.#taken === null || store.copies.records === 0) return;
    for (const at of this.#shown(store.positionsInFileOrder())) {
      const alsoIn = store.alsoInAt(at);
      if (alsoIn !== undefined) yield { rule: store.ruleAt(at), ...store.placeAt(at), alsoIn };
    }
  }

  *#shown(positions: Uint32Array): Generator<number> {
    for (const at of positions) if (this.#isReported(this.#store.ruleAt(at)) && !this.#store.isHidden(at)) yield at;
  }

  #contextOf(at: number): MatchContext {
    const { lookbacks, notesOf, alertIdOf, incidentIdOf } = this.#judged;
    return { lookback: lookbacks.get(at) ?? null, notes: notesOf(at), alert: alertIdOf(at), incident: incidentIdOf(at) };
  }
}

/**
 * Built without spreading, as there may be millions. The context comes first: making it may read another match, which ends this
 * text.
 */
export function textOf(
  store: MatchStore,
  at: number,
  { lookback, notes, alert, incident }: MatchContext,
  withCopies: boolean,
): ScannedMatchText {
  const { rule, via, file, index, event, fields, eventId, userId, alsoIn } = store.textAt(at);
  return {
    rule,
    via,
    file,
    index,
    event,
    fields,
    eventId,
    userId,
    alsoIn: withCopies ? alsoIn : undefined,
    lookback,
    notes,
    alert,
    incident,
  };
}
