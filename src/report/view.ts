/**
 * In: a report. Out: what every format for people shows, in the order in which it shows it: alerts grouped by rule, the most
 * severe first, and the account of the scan as labelled lines. Texts are not harmless yet; each format sees to that.
 */
import { type Diagnostic, formatDiagnostic } from '../model/diagnostic.ts';
import type { EventSnapshot } from '../model/event.ts';
import type { Alert, Correlation, Lookback, RelatedEvent, RuleInfo, ScanSummary } from '../model/match.ts';
import { LEVELS, type Level } from '../model/rule.ts';
import { ruleOf } from './json-objects.ts';
import type { ScanReport } from './reporter.ts';
import {
  byteText,
  counted,
  durationText,
  eventLabel,
  grouped,
  isoToUs,
  rangeText,
  recordLabel,
  secondsText,
  shortChannel,
} from './wording.ts';

/** Alerts of one rule. */
export interface RuleGroup {
  readonly rule: RuleInfo;
  /** By time. */
  readonly alerts: readonly Alert[];
  /** Matches (or firings of a correlation) in all alerts. */
  readonly count: number;
  readonly computers: readonly string[];
}

/** Higher is more severe; a rule without a level comes last. */
export function severityOf(level: Level | null): number {
  return level === null ? -1 : LEVELS.indexOf(level);
}

/** Unknown times last. */
function byTime(a: Alert, b: Alert): number {
  if (Number.isNaN(a.firstUs) || Number.isNaN(b.firstUs))
    return Number(Number.isNaN(a.firstUs)) - Number(Number.isNaN(b.firstUs));
  return a.firstUs - b.firstUs;
}

export function ruleGroups(report: ScanReport): RuleGroup[] {
  const byRule = new Map<number, Alert[]>();
  for (const alert of report.alerts) {
    const alerts = byRule.get(alert.rule);
    if (alerts === undefined) byRule.set(alert.rule, [alert]);
    else alerts.push(alert);
  }
  const groups = [...byRule].map(([index, alerts]) => ({
    rule: ruleOf(report, index),
    alerts: alerts.sort(byTime),
    count: alerts.reduce((sum, alert) => sum + alert.count, 0),
    computers: [...new Set(alerts.map((alert) => alert.computer))].sort(),
  }));
  const kind = (group: RuleGroup) => (group.alerts[0]?.match.kind === 'correlation' ? 0 : 1);
  return groups.sort(
    (a, b) =>
      severityOf(b.rule.level) - severityOf(a.rule.level) ||
      kind(a) - kind(b) ||
      (a.alerts[0] && b.alerts[0] ? byTime(a.alerts[0], b.alerts[0]) : 0) ||
      (a.rule.title < b.rule.title ? -1 : 1),
  );
}

/** A label of the summary and its lines. */
export interface Fact {
  readonly label: string;
  readonly lines: readonly string[];
  /** True for what makes the result less than complete, or needs a look. */
  readonly attention: boolean;
}

const SHOWN = { computers: 6, channels: 8, files: 6, reasons: 6, diagnostics: 12, logClears: 4 } as const;

/** The honest account: what was found, read, used and not used. */
export function summaryFacts(report: ScanReport): Fact[] {
  const { summary } = report;
  return [
    fact('found', [foundText(report)]),
    fact('read', [readText(summary)]),
    fact('unread', unreadFiles(summary), true),
    fact('time', timeSpan(summary)),
    fact('computers', listed(summary.computers.length, SHOWN.computers, summary.computers.map(computerText))),
    fact('rules', [rulesText(summary)]),
    fact('not used', notUsed(summary)),
    fact('channels', channelTexts(summary, true)),
    fact('no rule for', channelTexts(summary, false)),
    fact('log cleared', logClears(summary), true),
    fact(
      'problems',
      diagnosticTexts(summary.diagnostics),
      summary.diagnostics.some((item) => item.severity !== 'info'),
    ),
    fact('next', nextStep(report)),
  ].filter((item) => item.lines.length > 0);
}

function fact(label: string, lines: readonly string[], attention = false): Fact {
  return { label, lines, attention };
}

/** `3 alerts (1 high, 2 medium) from 2 matches and 1 correlation`. */
export function foundText({ alerts, rules, summary }: ScanReport): string {
  if (alerts.length === 0) return 'no matches';
  const perLevel = new Map<Level | null, number>();
  for (const alert of alerts) {
    const level = rules[alert.rule]?.level ?? null;
    perLevel.set(level, (perLevel.get(level) ?? 0) + 1);
  }
  const levels = [...perLevel].sort(([a], [b]) => severityOf(b) - severityOf(a));
  const parts = levels.map(([level, count]) => `${grouped(count)} ${level ?? 'without level'}`);
  const sources = [
    ...(summary.matches > 0 ? [counted(summary.matches, 'match')] : []),
    ...(summary.correlations > 0 ? [counted(summary.correlations, 'correlation')] : []),
  ];
  // A scan keeps the most severe alerts; all matches are in the machine formats.
  const shown = summary.alerts > alerts.length ? `${grouped(alerts.length)} most severe: ` : '';
  return `${counted(Math.max(summary.alerts, alerts.length), 'alert')} (${shown}${parts.join(', ')}) from ${sources.join(' and ')}`;
}

