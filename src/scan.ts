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
import { availableParallelism } from 'node:os';
import type { Readable } from 'node:stream';
import { createMatcher } from './engine/match/matcher.ts';
import type { CompiledRules } from './engine/rule-cache/compiled-rules.ts';
import { restoreCompiled } from './engine/rule-cache/restore-compiled.ts';
import { INCIDENT_GAP_US } from './findings/incidents/group-incidents.ts';
import { judgeMatches, ownNotes } from './findings/judge-matches.ts';
import { ContextRing, type RingContext } from './findings/lookback/context-ring.ts';
import { MatchStore } from './findings/store/match-store.ts';
import { closeArchives } from './logs/archives/archive-cursor.ts';
import type { LogFormat } from './logs/log-format.ts';
import { closeNested } from './logs/open/nested.ts';
import { listLogs, type OpenedSource, openSource, readSource, type Source, sourceRanges } from './logs/open/open.ts';
import type { Diagnostic } from './model/diagnostic.ts';
import type { Incident } from './model/incident.ts';
import type { Alert, Correlation, LeftOut, MatchPlaces, RuleInfo, ScanSummary } from './model/match.ts';
import type { ByteRange, ReadOptions } from './model/reader.ts';
import type { RuleSet } from './model/ruleset.ts';
import { gapDiagnostics } from './scan/account/gaps.ts';
import { fieldDiagnostics } from './scan/account/missing-fields.ts';
import { summarise } from './scan/account/summary.ts';
import { addCounts } from './scan/account/tally.ts';
import { type EventFilter, hideFiltered } from './scan/event-filter.ts';
import { ALL_TIMES, type RangeResult, RangeScanner, type TimeFilter } from './scan/first-pass/range-scanner.ts';
import { ReadyMatches } from './scan/first-pass/ready-matches.ts';
import { runTasks } from './scan/first-pass/run-tasks.ts';
import { type ReadPart, SourceContextReader } from './scan/look-back/context-reader.ts';
import {
  contextOf,
  copiesOf,
  inFileOrder,
  ofRules,
  type ScannedMatch,
  type ScannedMatchText,
  streamed,
  textOf,
} from './scan/scanned-matches.ts';
import { changeOf, HeldFiles } from './scan/sources/held-files.ts';
import { loadOpeners } from './scan/sources/openers.ts';
import { WorkerPool } from './scan/threads/pool.ts';
import { type RangeTask, SharedProgress, TASK_BYTES, threadsWorthwhile } from './scan/threads/tasks.ts';
import type { LogSourceOptions } from './sigma/logsource/resolve.ts';
import type { Placeholders } from './sigma/rule/load.ts';
import { thread } from './thread.ts';

export type { ScannedMatch, ScannedMatchText } from './scan/scanned-matches.ts';

/** Only `paths` and `rules` are needed. */
export interface ScanOptions {
  /** Files, folders, `-` for stdin. */
  readonly paths: readonly string[];
  /** Logs that were found elsewhere (in a disk image), read after those of `paths`. */
  readonly sources?: readonly Source[] | undefined;
  /** Rule files, folders, zip archives. */
  readonly rules: readonly string[];
  /** Values of `expand` placeholders. */
  readonly values?: Placeholders | undefined;
  readonly logSources?: LogSourceOptions | undefined;
  /** Which rules are reported; all when absent. Rules that correlations refer to are evaluated all the same. */
  readonly reported?: ((rule: RuleInfo) => boolean) | null | undefined;
  /** Events that are reported; all when absent. What is left out is context all the same. */
  readonly events?: EventFilter | null | undefined;
  /** Sources that are read; all when absent. */
  readonly readPath?: ((path: string) => boolean) | null | undefined;
  /** Events outside are read but not matched. Default: all times. */
  readonly times?: TimeFilter | undefined;
  /** Look-back: as it is shown (`9m`) and in microseconds; 0 switches it off. Default: nine minutes. */
  readonly window?: string | undefined;
  readonly windowUs?: number | undefined;
  /** An incident ends when nothing matches on its computer for so many microseconds. Default: half an hour. */
  readonly incidentGapUs?: number | undefined;
  /** Default: live records only, checksums not computed. */
  readonly read?: ReadOptions | undefined;
  /** Also links in folders that lead out of the folder. Default false. */
  readonly followLinks?: boolean | undefined;
  /** A record that is found in several places counts as often. Default: once. */
  readonly keepCopies?: boolean | undefined;
  /** For members of archives that are encrypted. */
  readonly archivePassword?: string | null | undefined;
  /** Threads in all; null, the default, for as many as pay off. */
  readonly threads?: number | null | undefined;
  /** Where compiled rules are kept; null, the default: nowhere. */
  readonly cacheFolder?: string | null | undefined;
  /** What `-` stands for. */
  readonly stdin?: Readable | undefined;
  /** Shown in the summary. Default: this package's version. */
  readonly version?: string | undefined;
  /** Milliseconds from any start, for `elapsedMs`. Default: `performance.now`. */
  readonly clock?: (() => number) | undefined;
}

