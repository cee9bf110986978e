/**
 * Gives the value of a rule field in a match. In: a match. Out: the value as the matcher read it, through the log source that
 * the match came through.
 */

import type { EventSnapshot, FieldValue } from '../../model/event.ts';
import type { EventSource } from '../../model/logsource.ts';
import type { Match } from '../../model/match.ts';
import type { RuleSet } from '../../model/ruleset.ts';
import { mappedFieldValue, mappingOf, passesGate } from '../../sigma/logsource/fields.ts';
import { snapshotRecord } from './snapshot-record.ts';

export type MatchFieldValue = (match: Match, field: string) => FieldValue | undefined;

/** An event's own field. EventData/UserData wins over System. */
export function snapshotField(event: EventSnapshot, field: string): FieldValue | undefined {
  if (Object.hasOwn(event.data, field)) return event.data[field];
  return Object.hasOwn(event.system, field) ? event.system[field] : undefined;
}

/** Fields as the log sources of a rule set name them: `Image` of a match via Security 4688 is its `NewProcessName`. */
export function matchFieldsOf(ruleSet: Pick<RuleSet, 'sources' | 'ruleSources'>): MatchFieldValue {
  return (match, field) => {
    const source = sourceOfMatch(ruleSet, match);
    if (source === undefined || mappingOf(source, field) === undefined) return snapshotField(match.event, field);
    return mappedFieldValue(snapshotRecord(match.event), source, field);
  };
}

/**
 * The source that a match came through, found by its `via`. Where several sources have the same `via`, the one whose gate the
 * event passes.
 */
function sourceOfMatch(ruleSet: Pick<RuleSet, 'sources' | 'ruleSources'>, match: Match): EventSource | undefined {
  const named = (ruleSet.ruleSources[match.rule] ?? [])
    .map((index) => ruleSet.sources[index])
    .filter((source): source is EventSource => source?.via === match.via);
  if (named.length <= 1) return named[0];
  return named.find((source) => passesGate(snapshotRecord(match.event), source)) ?? named[0];
}
