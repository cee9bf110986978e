/** The honest account at the end: what was read, what was used, what was not, and why. In: results of the parts. Out: plain data. */
import type { CompiledRules } from '../../engine/rule-cache/compiled-rules.ts';
import type { MatchStore } from '../../findings/store/match-store.ts';
import { addStats, emptyStats } from '../../logs/stats.ts';
import type { Diagnostic } from '../../model/diagnostic.ts';
import type { EventSnapshot } from '../../model/event.ts';
import { eventIdOf } from '../../model/event-id.ts';
import type {
  EventRef,
  LeftOut,
  ReadStats,
  ScanSummary,
  SourceSummary,
  SuppressedMatches,
  TunedEntry,
} from '../../model/match.ts';
import { LEVELS } from '../../model/rule.ts';
import { type Instant, isBefore, isoFromUs } from '../../model/values/time.ts';
import type { RangeResult } from '../first-pass/range-scanner.ts';
import { clearedBy } from './log-clears.ts';
import { addCounts } from './tally.ts';

/** How many rules are named for each reason. */
const EXAMPLES = 3;

/** A part of a source, and the number of its first record in it. */
export interface SummaryPart {
  readonly result: RangeResult;
  readonly firstIndex: number;
}

export interface SummaryInput {
  readonly version: string;
  /** For each source that was read, in the order of the scan: its name and the results of its parts. */
  readonly sources: readonly { readonly name: string; readonly parts: readonly SummaryPart[]; readonly missing: number }[];
  readonly compiled: CompiledRules;
  readonly shipped: boolean;
  readonly covers: (channel: string) => boolean;
  readonly store: MatchStore;
  /** Rules whose matches are reported. */
  readonly reported: (rule: number) => boolean;
  readonly leftOut: readonly LeftOut[];
  readonly tuned: readonly TunedEntry[];
  readonly suppressed: readonly SuppressedMatches[];
  readonly correlations: number;
  readonly alerts: number;
  readonly interrupted: boolean;
  readonly elapsedMs: number;
  readonly diagnostics: readonly Diagnostic[];
}

export function summarise(input: SummaryInput): ScanSummary {
  const files = input.sources.map(sourceSummary);
  const parts = input.sources.flatMap((source) => source.parts.map(({ result }) => result));
  const totals = files.reduce<ReadStats>((total, file) => {
    addStats(total, file);
    return total;
  }, emptyStats('all'));
  const times = parts.flatMap(({ tally }) => tally.times ?? []);
  const counts = matchCounts(input);
  const channels = addCounts(parts.map(({ tally }) => tally.channels));
  const computers = addCounts(parts.map(({ tally }) => tally.computers));
  return {
    kind: 'summary',
    version: input.version,
    files,
    totals,
    rules: ruleAccount(input),
    leftOut: input.leftOut,
    ...(input.suppressed.length > 0 ? { suppressed: input.suppressed } : {}),
    ...(input.tuned.length > 0 ? { tuned: input.tuned } : {}),
    matches: counts.matches,
    ...(input.store.copies.records > 0 ? { copies: input.store.copies.records } : {}),
    matchesByLevel: counts.byLevel,
    correlations: input.correlations,
    alerts: input.alerts,
    channels: channels.map(([channel, events]) => ({ channel, events, covered: input.covers(channel) })),
    computers: computers.map(([computer, events]) => ({ computer, events })),
    from: times.length === 0 ? null : textOf(times.reduce((a, b) => (isBefore(b.from, a.from) ? b : a)).from),
    to: times.length === 0 ? null : textOf(times.reduce((a, b) => (isBefore(a.to, b.to) ? b : a)).to),
    logCleared: input.sources.flatMap((source) =>
      source.parts.flatMap(({ result, firstIndex }) =>
        result.tally.logCleared.map((event) => ({ ...eventRef(event, firstIndex), ...clearedBy(event) })),
      ),
    ),
    moreLogCleared: parts.reduce((sum, { tally }) => sum + tally.moreCleared, 0),
    interrupted: input.interrupted,
    elapsedMs: Math.round(input.elapsedMs),
    diagnostics: input.diagnostics,
  };
}

function textOf({ timeUs, hundredNs }: Instant): string {
  return isoFromUs(timeUs, hundredNs);
}

function sourceSummary({ name, parts, missing }: SummaryInput['sources'][number]): SourceSummary {
  const stats = emptyStats(parts[0]?.result.stats.format ?? '');
  for (const { result } of parts) addStats(stats, result.stats);
  if (missing > 0) stats.missing = (stats.missing ?? 0) + missing;
  return { file: name, ...stats };
}

function matchCounts({ store, reported, compiled }: SummaryInput): { matches: number; byLevel: Record<string, number> } {
  // The most severe level comes first, because the order in which matches of several threads arrive must not show.
  const counts = new Map<string, number>([...LEVELS.toReversed(), 'none'].map((level) => [level, 0]));
  let matches = 0;
  for (const position of store.positionsInFileOrder()) {
    const rule = store.ruleAt(position);
    if (!reported(rule) || store.isHidden(position)) continue;
    matches++;
    const level = compiled.ruleSet.rules[rule]?.level ?? 'none';
    counts.set(level, counts.get(level)! + 1);
  }
  return { matches, byLevel: Object.fromEntries([...counts].filter(([, count]) => count > 0)) };
}

/** Refused rules count by their first error's code, unusable ones by the reason that the log source gives. */
function ruleAccount({ compiled, shipped }: SummaryInput): ScanSummary['rules'] {
  const { ruleSet, refused, files, documents } = compiled;
  const reasons = new Map<string, { count: number; examples: string[] }>();
  const add = (reason: string, example: string): void => {
    const entry = reasons.get(reason) ?? { count: 0, examples: [] };
    entry.count++;
    if (entry.examples.length < EXAMPLES) entry.examples.push(example);
    reasons.set(reason, entry);
  };
  for (const { path, title, diagnostics } of refused) {
    const error = diagnostics.find(({ severity }) => severity === 'error') ?? diagnostics[0];
    add(`refused: ${error?.code ?? 'rule/unknown'}`, title ? `${title} (${path})` : path);
  }
  for (const { rule, reason } of ruleSet.unused) add(reason, rule.path ? `${rule.title} (${rule.path})` : rule.title);
  const notUsed = [...reasons]
    .map(([reason, { count, examples }]) => ({ reason, count, examples }))
    .sort((a, b) => b.count - a.count || (a.reason < b.reason ? -1 : 1));
  // What is left are filters: they have become part of the rules that they narrow.
  const filters = Math.max(0, documents - ruleSet.rules.length - refused.length - ruleSet.unused.length);
  return { files, documents, used: ruleSet.rules.length, ...(shipped ? { shipped } : {}), filters, notUsed };
}

function eventRef(event: EventSnapshot, firstIndex: number): EventRef {
  const { file, index, EventRecordID, TimeCreated, EventID, Channel, Computer } = event;
  return {
    file,
    index: index + firstIndex,
    id: eventIdOf(event),
    EventRecordID,
    TimeCreated,
    EventID,
    Channel,
    Computer,
    rule: '',
  };
}