const DEFAULTS = {
  times: ALL_TIMES,
  window: '9m',
  windowUs: 9 * 60 * 1e6,
  incidentGapUs: INCIDENT_GAP_US,
  read: { recover: false, verify: false },
  keepCopies: false,
  threads: null,
  cacheFolder: null,
  version: WINNOW_VERSION,
  clock: () => performance.now(),
} satisfies Partial<ScanOptions>;

type Settings = ScanOptions & {
  readonly [K in keyof typeof DEFAULTS]-?: NonNullable<ScanOptions[K]> | Extract<ScanOptions[K], null>;
};

function settingsOf(given: ScanOptions): Settings {
  // What is given as undefined counts as not given.
  const named = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)) as typeof given;
  const settings = { ...DEFAULTS, ...named } as Settings;
  // Shapes are described beside log sources, since they say which of them their records serve.
  return { ...settings, read: { shapes: given.logSources?.custom?.shapes, ...settings.read } };
}

export interface Progress {
  readonly bytes: number;
  /** Bytes of all files together; what comes through a pipe is not in it. */
  readonly totalBytes: number;
  readonly events: number;
  readonly matches: number;
}

export interface ScanHooks {
  /** Called between pieces of work, several times a second. */
  readonly onProgress?: ((progress: Progress) => void) | undefined;
  /** Called after each rule file that was parsed, which the event loop has to wait for: never where rules come from the cache. */
  readonly onRuleFile?: (() => void) | undefined;
  /** Called once with the rules in use; what it throws ends the scan. */
  readonly onRules?: ((rules: readonly RuleInfo[]) => void) | undefined;
  /** Called when something else than reading begins. */
  readonly onPhase?: ((phase: 'correlate' | 'look back') => void) | undefined;
  /** Called once, when rules have been loaded and sources opened: from now on it is read and matched, by so many threads. */
  readonly onReading?: ((threads: number) => void) | undefined;
  /** Ends reading early; what was found until then is the result. */
  readonly signal?: AbortSignal | undefined;
  /**
   * Takes matches in file order while the scan still runs, as far as nothing that is found later changes what is said of them:
   * never where there is a look-back. Copies come later: the result's `copies()` has them, no match has `alsoIn`. To be read to the end each time. The result's `matchTexts()` has the others.
   */
  readonly onMatches?: ((matches: Iterable<ScannedMatchText>, rules: readonly RuleInfo[]) => Promise<void>) | undefined;
  /** False: what `onMatches` has taken need not be kept, neither `matches()` nor what alerts hold of matches is read. */
  readonly keepTaken?: boolean | undefined;
}

