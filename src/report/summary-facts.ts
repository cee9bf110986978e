/**
 * The account of a scan as lines with labels, the same in every format for people. In: a report. Out: the lines. Texts still
 * have to be made harmless.
 */
import { type Diagnostic, formatDiagnostic } from '../model/diagnostic.ts';
import { type ClearedLog, eventsRead, type ScanSummary } from '../model/match.ts';
import type { Level } from '../model/rule.ts';
import { evidenceTexts } from './evidence-account.ts';
import type { ScanReport } from './reporter.ts';
import { severityOf } from './rule-groups.ts';
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

/** A label of the summary and its lines. */
export interface Fact {
  readonly label: string;
  readonly lines: readonly string[];
  /** True for facts that make the result incomplete or need attention. */
  readonly attention: boolean;
}

const SHOWN = { computers: 6, channels: 8, files: 6, reasons: 6, diagnostics: 12 } as const;

/** What was found, read and used, and what was left out. */
export function summaryFacts(report: ScanReport): Fact[] {
  const { summary } = report;
  return [
    fact('beware', shippedText(summary), true),
    fact('found', [foundText(report)]),
    fact('evidence', evidenceTexts(summary)),
    fact('read', [readText(summary)]),
    fact('copies', copiesText(summary)),
    fact('exporters', exporterTexts(summary)),
    fact('unread', unreadFiles(summary), true),
    fact('time', timeSpan(summary)),
    fact('computers', listed(summary.computers.map(computerText), SHOWN.computers)),
    fact('settings', summary.settings ?? []),
    fact('rules', [rulesText(summary)]),
    fact('not used', notUsed(summary)),
    fact('left out', [...leftOut(summary), ...suppressedTexts(summary)]),
    fact('tuning', tuningTexts(summary)),
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

/**
 * Says that only the rules that come with winnow were used. They are about one technique, so nobody should take their silence for
 * a clean log.
 */
export function shippedText({ rules }: ScanSummary): string[] {
  if (rules.shipped !== true) return [];
  return [
    `Only the ${grouped(rules.used)} rules that come with winnow were used. They look for WMI persistence and for nothing else.`,
    'For more, name rules with -r, in winnow.yml or in WINNOW_RULES; "winnow rules" says where to get those of SigmaHQ.',
  ];
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
  // A scan keeps only the most severe alerts. The machine formats have all matches.
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
  if (totals.missing !== undefined) parts.push(`${grouped(totals.missing)} missing`);
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

function copiesText({ copies = 0 }: ScanSummary): string[] {
  return copies === 0
    ? []
    : [`${counted(copies, 'matched record')} found elsewhere too, counted once (--keep-copies counts each)`];
}

/** For JSON logs, which exporter's form the records have; for each file, where files differ. */
function exporterTexts({ files }: ScanSummary): string[] {
  const texts = files.flatMap(({ file, exporters }) => {
    if (exporters === undefined) return [];
    const counts = Object.entries(exporters).sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1));
    return [
      {
        file,
        names: counts.map(([name]) => name).join(),
        text: counts.map(([name, count]) => `${name} ${grouped(count)}`).join(', '),
      },
    ];
  });
  if (new Set(texts.map(({ names }) => names)).size <= 1) {
    const { names } = texts[0] ?? {};
    return names === undefined ? [] : [texts.length === 1 ? texts[0]!.text : names.replaceAll(',', ', ')];
  }
  return listed(
    texts.map(({ file, text }) => `${file}: ${text}`),
    SHOWN.files,
  );
}

/** Files of which no record was read, although they may have some. */
function unreadFiles({ files }: ScanSummary): string[] {
  const empty = files.filter((file) => eventsRead(file) === 0);
  return listed(
    empty.map((file) => `${file.file}: no records in ${byteText(file.bytes)}`),
    SHOWN.files,
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
  const filters = rules.filters === 0 ? '' : `, ${counted(rules.filters, 'filter')} applied`;
  const of = `${counted(rules.documents - rules.filters, 'rule')} in ${counted(rules.files, 'file')}`;
  return unused === 0
    ? `${grouped(rules.used)} used of ${of}${filters}`
    : `${grouped(rules.used)} used, ${grouped(unused)} not used of ${of}${filters}`;
}

function notUsed({ rules }: ScanSummary): string[] {
  const sorted = [...rules.notUsed].sort((a, b) => b.count - a.count || (a.reason < b.reason ? -1 : 1));
  const texts = sorted.map(({ reason, count, examples }) => {
    const example = examples[0] === undefined ? '' : `; ${count > 1 ? 'the first is ' : ''}${examples[0]}`;
    return `${counted(count, 'rule')}: ${reason}${example}`;
  });
  return listed(texts, SHOWN.reasons);
}

/** How many events each filter of the command line left out. */
function leftOut({ leftOut: all }: ScanSummary): string[] {
  return all.map(
    ({ filter, events, matches }) =>
      `${counted(matches, 'match')} of ${counted(events, 'event')} by ${filter === 'rules' ? 'the filter of rules' : filter}`,
  );
}

/** What Sigma filters suppressed. A filter that suppressed nothing may be wrong, so it is listed as well. */
function suppressedTexts({ suppressed = [] }: ScanSummary): string[] {
  return suppressed.map(({ filter, matches, rules }) =>
    matches === 0
      ? `nothing by the Sigma filter "${filter}"`
      : `${counted(matches, 'match')} of ${counted(rules, 'rule')} by the Sigma filter "${filter}"`,
  );
}

/** What each entry of the tuning file did. All entries are listed, because each hides something. */
function tuningTexts({ tuned = [] }: ScanSummary): string[] {
  return tuned.map(({ file, line, names, effect, state, rules, matches, events, reason, expires }) => {
    const until = expires === null ? '' : ` until ${expires}`;
    const of = rules === 1 ? '' : ` (${counted(rules, 'rule')})`;
    const did = {
      applied:
        matches === 0
          ? 'switched off (how often it would have fired is not known)'
          : `${counted(matches, 'match')} of ${counted(events, 'event')}`,
      idle: 'did nothing',
      expired: 'expired, no effect',
      'no rule': 'names no rule in use',
    }[state];
    return `${file}:${line} ${names}${of} ${effect}${state === 'expired' ? '' : until}: ${did} (${reason})`;
  });
}

/** One line for the head of a report: what the tuning file left out and changed in all. */
export function tuningText({ tuned = [] }: ScanSummary): string {
  const sum = (kind: (effect: string) => boolean): number =>
    tuned.filter(({ effect }) => kind(effect)).reduce((total, { matches }) => total + matches, 0);
  const isLevel = (effect: string): boolean => effect.startsWith('level ');
  const withState = (state: (typeof tuned)[number]['state']): number => tuned.filter((one) => one.state === state).length;
  const part = (count: number, text: string): string[] => (count === 0 ? [] : [text]);
  const hidden = sum((effect) => !isLevel(effect));
  const changed = sum(isLevel);
  return tuned.length === 0
    ? ''
    : [
        `${counted(hidden, 'match')} left out`,
        ...part(changed, `${grouped(changed)} with another level`),
        ...part(withState('idle'), `${counted(withState('idle'), 'entry')} did nothing`),
        ...part(withState('expired'), `${grouped(withState('expired'))} expired`),
        ...part(withState('no rule'), `${grouped(withState('no rule'))} without a rule`),
      ].join(', ');
}

function channelTexts({ channels }: ScanSummary, covered: boolean): string[] {
  const chosen = channels.filter((channel) => channel.covered === covered).sort((a, b) => b.events - a.events);
  return listed(
    chosen.map(({ channel, events }) => `${shortChannel(channel)} ${grouped(events)}`),
    SHOWN.channels,
  );
}

/** Cleared logs. All are listed, because each clear may be what somebody wanted to hide. */
function logClears({ logCleared, moreLogCleared }: ScanSummary): string[] {
  const lines = [...logCleared]
    .sort((a, b) => ((a.TimeCreated ?? '') < (b.TimeCreated ?? '') ? -1 : 1))
    .map(
      (event) =>
        `${secondsText(event.TimeCreated)} on ${event.Computer}: ${clearedText(event)}, ${eventLabel(event)}, ${recordLabel(event)}, ${event.file}`,
    );
  return withRest(lines, moreLogCleared);
}

/** `Security by CORP\eve`. */
function clearedText({ log, user }: ClearedLog): string {
  return `${log === '' ? 'a log' : shortChannel(log)} by ${user ?? 'an account that the event does not name'}`;
}

const SEVERITIES = ['error', 'warning', 'info'] as const;

/** Problems, errors first. For each code, the first few and how many more there are. */
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

/** The first items, the rest as a number. */
function listed(items: readonly string[], shown: number): string[] {
  return withRest(items.slice(0, shown), items.length - shown);
}

function withRest(lines: readonly string[], rest: number): string[] {
  return rest > 0 ? [...lines, `and ${grouped(rest)} more`] : [...lines];
}

/** One line that says what to do when nothing was found, or not everything is shown. */
export function nextStep({ alerts, summary }: ScanReport): string[] {
  if (summary.interrupted) return ['Interrupted: this is what was found until then. Run it again for the whole.'];
  if (eventsRead(summary.totals) === 0) {
    const seen = summary.diagnostics.length > 0 ? ': see the problems' : '';
    return [`No event was read${seen}. Name EVTX, Event XML, JSON or CSV exports, or folders of them.`];
  }
  if (summary.rules.used === 0) return ['No rule could be used. See "not used" above, or name others with -r.'];
  if (alerts.length > 0) return [];
  // Rules for other channels would find nothing either.
  if (summary.channels.every(({ channel }) => channel === '')) return ['No record names its channel: see the problems.'];
  if (!summary.channels.some((channel) => channel.covered))
    return ['No rule in use looks at the channels of these logs. Name rules that do with -r, as -r sigma/rules/windows.'];
  if (summary.rules.shipped !== true) return ['Nothing matched. "winnow search" finds in these logs what no rule looks for.'];
  return ['Nothing matched. For more rules name a folder of them with -r, as -r sigma/rules/windows.'];
}
