/** Matches as correlations read them: by event time, each with the position at which it can be read again. */
import type { Match } from '../../model/match.ts';

export interface StreamedMatch {
  readonly position: number;
  readonly rule: number;
  readonly timeUs: number;
  readonly match: Match;
}

/** A `MatchStore`, or {@link matchStream} of an array. */
export interface MatchStream {
  /** By event time; equal times by file, record and rule. Only wanted rules; matches without a time are left out. */
  inTimeOrder(wanted?: (rule: number) => boolean): Iterable<StreamedMatch>;
  countWithoutTime(wanted?: (rule: number) => boolean): number;
  get(position: number): Match;
}

/**
 * A stream of the matches in an array, which may be in any order. Equal times are sorted by file (as first seen), record index
 * and rule.
 */
export function matchStream(matches: readonly Match[]): MatchStream {
  const files = new Map<string, number>();
  for (const { event } of matches) if (!files.has(event.file)) files.set(event.file, files.size);
  const fileOf = (match: Match): number => files.get(match.event.file)!;
  const order = matches
    .map((match, position): StreamedMatch => ({ position, rule: match.rule, timeUs: match.event.timeUs, match }))
    .filter(({ timeUs }) => !Number.isNaN(timeUs))
    .sort(
      (a, b) =>
        a.timeUs - b.timeUs || fileOf(a.match) - fileOf(b.match) || a.match.event.index - b.match.event.index || a.rule - b.rule,
    );
  return {
    inTimeOrder: (wanted) => (wanted === undefined ? order : order.filter(({ rule }) => wanted(rule))),
    countWithoutTime: (wanted) =>
      matches.filter((match) => Number.isNaN(match.event.timeUs) && (wanted === undefined || wanted(match.rule))).length,
    get: (position) => matches[position]!,
  };
}
