/** The shipped rules, compiled, and what they find in a list of events. */
import { join } from 'node:path';
import { compileRules } from '../../src/engine/compile/compile.ts';
import { interpretRule } from '../../src/engine/match/interpret.ts';
import { createMatcher } from '../../src/engine/match/matcher.ts';
import { correlate } from '../../src/findings/correlate/correlate.ts';
import { matchStream } from '../../src/findings/store/match-stream.ts';
import { listSources, openSource, readSource } from '../../src/logs/open/open.ts';
import { keepEvent } from '../../src/logs/plain-event.ts';
import { type EventRecord, snapshotEvent } from '../../src/model/event.ts';
import type { Match } from '../../src/model/match.ts';
import { resolveLogSource } from '../../src/sigma/logsource/resolve.ts';
import { loadRules } from '../../src/sigma/rule/load.ts';
import { projectRoot } from '../support/shared.ts';

export const rulesFolder = join(projectRoot, 'rules');
export const loaded = loadRules([rulesFolder]);
export const ruleSet = compileRules(loaded.rules, (logsource) => resolveLogSource(logsource));

export interface Finding {
  /** The rule's name. */
  readonly rule: string;
  /** 0-based positions of the records, in the order of the list; of a correlation those that it lists. */
  readonly records: readonly number[];
}

/** Matches of every rule, one finding per match, and correlations. Each match is also asked of the reference evaluator. */
export function find(events: readonly EventRecord[]): readonly Finding[] {
  const matcher = createMatcher(ruleSet);
  const nameOf = (rule: number): string => ruleSet.rules[rule]?.name ?? '';
  const matches: Match[] = [];
  const findings: Finding[] = [];
  events.forEach((event, index) => {
    const matched = new Set<string>();
    matcher.match(event, (rule) => {
      matched.add(nameOf(rule));
      matches.push({ kind: 'match', rule, via: '', event: { ...snapshotEvent(event, 'log'), index }, fields: [] });
      if (ruleSet.silent[rule] !== true) findings.push({ rule: nameOf(rule), records: [index] });
    });
    const interpreted = new Set(slowly(event));
    if ([...interpreted].sort().join() !== [...matched].sort().join()) {
      throw new Error(`record ${index}: reference evaluator ${[...interpreted]}, matcher ${[...matched]}`);
    }
  });
  for (const { rule, events: parts } of correlate(matchStream(matches), ruleSet).correlations) {
    findings.push({ rule: nameOf(rule), records: parts.map(({ index }) => index).sort((a, b) => a - b) });
  }
  return findings;
}

function slowly(event: EventRecord): string[] {
  return loaded.rules.flatMap((rule) => {
    if (rule.kind !== 'detection') return [];
    const resolution = resolveLogSource(rule.logsource);
    const holds = resolution.kind === 'sources' && resolution.sources.some((source) => interpretRule(rule, event, source));
    return holds ? [rule.head.name ?? ''] : [];
  });
}

/** Every event of a log, through the readers. */
export async function eventsOf(path: string): Promise<EventRecord[]> {
  const events: EventRecord[] = [];
  const report = (diagnostic: { message: string }): never => {
    throw new Error(diagnostic.message);
  };
  for (const source of listSources([path], report)) {
    const opened = await openSource(source, report);
    if (opened === null) throw new Error(`${path} is no log`);
    const sink = { event: (event: EventRecord) => events.push(keepEvent(event)), diagnostic: report };
    await readSource(opened, sink as never, { recover: false, verify: false });
  }
  return events;
}
