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
import type { CompiledRules } from './engine/rule-cache/compiled-rules.ts';
import { restoreCompiled } from './engine/rule-cache/restore-compiled.ts';
import { judgeMatches } from './findings/judge-matches.ts';
import { MatchStore } from './findings/store/match-store.ts';
import { closeArchives } from './logs/archives/archive-cursor.ts';
import { closeNested } from './logs/open/nested.ts';
import { listLogs } from './logs/open/open.ts';
import type { Diagnostic } from './model/diagnostic.ts';
import { diagnosticsOf, notBegun } from './scan/account/source-diagnostics.ts';
import { summarise } from './scan/account/summary.ts';
import { matchAll } from './scan/first-pass/first-pass.ts';
import { readyMatches } from './scan/first-pass/ready-matches.ts';
import { computersIn, placeRanges, readAgain } from './scan/first-pass/scanned-source.ts';
import type { ScanHooks } from './scan/hooks.ts';
import { SourceContextReader } from './scan/look-back/context-reader.ts';
import { type ScanOptions, type Settings, settingsOf } from './scan/options.ts';
import type { ScanResult } from './scan/result.ts';
import { ScanRules, suppressedMatches } from './scan/scan-rules.ts';
import { ScannedMatches } from './scan/scanned-matches.ts';
import { HeldFiles } from './scan/sources/held-files.ts';
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
  const options = settingsOf(given);
  const started = options.clock();
  const ofSources: Diagnostic[] = [];
  const report = (diagnostic: Diagnostic): void => void ofSources.push(diagnostic);
  const { followLinks, archivePassword, readPath = null } = options;
  const ofPaths = await listLogs(options.paths, report, { followLinks, archivePassword, signal: hooks.signal });
  const listed = [...ofPaths, ...(options.sources ?? [])].filter(({ path }) => readPath === null || readPath(path));
  await loadOpeners(listed);
  const held = new HeldFiles();
  // Threads start while this one reads rules.
  const pool = new WorkerPool(threadsFor(listed, options.threads) - 1);
  const store = new MatchStore();
  try {
    const compiled = await loadRuleSet(options, hooks);
    const rules = new ScanRules(compiled.ruleSet, options);
    hooks.onRules?.(rules.all.rules);
    const sources = await openAll(listed, held, options, report, hooks.signal);
    const tasks = tasksOf(sources);
    const readsTwice = options.windowUs > 0 || rules.looksAtEvents;
    const ready = readsTwice ? null : readyMatches(store, sources, tasks, rules, options, hooks);
    hooks.onReading?.(1 + pool.size);
    const { serialized } = compiled;
    const found = await matchAll({
      sources,
      tasks,
      ruleSet: rules.matched,
      serialized,
      store,
      ready,
      pool,
      thread,
      options,
      hooks,
    });
    placeRanges(found, store);
    hooks.onPhase?.('correlate');
    const leftOut = rules.hide(store);
    hooks.onPhase?.('look back');
    const judged = await judgeMatches(store, rules.reported, {
      windowUs: options.windowUs,
      window: options.window,
      keepCopies: options.keepCopies,
      gapUs: options.incidentGapUs,
      silent: rules.silentContext,
      incidents: ready === null || hooks.keepTaken !== false,
      computers: computersIn(found),
      context: new SourceContextReader({ ...readAgain(found), read: options.read, thread, pool, signal: hooks.signal }),
    });
    rules.tuning.applyTo(judged.correlations);
    const tuned = rules.tuning.account();
    const begun = found.filter((each) => each.begun);
    const isInterrupted = hooks.signal?.aborted === true;
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
        version: options.version,
        sources: begun.map(({ source, parts, missing }) => ({ name: source.path, parts, missing: missing?.records ?? 0 })),
        compiled: { ...compiled, ruleSet: rules.all },
        shipped: options.shipped === true,
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
        elapsedMs: options.clock() - started,
        diagnostics: [
          ...compiled.diagnostics,
          ...ofSources,
          ...diagnosticsOf(found, options.paths),
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

/** As `loadCompiled`, but parser and compiler are loaded only if the cache has nothing: they are half of what a small scan loads. */
async function loadRuleSet(options: Settings, { onRuleFile }: ScanHooks): Promise<CompiledRules> {
  const restored = restoreCompiled(options.rules, options);
  if (restored !== null) return restored;
  const { compilePaths } = await import('./engine/rule-cache/compile-paths.ts');
  return compilePaths(options.rules, { ...options, onRuleFile });
}
