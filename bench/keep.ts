/**
 * Cost of keeping and printing matches: microseconds per match, over an EVTX log with SigmaHQ's Windows rules. Matching is measured
 * on its own and subtracted. Run through `npm run bench -- keep`.
 */

import { compileRules } from '../src/engine/compile/compile.ts';
import { createMatcher } from '../src/engine/match/matcher.ts';
import { MatchStore } from '../src/findings/store/match-store.ts';
import { emptyStats } from '../src/logs/stats.ts';
import { reporter as jsonLines } from '../src/report/formats/jsonl.ts';
import type { ReportedMatchText, ScanReport } from '../src/report/reporter.ts';
import { ALL_TIMES, RangeScanner } from '../src/scan/first-pass/range-scanner.ts';
import { resolveLogSource } from '../src/sigma/logsource/resolve.ts';
import { loadRules } from '../src/sigma/rule/load.ts';
import { thread } from '../src/thread.ts';
import { cpuUs, readEvtx } from './support/measure.ts';

/** Others may have disturbed some passes, and the first ones compile. */
function lowerQuartile(times: readonly number[]): number {
  return [...times].sort((a, b) => a - b)[times.length >> 2]!;
}

/** Passes are interleaved: match, match and keep, print, match ... */
export function benchKeep(folders: readonly string[], log: string, passes: number): Record<string, number> {
  const { rules } = loadRules(folders);
  const ruleSet = compileRules(rules, (logsource) => resolveLogSource(logsource));
  const matcher = createMatcher(ruleSet, undefined, thread.accelerator);
  const scanner = new RangeScanner(ruleSet, { read: { recover: false, verify: false }, times: ALL_TIMES }, thread);
  let matches = 0;
  let printed = 0;
  let store = new MatchStore();
  const onMatch = (): void => void matches++;
  const match = (): void => readEvtx(log, { event: (event) => matcher.match(event, onMatch), diagnostic: () => {} });
  const keep = (onBlock: (block: Uint8Array) => void): void => {
    scanner.start(log, onBlock);
    readEvtx(log, scanner);
    scanner.finish(emptyStats('evtx'));
  };
  const print = (): void => {
    function* matchTexts(): Generator<ReportedMatchText> {
      for (const position of store.positionsInFileOrder()) {
        // As scan.ts: spreading takes as long as printing.
        const { rule, via, file, index, event, fields, eventId } = store.textAt(position);
        yield { rule, via, file, index, event, fields, eventId, lookback: null, notes: [], alert: null, incident: null };
      }
    }
    const report = { rules: ruleSet.rules, matchTexts, correlations: [], alerts: [], summary: {} } as unknown as ScanReport;
    for (const piece of jsonLines.render(report, { width: 80, colour: false })) printed += piece.length;
  };
  const times = { match: [] as number[], keep: [] as number[], store: [] as number[], print: [] as number[] };
  for (let pass = 0; pass < passes; pass++) {
    times.match.push(cpuUs(match));
    times.keep.push(cpuUs(() => keep(() => {})));
    store.close();
    store = new MatchStore();
    times.store.push(cpuUs(() => keep((block) => store.appendSerialized(block, { file: 0, range: 0 }))));
    times.print.push(cpuUs(print));
  }
  const perMatch = passes / matches;
  const result = {
    matches: matches / passes,
    'bytes printed': printed / passes,
    'keep us': (lowerQuartile(times.keep) - lowerQuartile(times.match)) * perMatch,
    'store us': (lowerQuartile(times.store) - lowerQuartile(times.keep)) * perMatch,
    'print us': lowerQuartile(times.print) * perMatch,
  };
  store.close();
  return result;
}