function readText({ files, totals }: ScanSummary): string {
  const formats = new Map<string, number>();
  for (const { format } of files) if (format !== '') formats.set(format, (formats.get(format) ?? 0) + 1);
  const names = [...formats].sort(([a], [b]) => (a < b ? -1 : 1));
  const kinds =
    names.length === 1 ? ` (${names[0]?.[0]})` : names.length > 1 ? ` (${names.map(([n, c]) => `${c} ${n}`).join(', ')})` : '';
  const parts = [`${counted(files.length, 'file')}${kinds}`, byteText(totals.bytes), counted(totals.records, 'record')];
  if (totals.damaged > 0) parts.push(`${grouped(totals.damaged)} damaged`);
  if (totals.recovered > 0) parts.push(`${grouped(totals.recovered)} recovered from slack space`);
  if (totals.chunks > 0) {
    const notes = [
      ...(totals.unusedChunks > 0 ? [`${grouped(totals.unusedChunks)} unused`] : []),
      ...(totals.damagedChunks > 0 ? [`${grouped(totals.damagedChunks)} damaged`] : []),
    ];
    parts.push(`${counted(totals.chunks, 'chunk')}${notes.length > 0 ? ` (${notes.join(', ')})` : ''}`);
  }
  return parts.join(', ');
}

/** Files that gave no record although others may have. */
function unreadFiles({ files }: ScanSummary): string[] {
  const empty = files.filter((file) => file.records === 0);
  return listed(
    empty.length,
    SHOWN.files,
    empty.map((file) => `${file.file}: no records in ${byteText(file.bytes)}`),
  );
}

function timeSpan({ from, to }: ScanSummary): string[] {
  if (from === null || to === null) return [];
  return [`${rangeText(from, to, secondsText)} UTC (${durationText(isoToUs(to) - isoToUs(from))})`];
}

function computerText({ computer, events }: { computer: string; events: number }): string {
  return `${computer || '(no name)'} ${grouped(events)}`;
}

function rulesText({ rules }: ScanSummary): string {
  const unused = rules.notUsed.reduce((sum, { count }) => sum + count, 0);
  const of = `${counted(rules.documents, 'rule')} in ${counted(rules.files, 'file')}`;
  return unused === 0
    ? `${grouped(rules.used)} used of ${of}`
    : `${grouped(rules.used)} used, ${grouped(unused)} not used of ${of}`;
}

function notUsed({ rules }: ScanSummary): string[] {
  const sorted = [...rules.notUsed].sort((a, b) => b.count - a.count || (a.reason < b.reason ? -1 : 1));
  return listed(
    sorted.length,
    SHOWN.reasons,
    sorted.map(({ reason, count, examples }) => {
      const example = examples[0] === undefined ? '' : `; ${count > 1 ? 'the first is ' : ''}${examples[0]}`;
      return `${counted(count, 'rule')}: ${reason}${example}`;
    }),
  );
}

function channelTexts({ channels }: ScanSummary, covered: boolean): string[] {
  const chosen = channels.filter((channel) => channel.covered === covered).sort((a, b) => b.events - a.events);
  return listed(
    chosen.length,
    SHOWN.channels,
    chosen.map(({ channel, events }) => `${shortChannel(channel)} ${grouped(events)}`),
  );
}

function logClears({ logCleared }: ScanSummary): string[] {
  const lines = [...logCleared]
    .sort((a, b) => ((a.TimeCreated ?? '') < (b.TimeCreated ?? '') ? -1 : 1))
    .slice(0, SHOWN.logClears)
    .map(
      (event) =>
        `${secondsText(event.TimeCreated)} on ${event.Computer}: ${eventLabel(event)}, ${recordLabel(event)}, ${event.file}`,
    );
  return withRest(lines, logCleared.length - lines.length);
}

const SEVERITIES = ['error', 'warning', 'info'] as const;

/** Errors first; of each code the first few, then how many more. */
export function diagnosticTexts(diagnostics: readonly Diagnostic[], shown: number = SHOWN.diagnostics): string[] {
  const sorted = [...diagnostics].sort((a, b) => SEVERITIES.indexOf(a.severity) - SEVERITIES.indexOf(b.severity));
  const perCode = new Map<string, number>();
  const kept: Diagnostic[] = [];
  const share = Math.max(2, Math.floor(shown / Math.max(1, new Set(sorted.map((item) => item.code)).size)));
  for (const item of sorted) {
    const count = (perCode.get(item.code) ?? 0) + 1;
    perCode.set(item.code, count);
    if (count <= share && kept.length < shown) kept.push(item);
  }
  const lines = kept.map(formatDiagnostic);
  return withRest(lines, diagnostics.length - kept.length);
}

