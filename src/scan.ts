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
import { addCounts } from './scan/account/tally.ts';
import { hideFiltered } from './scan/event-filter.ts';
import { matchAll } from './scan/first-pass/first-pass.ts';
import { readyMatches } from './scan/first-pass/ready-matches.ts';
import { placeRanges } from './scan/first-pass/scanned-source.ts';
import type { ScanHooks } from './scan/hooks.ts';
import { SourceContextReader } from './scan/look-back/context-reader.ts';
import { type ScanOptions, type Settings, settingsOf, utcDay } from './scan/options.ts';
import { leftOutByRule, suppressedMatches, withReported } from './scan/reported-rules.ts';
import type { ScanResult } from './scan/result.ts';
import { contextOf, copiesOf, inFileOrder, ofRules, type ScannedMatchText, streamed, textOf } from './scan/scanned-matches.ts';
import { HeldFiles } from './scan/sources/held-files.ts';
import { openAll, tasksOf } from './scan/sources/open-sources.ts';
import { loadOpeners } from './scan/sources/openers.ts';
import { WorkerPool } from './scan/threads/pool.ts';
import { threadsFor } from './scan/threads/tasks.ts';
import { Tuning } from './scan/tuning/tune-rules.ts';
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
    const tuning = new Tuning(compiled.ruleSet, options.tuning ?? [], options.today ?? utcDay());
    const { levelled } = tuning;
    hooks.onRules?.(levelled.rules);
    const filtered = withReported(levelled, options.reported ?? null);
    const ruleSet = tuning.withOff(filtered);
    const sources = await openAll(listed, held, options, report, hooks.signal);
    const diagnostics = [...compiled.diagnostics, ...ofSources];
    const reported = (rule: number): boolean => ruleSet.silent[rule] !== true;
    const tasks = tasksOf(sources);
    const filter = options.events ?? null;
    const whole = options.windowUs > 0 || filter !== null || tuning.looksAtEvents;
    const ready = whole ? null : readyMatches(store, sources, tasks, ruleSet, reported, options, hooks);
    hooks.onReading?.(1 + pool.size);
    const found = await matchAll({
      sources,
      tasks,
      // What is left out of the report is context: look-back names it. What is off is counted.
      ruleSet: options.windowUs > 0 ? levelled : filtered,
      serialized: compiled.serialized,
      store,
      ready,
      pool,
      thread,
      options,
      hooks,
    });
    placeRanges(found, store);
    hooks.onPhase?.('correlate');
    const leftOut = [...(filter === null ? [] : hideFiltered(store, filter)), ...leftOutByRule(store, levelled, filtered)];
    tuning.apply(store, filtered);
    // Not as arguments: there may be more files than a call can have.
    for (const each of diagnosticsOf(found, options.paths)) diagnostics.push(each);
    hooks.onPhase?.('look back');
    const judged = await judgeMatches(store, ruleSet, {
      windowUs: options.windowUs,
      window: options.window,
      keepCopies: options.keepCopies,
      gapUs: options.incidentGapUs,
      silent: tuning.withOff(levelled).silent,
      incidents: ready === null || hooks.keepTaken !== false,
      computers: addCounts(found.flatMap(({ parts }) => parts.map(({ result }) => result.tally.computers))).map(([name]) => name),
      context: new SourceContextReader({
        parts: found.flatMap(({ parts }) =>
          parts.flatMap(({ again, firstIndex }) => (again === null ? [] : [{ ...again, firstIndex }])),
        ),
        rings: found.flatMap(({ ring }) => ring ?? []),
        read: options.read,
        thread,
        pool,
        signal: hooks.signal,
      }),
    });
    tuning.applyTo(judged.correlations);
    const tuned = tuning.account();
    diagnostics.push(...judged.diagnostics, ...tuned.diagnostics);
    const unread = listed.length - found.filter(({ begun }) => begun).length;
    if (hooks.signal?.aborted && unread > 0) diagnostics.push(notBegun(unread, listed.length));
    const matcher = createMatcher(ruleSet);
    return {
      rules: ruleSet.rules,
      matches: (order = 'file') => {
        const positions = order === 'file' ? store.positionsInFileOrder() : store.positionsInTimeOrder();
        return ofRules(store, positions, reported, (at) => ({
          ...store.get(at),
          ...contextOf(judged, at),
          eventId: store.eventIdAt(at),
        }));
      },
      matchTexts: () => {
        const textAt = (at: number): ScannedMatchText => textOf(store, at, contextOf(judged, at));
        return inFileOrder(store, reported, ready === null ? textAt : (at) => streamed(textAt(at)), ready?.taken);
      },
      copies: () => (ready === null ? [] : copiesOf(store, reported)),
      correlations: judged.correlations,
      alerts: judged.alerts,
      incidents: judged.incidents,
      incidentCount: judged.incidentCount,
      correlationIncidents: judged.correlationIncidents,
      summary: summarise({
        version: options.version,
        sources: found
          .filter(({ begun }) => begun)
          .map(({ source, parts, missing }) => ({ name: source.path, parts, missing: missing?.records ?? 0 })),
        compiled: { ...compiled, ruleSet: levelled },
        shipped: options.shipped === true,
        tuned: tuned.entries,
        suppressed: suppressedMatches(
          ruleSet,
          found.flatMap(({ parts }) => parts.map(({ result }) => result.suppressed)),
        ),
        covers: (channel) => matcher.covers(channel),
        store,
        reported,
        leftOut,
        correlations: judged.correlations.length,
        alerts: judged.alertCount,
        interrupted: hooks.signal?.aborted === true,
        elapsedMs: options.clock() - started,
        diagnostics,
      }),
      sources: found
        .filter(({ begun }) => begun)
        .map(({ source, parts }) => ({ source, tallies: parts.map(({ result }) => result.tally) })),
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
