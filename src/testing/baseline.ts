/**
 * Tests rules against a folder of harmless logs. In: rules, logs and a limit. Out: for each rule, how often it matches there,
 * and whether that exceeds the limit.
 */

import { Evaluation } from '../explain/evaluate.ts';
import type { RulePool } from '../explain/rule-pool.ts';
import { readLogs } from '../logs/open/read-logs.ts';
import { formatDiagnostic } from '../model/diagnostic.ts';
import type { EventRecord } from '../model/event.ts';
import type { SigmaRule } from '../model/rule.ts';
import { addTo } from '../model/values/maps.ts';
import type { LogSourceOptions } from '../sigma/logsource/resolve.ts';
import type { KnownEvents } from './known-events.ts';
import type { TestOutcome } from './run-tests.ts';
import { falsePositiveText } from './test-report.ts';

export interface BaselineOptions {
  /** How many hits each rule may have. */
  readonly maxHits: number;
  /** Matches that do not count as hits. */
  readonly known: KnownEvents;
  readonly logSources: LogSourceOptions;
  readonly signal?: AbortSignal | undefined;
}

/** How many records are named for a rule with too many hits. */
const NAMED_RECORDS = 5;

/** One outcome per rule in use. */
export async function runBaseline(
  folder: string,
  pool: RulePool,
  rules: readonly SigmaRule[],
  options: BaselineOptions,
): Promise<readonly TestOutcome[]> {
  const { ruleSet } = pool.choose(rules, options.logSources);
  const evaluation = new Evaluation(ruleSet);
  /** Indexes in `evaluation.matches` of known false positives. */
  const accepted = new Set<number>();
  const add = (event: EventRecord, file: string): void => {
    const before = evaluation.matches.length;
    evaluation.add(event, file);
    for (let at = before; at < evaluation.matches.length; at++)
      if (options.known.has(ruleSet.rules[evaluation.matches[at]!.rule]!, event)) accepted.add(at);
  };
  const { shapes } = options.logSources.custom ?? {};
  const read = await readLogs([folder], (event, file) => void add(event, file), options.signal, { shapes });
  const outcome = (name: string, rulePath: string, passed: boolean, message: string, hint?: string): TestOutcome => ({
    file: folder,
    line: 1,
    name: `baseline: ${name}`,
    rule: name,
    rulePath,
    passed,
    unusable: false,
    message,
    hint,
  });
  const broken = read.diagnostics.filter((one) => one.severity === 'error').map(formatDiagnostic);
  if (read.events === 0) return [outcome('logs', '', false, `no event was read from ${folder}`, broken[0])];
  const hits = new Map<number, string[]>();
  const hit = (rule: number, where: string): void => addTo(hits, rule, where);
  const knownHits = new Map<number, number>();
  for (const [at, { rule, event }] of evaluation.matches.entries()) {
    if (accepted.has(at)) knownHits.set(rule, (knownHits.get(rule) ?? 0) + 1);
    else if (ruleSet.silent[rule] !== true) hit(rule, `${event.file} record ${event.index}`);
  }
  for (const { rule, events } of evaluation.correlations()) {
    if (ruleSet.silent[rule] !== true) hit(rule, events.map((event) => `${event.file} record ${event.index}`).join(' + '));
  }
  const outcomes = ruleSet.rules.flatMap((info, rule): TestOutcome[] => {
    if (ruleSet.silent[rule] === true) return [];
    const found = hits.get(rule) ?? [];
    const known = falsePositiveText(knownHits.get(rule) ?? 0);
    if (found.length <= options.maxHits) return [outcome(info.title, info.path, true, known.replace(/^, /, ''))];
    const message = `${found.length} hits in logs without an attack${known}, at most ${options.maxHits} are allowed`;
    const named = found.slice(0, NAMED_RECORDS).join(', ');
    return [outcome(info.title, info.path, false, message, found.length > NAMED_RECORDS ? `${named}, ...` : named)];
  });
  return broken.length === 0 ? outcomes : [outcome('logs', '', false, `a log could not be read: ${broken[0]}`), ...outcomes];
}