/** Short items on one line, the rest as a number. */
function listed(total: number, shown: number, items: readonly string[]): string[] {
  return withRest(items.slice(0, shown), total - Math.min(total, shown));
}

function withRest(lines: readonly string[], rest: number): string[] {
  return rest > 0 ? [...lines, `and ${grouped(rest)} more`] : [...lines];
}

/** One line that says what to do when there is nothing, or not everything, to see. */
export function nextStep({ alerts, summary }: ScanReport): string[] {
  if (summary.interrupted) return ['Interrupted: this is what was found until then. Run it again for the whole.'];
  if (summary.totals.records === 0) {
    const seen = summary.diagnostics.length > 0 ? ': see the problems' : '';
    return [`No event was read${seen}. Name EVTX, Event XML or JSON exports, or folders of them.`];
  }
  if (summary.rules.used === 0) return ['No rule could be used. See "not used" above, or name others with -r.'];
  if (alerts.length > 0) return [];
  if (!summary.channels.some((channel) => channel.covered))
    return ['No rule in use looks at the channels of these logs. Name rules that do with -r, as -r sigma/rules/windows.'];
  return ['Nothing matched. For more rules name a folder of them with -r, as -r sigma/rules/windows.'];
}

/** What of an alert is still to be shown, and where the rest has been shown. */
export interface FreshContext {
  readonly related: readonly RelatedEvent[];
  readonly after: readonly RelatedEvent[];
  /** Numbers of the alerts that show the other events, rising. */
  readonly shownAt: readonly number[];
  readonly notes: readonly string[];
}

/**
 * Remembers which events and notes have been shown: rules that fire on one action see the same nine minutes, and a report
 * that repeats them for each rule is not read.
 */
export class ShownContext {
  readonly #events = new Map<string, number>();
  readonly #notes = new Set<string>();

  /** Call once per alert, in the order in which they are shown. */
  fresh({ lookback, notes, computer }: Alert, number: number): FreshContext {
    const shownAt = new Set<number>();
    const unseen = ({ event }: RelatedEvent): boolean => {
      const key = `${event.file}\u0000${event.index}`;
      const earlier = this.#events.get(key);
      if (earlier === undefined) this.#events.set(key, number);
      else shownAt.add(earlier);
      return earlier === undefined;
    };
    const related = lookback?.related.filter(unseen) ?? [];
    const after = lookback?.after.filter(unseen) ?? [];
    const freshNotes = notes.filter((note) => {
      const key = `${computer}\u0000${note}`;
      const isNew = !this.#notes.has(key);
      this.#notes.add(key);
      return isNew;
    });
    return { related, after, shownAt: [...shownAt].sort((a, b) => a - b), notes: freshNotes };
  }
}

/** `14 events, 12 related, 11 of them shown at [1]`. */
export function lookbackText(lookback: Lookback, fresh: FreshContext): string {
  const { events, related, capped } = lookback;
  if (events === 0) return `no other event of this computer${capped ? ' could be had' : ''}`;
  const seen = related.length - fresh.related.length;
  const where = fresh.shownAt.map((number) => `[${number}]`).join(', ');
  const parts = [counted(events, 'event')];
  if (related.length < events) parts.push(`${related.length} related`);
  if (seen > 0)
    parts.push(`${seen === related.length ? (seen === 1 ? 'it is' : 'they are') : `${seen} of them`} shown at ${where}`);
  return `${parts.join(', ')}${capped ? ' (there were more than could be kept)' : ''}`;
}

/** The file that an alert is in: related events name theirs only where it is another. */
export function fileOf({ match }: Alert): string {
  return match.kind === 'match' ? match.event.file : (match.events[0]?.file ?? '');
}

/** `record 12`, and the file where it is not the alert's. */
export function recordText(event: EventSnapshot, file: string): string {
  return event.file === file ? recordLabel(event) : `${recordLabel(event)} of ${event.file}`;
}

/** `3 linked events, 1 of them shown at [1]`. */
export function afterText(lookback: Lookback, fresh: FreshContext): string {
  const { after } = lookback;
  const seen = after.length - fresh.after.length;
  const where = fresh.shownAt.map((number) => `[${number}]`).join(', ');
  if (seen === 0) return counted(after.length, 'linked event');
  return `${counted(after.length, 'linked event')}, ${seen === after.length ? 'all' : `${seen} of them`} shown at ${where}`;
}

/** `grouped by Image=a.exe`; empty when the computer, told anyway, is all there is. */
export function groupText({ group, computer }: Correlation): string {
  const keys = Object.entries(group).filter(([field, value]) => !(/^Computer(?:Name)?$/i.test(field) && value === computer));
  return keys.length === 0 ? '' : `, grouped by ${keys.map(([field, value]) => `${field}=${value}`).join(', ')}`;
}
