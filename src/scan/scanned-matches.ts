/** Matches as a scan gives them: what the store has of them, with what was found out around them. */

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
/** With the id of its event. */
export type ScannedMatch = Match & MatchContext & { readonly eventId: string };
export type ScannedMatchText = MatchText & MatchContext;

export function contextOf({ lookbacks, notesOf, alertIdOf, incidentIdOf }: WindowResult, position: number): MatchContext {
  return {
    lookback: lookbacks.get(position) ?? null,
    notes: notesOf(position),
    alert: alertIdOf(position),
    incident: incidentIdOf(position),
  };
}

/** Without spreading: there may be millions. Making the context may read another match, which the text must not outlive. */
export function textOf(store: MatchStore, at: number, { lookback, notes, alert, incident }: MatchContext): ScannedMatchText {
  const { rule, via, file, index, event, fields, eventId, alsoIn } = store.textAt(at);
  return { rule, via, file, index, event, fields, eventId, alsoIn, lookback, notes, alert, incident };
}

/** Copies of a record may come later, so none are named, whether they are known by now or not: {@link copiesOf} names them. */
export function streamed(text: ScannedMatchText): ScannedMatchText {
  return text.alsoIn === undefined ? text : { ...text, alsoIn: undefined };
}

/** The matches of wanted rules that have copies. */
export function* copiesOf(store: MatchStore, wanted: (rule: number) => boolean): Generator<MatchPlaces> {
  if (store.copies.records === 0) return;
  for (const position of store.positionsInFileOrder()) {
    const alsoIn = wanted(store.ruleAt(position)) && !store.isHidden(position) ? store.alsoInAt(position) : undefined;
    if (alsoIn !== undefined) yield { rule: store.ruleAt(position), ...store.placeAt(position), alsoIn };
  }
}

/** The matches of wanted rules at these positions, each as `read` makes it. */
export function* ofRules<T>(
  store: MatchStore,
  positions: Iterable<number>,
  wanted: (rule: number) => boolean,
  read: (position: number) => T,
): Generator<T> {
  for (const position of positions) if (wanted(store.ruleAt(position)) && !store.isHidden(position)) yield read(position);
}

/** Those of the whole scan but the first `skip`, which may be of other rules. */
export function inFileOrder<T>(
  store: MatchStore,
  wanted: (rule: number) => boolean,
  read: (position: number) => T,
  skip = 0,
): Generator<T> {
  return ofRules(store, store.positionsInFileOrder().subarray(skip), wanted, read);
}
