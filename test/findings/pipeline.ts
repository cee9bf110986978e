/** Reads logs, matches rules and judges the matches in one thread: the least that window tests need of the other stages. */
import { basename } from 'node:path';
import { compileRules } from '../../src/engine/compile/compile.ts';
import { createMatcher } from '../../src/engine/match/matcher.ts';
import { type ContextReader, judgeMatches, type WindowOptions, type WindowResult } from '../../src/findings/judge-matches.ts';
import { ContextRing, visitRing } from '../../src/findings/lookback/context-ring.ts';
import { MatchStore } from '../../src/findings/store/match-store.ts';
import { openSource, readSource } from '../../src/logs/open/open.ts';
import type { Diagnostic } from '../../src/model/diagnostic.ts';
import { type EventRecord, snapshotEvent } from '../../src/model/event.ts';
import { type RuleSet, sourceOf } from '../../src/model/ruleset.ts';
import { resolveLogSource } from '../../src/sigma/logsource/resolve.ts';
import { loadRules } from '../../src/sigma/rule/load.ts';

export interface PipelineResult extends WindowResult {
  readonly ruleSet: RuleSet;
  readonly faults: readonly Diagnostic[];
}

async function readEach(
  paths: readonly string[],
  faults: Diagnostic[],
  visit: (event: EventRecord, file: string) => void,
): Promise<void> {
  const report = (diagnostic: Diagnostic): void => {
    faults.push(diagnostic);
  };
  for (const path of paths) {
    const opened = await openSource({ path, kind: 'file', size: null }, report);
    if (opened === null) continue;
    const sink = { event: (event: EventRecord) => visit(event, basename(path)), diagnostic: report };
    await readSource(opened, sink, { recover: false, verify: false });
  }
}

/** `ring`: look back as for a stream, from what was held while reading. */
export async function scanFiles(
  paths: readonly string[],
  rules: readonly string[],
  options: Partial<WindowOptions> & { readonly ring?: boolean } = {},
): Promise<PipelineResult> {
  const ruleSet = compileRules(loadRules(rules).rules, (logsource) => resolveLogSource(logsource));
  const matcher = createMatcher(ruleSet);
  const store = new MatchStore();
  const windowUs = options.windowUs ?? 9 * 60e6;
  const ring = new ContextRing(windowUs);
  const computers = new Set<string>();
  const faults: Diagnostic[] = [];
  await readEach(paths, faults, (event, file) => {
    computers.add(event.computer);
    if (options.ring === true) ring.event(event, file);
    matcher.match(event, (rule, source) => {
      const { via } = sourceOf(ruleSet, rule, source);
      store.append({ kind: 'match', rule, via, event: snapshotEvent(event, file), fields: [] });
      if (options.ring === true) ring.matched(event, file);
    });
  });
  const context: ContextReader = {
    async read(_plan, collector) {
      if (options.ring === true) visitRing(ring.context(), collector);
      else await readEach(paths, [], (event, file) => collector.visit(event, file));
      return { capped: ring.context().capped };
    },
    async supply(collector) {
      await readEach(paths, [], (event, file) => {
        if (collector.wantedIn(file)?.has(event.offset) === true) collector.hold(snapshotEvent(event, file));
      });
      return true;
    },
  };
  const result = await judgeMatches({ store, ruleSet, computers: [...computers] }, context, {
    window: '9m',
    ...options,
    windowUs,
  });
  // A copy has read what it holds of matches.
  const alerts = result.alerts.map((alert) => ({ ...alert }));
  store.close();
  return { ...result, alerts, ruleSet, faults };
}
