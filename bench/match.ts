/**
 * Cost of matching: microseconds and rules evaluated per event, over an EVTX log with SigmaHQ's Windows rules, and how it grows
 * with the number of rules. Decoding is measured on its own and subtracted. Run through `npm run bench -- match`.
 */

import { compileRules } from '../src/engine/compile/compile.ts';
import { createMatcher } from '../src/engine/match/matcher.ts';
import type { EventSink } from '../src/model/event.ts';
import type { SigmaRule } from '../src/model/rule.ts';
import { resolveLogSource } from '../src/sigma/logsource/resolve.ts';
import { loadRules } from '../src/sigma/rule/load.ts';
import { thread } from '../src/thread.ts';
import { cpuUs, readEvtx } from './support/measure.ts';

function median(times: readonly number[]): number {
  return [...times].sort((a, b) => a - b)[times.length >> 1]!;
}

export interface MatchBench {
  readonly rules: number;
  readonly events: number;
  readonly hits: number;
  readonly decodeMs: number;
  readonly firstMs: number;
  readonly totalMs: number;
  readonly usPerEvent: number;
  readonly firstUsPerEvent: number;
  readonly evaluatedPerEvent: number;
}

/** Passes are interleaved: decode, decode and match, decode ... */
function bench(rules: readonly SigmaRule[], log: string, passes: number): MatchBench {
  const ruleSet = compileRules(rules, (logsource) => resolveLogSource(logsource));
  const matcher = createMatcher(ruleSet, undefined, thread.accelerator);
  let events = 0;
  let hits = 0;
  let gate = 0;
  const decodeTimes: number[] = [];
  const matchTimes: number[] = [];
  const read = (event: EventSink['event']) => readEvtx(log, { event, diagnostic: () => {} });
  const decode = () =>
    read((event) => {
      gate += event.eventId + event.channel.length;
    });
  const match = () =>
    read((event) => {
      events++;
      matcher.match(event, () => hits++);
    });
  decode();
  for (let pass = 0; pass < passes; pass++) {
    decodeTimes.push(cpuUs(decode) / 1000);
    matchTimes.push(cpuUs(match) / 1000);
  }
  if (gate === 0) throw new Error(`${log}: no events`);
  const decodeMs = median(decodeTimes);
  const totalMs = median(matchTimes);
  const perPass = events / passes;
  return {
    rules: ruleSet.rules.length,
    events: perPass,
    hits: hits / passes,
    decodeMs,
    firstMs: matchTimes[0]!,
    totalMs,
    usPerEvent: ((totalMs - decodeMs) * 1000) / perPass,
    firstUsPerEvent: ((matchTimes[0]! - decodeMs) * 1000) / perPass,
    evaluatedPerEvent: matcher.counts.evaluated / events,
  };
}

/** Of the rules every `steps[i]`th. */
export function benchMatch(
  folders: readonly string[],
  log: string,
  passes: number,
  steps: readonly number[] = [10, 3, 1],
): readonly MatchBench[] {
  const { rules } = loadRules(folders);
  return steps.map((step) =>
    bench(
      rules.filter((_, i) => i % step === 0),
      log,
      passes,
    ),
  );
}
