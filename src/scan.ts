/**
 * The pipeline on one page: rules and logs in, matches, correlations and alerts out.
 *
 *   rules    load -> parse -> compile (or the cache) ----+
 *                                                        v
 *   sources  list -> open -> cut -> [read -> match] -> store -> order -> correlate -> look back -> result
 *                                    in all threads
 *
 * Refuses rule paths that do not exist (UsageError). Whatever is wrong with rules or logs is a diagnostic in the summary.
 */
import { createMatcher } from './engine/match/matcher.ts';
import { judgeMatches } from './findings/judge-matches.ts';
import { MatchStore } from './findings/store/match-store.ts';
import { closeArchives } from './logs/archives/archive-cursor.ts';
import { closeNested } from './logs/open/nested.ts';
import { diagnosticsOf, notBegun } from './scan/account/source-diagnostics.ts';
import { summarise } from './scan/account/summary.ts';
import { matchAll } from './scan/first-pass/first-pass.ts';
import { readyMatches } from './scan/first-pass/ready-matches.ts';
import { computersIn, placeRanges, readAgain } from './scan/first-pass/scanned-source.ts';
import { Scanners } from './scan/first-pass/scanners.ts';
import type { ScanHooks } from './scan/hooks.ts';
import { loadRuleSet } from './scan/load-rules.ts';
import { SourceContextReader } from './scan/look-back/context-reader.ts';
import { partsOf, type ScanOptions } from './scan/options.ts';
import type { ScanResult } from './scan/result.ts';
import { ScanRules, suppressedMatches } from './scan/scan-rules.ts';
import { ScannedMatches } from './scan/scanned-matches.ts';
import { HeldFiles } from './scan/sources/held-files.ts';
import { listInputs } from './scan/sources/list-inputs.ts';
import { openAll, tasksOf } from './scan/sources/open-sources.ts';
import { loadOpeners } from './scan/sources/openers.ts';
import { WorkerPool } from './scan/threads/pool.ts';
import { threadsFor } from './scan/threads/tasks.ts';
import { thread } from './thread.ts';

export type { Progress, ScanHooks } from './scan/hooks.ts';
export type { ScanOptions } from './scan/options.ts';
export type { ScanResult } from './scan/result.ts';
export type { ScannedMatch, ScannedMatchText } from './scan/scanned-matches.ts';

export async function scan(given: ScanOptions, hooks: ScanHooks = {}): Promise<ScanResult> {
  const parts = partsOf(given);
  const started = parts.clock();
  const { signal, onMatches, keepTaken } = hooks;
  const { listed, diagnostics: ofPaths } = await listInputs(parts.inputs, signal);
  await loadOpeners(listed);
  const held = new HeldFiles();
  // Threads start while this one reads rules.
  const pool = new WorkerPool(threadsFor(listed, parts.threads) - 1);
  const store = new MatchStore();
  try {
    const compiled = await loadRuleSet(parts.rules, hooks.onRuleFile);
    const looksBack = parts.window.windowUs > 0;
    const rules = new ScanRules(compiled.ruleSet, parts.choice, looksBack);
    hooks.onRules?.(rules.all.rules);
    const { sources, diagnostics: ofSources } = await openAll(listed, held, parts.reading.read, {
      stdin: parts.inputs.stdin,
      signal,
    });
    const tasks = tasksOf(sources);
    const readsTwice = looksBack || rules.looksAtEvents;
    const handOver = { onMatches, keepTaken, keepCopies: parts.window.keepCopies === true, clock: parts.clock };
    const ready = readsTwice ? null : readyMatches(store, sources, tasks, rules, handOver);
    const someAreText = sources.some(({ opened }) => opened.format.text);
    hooks.onReading?.(1 + pool.size, someAreText);
    const { serialized } = compiled;
    const scanners = new Scanners(rules.matched, parts.reading, thread, parts.window.windowUs);
    const found = await matchAll({ sources, tasks, scanners, serialized, store, pool, hooks }, ready);
    placeRanges(found, store);
    hooks.onPhase?.('correlate');
    const leftOut = rules.hide(store);
    hooks.onPhase?.('look back');
    const context = new SourceContextReader({ ...readAgain(found), read: parts.reading.read, thread, pool, signal });
    const kept = ready === null || keepTaken !== false;
    const judged = await judgeMatches(
      { store, ruleSet: rules.reported, silent: rules.silentContext, computers: computersIn(found), kept },
      context,
      parts.window,
    );
    rules.tuning.applyTo(judged.correlations);
    const tuned = rules.tuning.account();
    const begun = found.filter((each) => each.begun);
    const isInterrupted = signal?.aborted === true;
    const unread = listed.length - begun.length;
    const matches = new ScannedMatches(store, judged, rules.isReported, ready?.taken ?? null);
    const matcher = createMatcher(rules.reported);
    return {
      rules: rules.reported.rules,
      matches: (order = 'file') => matches.in(order),
      matchTexts: () => matches.texts(),
      copies: () => matches.copies(),
      correlations: judged.correlations,
      alerts: judged.alerts,
      incidents: judged.incidents,
      incidentCount: judged.incidentCount,
      correlationIncidents: judged.correlationIncidents,
      summary: summarise({
        version: parts.version,
        sources: begun.map(({ source, parts, missing }) => ({ name: source.path, parts, missing: missing?.records ?? 0 })),
        compiled: { ...compiled, ruleSet: rules.all },
        shipped: parts.shipped,
        tuned: tuned.entries,
        suppressed: suppressedMatches(
          rules.reported,
          found.flatMap(({ parts }) => parts.map(({ result }) => result.suppressed)),
        ),
        covers: (channel) => matcher.covers(channel),
        store,
        reported: rules.isReported,
        leftOut,
        correlations: judged.correlations.length,
        alerts: judged.alertCount,
        interrupted: isInterrupted,
        elapsedMs: parts.clock() - started,
        diagnostics: [
          ...compiled.diagnostics,
          ...ofPaths,
          ...ofSources,
          ...diagnosticsOf(found, parts.inputs.paths),
          ...judged.diagnostics,
          ...tuned.diagnostics,
          ...(isInterrupted && unread > 0 ? [notBegun(unread, listed.length)] : []),
        ],
      }),
      sources: begun.map(({ source, parts }) => ({ source, tallies: parts.map(({ result }) => result.tally) })),
      close: () => store.close(),
    };
  } catch (error) {
    store.close();
    throw error;
  } finally {
    await pool.close();
    await closeArchives();
    held.close();
    closeNested();
  }
}