export interface ScanResult {
  readonly rules: readonly RuleInfo[];
  /** By file and record, or by event time; may come from a temporary file. Default: `file`. */
  matches(order?: 'file' | 'time'): Iterable<ScannedMatch>;
  /** As text, several times faster; without those that `onMatches` has taken. */
  matchTexts(): Iterable<ScannedMatchText>;
  /** Copies of the matches that `onMatches` has taken, and of those of `matchTexts()` then. */
  copies(): Iterable<MatchPlaces>;
  readonly correlations: readonly Correlation[];
  /** What they hold of matches is read when it is asked for. */
  readonly alerts: readonly Alert[];
  /** What happened, a computer and a burst of matched events each, the worst first. None where matches were handed on and not kept. */
  readonly incidents: readonly Incident[];
  /** Id of the incident of a correlation. */
  readonly correlationIncidents: ReadonlyMap<Correlation, string>;
  readonly summary: ScanSummary;
  /** Removes the temporary file: matches can no longer be read. */
  close(): void;
}

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
    hooks.onRules?.(compiled.ruleSet.rules);
    const ruleSet = withReported(compiled.ruleSet, options.reported ?? null);
    const sources = await openAll(listed, held, options, report, hooks.signal);
    const diagnostics = [...compiled.diagnostics, ...ofSources];
    const reported = (rule: number): boolean => ruleSet.silent[rule] !== true;
    const tasks = tasksOf(sources);
    const filter = options.events ?? null;
    const whole = options.windowUs > 0 || filter !== null;
    const ready = whole ? null : readyMatches(store, sources, tasks, ruleSet, reported, options, hooks);
    hooks.onReading?.(1 + pool.size);
    const found = await matchAll({
      sources,
      tasks,
      // What is left out of the report is context: look-back names it.
      ruleSet: options.windowUs > 0 ? compiled.ruleSet : ruleSet,
      serialized: compiled.serialized,
      store,
      ready,
      pool,
      options,
      hooks,
    });
    placeRanges(found, store);
    hooks.onPhase?.('correlate');
    const leftOut = [
      ...(filter === null ? [] : hideFiltered(store, filter)),
      ...leftOutByRule(store, compiled.ruleSet, ruleSet, reported),
    ];
    diagnostics.push(...diagnosticsOf(found, options.paths));
    hooks.onPhase?.('look back');
    const judged = await judgeMatches(store, ruleSet, {
      windowUs: options.windowUs,
      window: options.window,
      keepCopies: options.keepCopies,
      gapUs: options.incidentGapUs,
      silent: compiled.ruleSet.silent,
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
    diagnostics.push(...judged.diagnostics);
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
      correlationIncidents: judged.correlationIncidents,
      summary: summarise({
        version: options.version,
        sources: found
          .filter(({ begun }) => begun)
          .map(({ source, parts, missing }) => ({ name: source.path, parts, missing: missing?.records ?? 0 })),
        compiled,
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

function threadsFor(sources: readonly Source[], asked: number | null): number {
  if (asked !== null) return asked;
  // Members of archives are streams, which one thread reads.
  const bytes = sources.reduce((sum, { kind, size }) => sum + (kind === 'nested' ? 0 : (size ?? 0)), 0);
  return threadsWorthwhile(bytes, availableParallelism());
}

/** Rules that are not to be reported fall silent; correlations still see them. */
function withReported(ruleSet: RuleSet, reported: ((rule: RuleInfo) => boolean) | null): RuleSet {
  if (reported === null) return ruleSet;
  return { ...ruleSet, silent: ruleSet.rules.map((rule, i) => ruleSet.silent[i] === true || !reported(rule)) };
}

/** Matches of rules that would be reported but for the filter of rules: known where a look-back needs them. */
function leftOutByRule(
  store: MatchStore,
  { silent }: RuleSet,
  filtered: RuleSet,
  reported: (rule: number) => boolean,
): readonly LeftOut[] {
  let matches = 0;
  const events = new Set<number>();
  for (let position = 0; position < store.size; position++) {
    const rule = store.ruleAt(position);
    if (silent[rule] === true || filtered.silent[rule] !== true || reported(rule)) continue;
    matches++;
    events.add(store.eventAt(position));
  }
  return matches === 0 ? [] : [{ filter: 'rules', events: events.size, matches }];
}

interface NamedSource {
  readonly source: Source;
  /** Without its first bytes: a folder may have a hundred thousand files. */
  readonly opened: OpenedSource;
  readonly ranges: readonly ByteRange[];
}

const NO_HEAD = Buffer.alloc(0);

async function openAll(
  listed: readonly Source[],
  held: HeldFiles,
  options: Settings,
  report: (diagnostic: Diagnostic) => void,
  signal: AbortSignal | undefined,
): Promise<NamedSource[]> {
  const sources: NamedSource[] = [];
  for (const source of listed) {
    if (signal?.aborted) break;
    const opened = await openSource(source, report, { stdin: options.stdin, signal });
    if (opened === null) continue;
    // A record in slack may be a copy of one anywhere in its log.
    const target = options.read.recover && !opened.format.text ? Number.MAX_SAFE_INTEGER : TASK_BYTES;
    const ranges = opened.seekable ? (source.ranges ?? sourceRanges(opened, target)) : [];
    const found = opened.found !== null && ranges.length > 1 ? held.hold(source.path, opened.found) : opened.found;
    sources.push({ source, opened: { ...opened, found, head: NO_HEAD }, ranges });
  }
  return sources;
}

interface ScannedPart {
  readonly result: RangeResult;
  readonly range: number;
  /** Number of its first record in the source; known when all ranges before it have been counted. */
  firstIndex: number;
  /** How look-back may read it again; null for what cannot be read twice. */
  readonly again: Omit<ReadPart, 'firstIndex'> | null;
}

interface ScannedSource {
  readonly source: Source;
  /** null when the file has not changed, as far as anybody knows. */
  readonly change: Diagnostic | null;
  /** By offset. */
  readonly parts: readonly ScannedPart[];
  readonly ring: RingContext | null;
  /** False for what an interrupted scan did not come to. */
  readonly begun: boolean;
  /** What its headers name and it does not have. */
  readonly missing?: ReturnType<NonNullable<LogFormat['missing']>> | undefined;
}

/** By file and range. */
function tasksOf(sources: readonly NamedSource[]): RangeTask[] {
  const tasks = sources.flatMap(({ source, opened, ranges }, file) =>
    ranges.map((bytes, range) => {
      return { file, range, name: source.path, found: opened.found, locator: opened.locator, format: opened.format.name, bytes };
    }),
  );
  return tasks.map((task, id) => ({ ...task, id }));
}

/** null when nobody takes them. What cannot be cut is read last: matches of files behind it in the order have to wait. */
function readyMatches(
  store: MatchStore,
  sources: readonly NamedSource[],
  tasks: readonly RangeTask[],
  { rules, correlations }: RuleSet,
  reported: (rule: number) => boolean,
  { clock, keepCopies }: Settings,
  { onMatches, keepTaken = true }: ScanHooks,
): ReadyMatches | null {
  if (onMatches === undefined) return null;
  const firstStream = sources.findIndex(({ opened }) => !opened.seekable);
  const before = firstStream < 0 ? tasks : tasks.filter(({ file }) => file < firstStream);
  const use = (positions: Iterable<number>): Promise<void> =>
    onMatches(
      ofRules(store, positions, reported, (at) =>
        streamed(textOf(store, at, { lookback: null, notes: ownNotes(store, at), alert: null, incident: null })),
      ),
      rules,
    );
  // Correlations look at fields of the matches that they are made of. What another source has may be a copy of them.
  const keep = keepTaken || correlations.length > 0 || (sources.length > 1 && !keepCopies);
  return new ReadyMatches(store, before, clock, use, keep, keepCopies);
}

/** What the first pass works with. */
interface FirstPass {
  readonly sources: readonly NamedSource[];
  readonly tasks: readonly RangeTask[];
  readonly ruleSet: RuleSet;
  readonly serialized: Uint8Array | null;
  readonly store: MatchStore;
  readonly ready: ReadyMatches | null;
  readonly pool: WorkerPool;
  readonly options: Settings;
  readonly hooks: ScanHooks;
}

/** Reads every source and matches its events: files in ranges on all threads, then what can only be read from the beginning. */
async function matchAll(pass: FirstPass): Promise<ScannedSource[]> {
  const { sources, tasks, ruleSet, serialized, store, ready, pool, options, hooks } = pass;
  const progress = new SharedProgress();
  const totalBytes = sources.reduce((sum, { opened }) => sum + (opened.size ?? 0), 0);
  const tell = (): void => hooks.onProgress?.({ ...progress.done, totalBytes });
  const stop = (): void => progress.stop();
  hooks.signal?.addEventListener('abort', stop);
  if (hooks.signal?.aborted) stop();

  const results: (RangeResult | undefined)[] = [];
  let scanner: RangeScanner | null = null;
  // One for all that need no ring: an archive may have thousands of members, and a matcher takes a moment to make.
  const scannerWith = (ring: ContextRing | null): RangeScanner => {
    if (ring !== null) return new RangeScanner(ruleSet, options.times, thread, ring);
    scanner ??= new RangeScanner(ruleSet, options.times, thread);
    return scanner;
  };
  try {
    await runTasks({
      ruleSet,
      serialized,
      tasks,
      times: options.times,
      read: options.read,
      thread,
      pool,
      progress,
      onBlock: (task, block) => {
        const from = store.size;
        store.appendSerialized(block, task);
        ready?.added(task, from);
      },
      onResult: (task, result) => {
        results[task.id] = result;
        ready?.read(task, result.stats.records);
        tell();
      },
      onTurn: async () => ready?.handOver(),
    });
    const found: ScannedSource[] = [];
    let first = 0;
    for (const [file, { source, opened, ranges }] of sources.entries()) {
      const own = tasks.slice(first, first + ranges.length);
      first += ranges.length;
      const parts = own.flatMap((task): ScannedPart[] => {
        const result = results[task.id];
        if (result === undefined) return [];
        return [{ result, range: task.range, firstIndex: 0, again: { source, task, tally: result.tally } }];
      });
      const scanned = opened.seekable
        ? { parts, ring: null, begun: parts.length > 0 || ranges.length === 0 }
        : await matchStream(source, opened, file, pass, scannerWith, progress, tell);
      const change = hooks.signal?.aborted ? null : changeOfSource(opened, scanned.parts);
      const whole = opened.seekable && source.ranges === undefined && parts.length === ranges.length;
      const missing = whole
        ? opened.format.missing?.(
            source.path,
            parts.map(({ result }) => result.stats),
          )
        : undefined;
      found.push({ source, change, missing, ...scanned });
    }
    return found;
  } finally {
    hooks.signal?.removeEventListener('abort', stop);
  }
}

/** Reads one source from beginning to end on this thread. What cannot be read twice leaves its context in a ring. */
async function matchStream(
  source: Source,
  opened: OpenedSource,
  file: number,
  { store, options, hooks }: FirstPass,
  scannerWith: (ring: ContextRing | null) => RangeScanner,
  progress: SharedProgress,
  tell: () => void,
): Promise<Pick<ScannedSource, 'parts' | 'ring' | 'begun'>> {
  if (hooks.signal?.aborted) return { parts: [], ring: null, begun: false };
  const task = { file, range: 0 };
  const readOnce = source.kind === 'stream' || source.kind === 'stdin';
  const ring = readOnce && options.windowUs > 0 ? new ContextRing(options.windowUs) : null;
  const scanner = scannerWith(ring);
  scanner.start(source.path, (block) => store.appendSerialized(block, task));
  let bytesTold = 0;
  const stats = await readSource(
    opened,
    scanner,
    options.read,
    {
      signal: hooks.signal,
      busy: () => scanner.busy(),
      onProgress: (bytes) => {
        progress.add(bytes - bytesTold, 0, 0);
        bytesTold = bytes;
        tell();
      },
    },
    thread,
  );
  const result = scanner.finish(stats);
  progress.add(0, stats.records, result.matches);
  const again = ring === null ? { source, task: null, tally: result.tally } : null;
  return { parts: [{ result, range: 0, firstIndex: 0, again }], ring: ring?.context() ?? null, begun: true };
}

function notBegun(unread: number, all: number): Diagnostic {
  return {
    code: 'scan/interrupted',
    severity: 'warning',
    message: `${unread} of ${all} files were not read: the scan was interrupted before.`,
    place: {},
  };
}

function changeOfSource({ name, found, seekable }: OpenedSource, parts: readonly ScannedPart[]): Diagnostic | null {
  if (found === null) return null;
  const read = parts.reduce((sum, { result }) => sum + result.stats.bytes, 0);
  return changeOf(name, found, seekable ? read : null);
}

/** What was wrong with the sources, in their order. That a file cannot be read is said once, not once per range. */
function diagnosticsOf(found: readonly ScannedSource[], named: readonly string[]): Diagnostic[] {
  return found.flatMap(({ source: { path }, parts, change, missing }) => {
    const all = [...parts.flatMap(({ result }) => result.diagnostics), ...(missing?.diagnostics ?? [])];
    const unreadable = all.find(({ code }) => code === 'input/unreadable');
    const once = all.filter((diagnostic) => diagnostic.code !== 'input/unreadable' || diagnostic === unreadable);
    const gaps = gapDiagnostics({
      name: path,
      format: parts[0]?.result.stats.format ?? '',
      records: parts.reduce((sum, { result }) => sum + result.stats.records, 0),
      parts: parts.map(({ result, firstIndex }) => ({ gaps: result.tally.gaps, firstIndex })),
      named: named.includes(path),
    });
    // EVTX and XML hold all that there is.
    const isJson = parts[0]?.result.stats.format === 'json';
    const fields = isJson
      ? fieldDiagnostics(
          path,
          parts.map(({ result, firstIndex }) => ({ kinds: result.tally.kinds, firstIndex })),
        )
      : [];
    return [...(change === null || unreadable !== undefined ? [] : [change]), ...once, ...gaps, ...fields];
  });
}

/** Records of a range count from 0: now that all ranges are counted, says where each begins in its file. */
function placeRanges(found: readonly ScannedSource[], store: MatchStore): void {
  found.forEach(({ parts }, file) => {
    let first = 0;
    for (const part of parts) {
      if (first > 0) store.setFirstIndex({ file, range: part.range }, first);
      part.firstIndex = first;
      // Positions are those among live records.
      first += part.result.stats.records;
    }
  });
}
