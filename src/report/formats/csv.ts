/** One row per match and per correlation, for spreadsheets and timeline tools. */
import type { Correlation } from '../../model/match.ts';
import { eventText } from '../event-text.ts';
import { evidenceOf } from '../evidence.ts';
import { ruleOf } from '../json-objects.ts';
import type { ReportedMatch, Reporter, ScanReport } from '../reporter.ts';
import { csvField } from '../sanitize.ts';

const COLUMNS = [
  'Timestamp',
  'Level',
  'RuleTitle',
  'Computer',
  'Channel',
  'EventID',
  'RecordID',
  'Details',
  'Evidence',
  'Via',
  'LookbackEvents',
  'RuleID',
  'Tags',
  'RuleFile',
  'EvtxFile',
  'Index',
] as const;
type Row = Readonly<Record<(typeof COLUMNS)[number], string | number | null>>;

/** Between details in one cell, as hayabusa's readers know it. */
const DETAIL_SEPARATOR = ' \u00a6 ';
/** Spreadsheets refuse cells of more than 32,767 characters. */
const CELL_LENGTH = 8000;

export const reporter: Reporter = {
  name: 'csv',
  extension: 'csv',
  ownsExtension: true,
  description: 'one row per match and correlation, safe to open in a spreadsheet',
  selfContained: false,
  *render(report) {
    yield `${COLUMNS.join(',')}\n`;
    for (const match of report.matches()) yield toLine(matchRow(match, report));
    for (const correlation of report.correlations) yield toLine(correlationRow(correlation, report));
  },
};

function toLine(row: Row): string {
  return `${COLUMNS.map((column) => csvField(String(row[column] ?? '').slice(0, CELL_LENGTH))).join(',')}\n`;
}

function matchRow(match: ReportedMatch, report: ScanReport): Row {
  const { event } = match;
  return {
    ...ruleCells(report, match.rule),
    Timestamp: event.TimeCreated,
    Computer: event.Computer,
    Channel: event.Channel,
    EventID: event.EventID,
    RecordID: event.EventRecordID,
    Details: eventText(event),
    Evidence: evidenceOf(match)
      .map((entry) => `${entry.name}: ${entry.patterns.length === 0 ? entry.value : entry.patterns.join(', ')}`)
      .join(DETAIL_SEPARATOR),
    Via: match.via,
    LookbackEvents: match.lookback?.events ?? null,
    EvtxFile: event.file,
    Index: event.index,
  };
}

function correlationRow(correlation: Correlation, report: ScanReport): Row {
  const group = Object.entries(correlation.group).map(([field, value]) => `${field}: ${value}`);
  const first = correlation.events[0];
  return {
    ...ruleCells(report, correlation.rule),
    Timestamp: correlation.from,
    Computer: correlation.computer,
    Channel: '',
    EventID: '',
    RecordID: correlation.events.map((event) => event.EventRecordID ?? `#${event.index}`).join(' '),
    Details: [`${correlation.type} ${correlation.count}`, `until ${correlation.to}`, ...group].join(DETAIL_SEPARATOR),
    Evidence: correlation.events.map((event) => event.rule).join(DETAIL_SEPARATOR),
    Via: 'correlation',
    LookbackEvents: null,
    EvtxFile: first?.file ?? '',
    Index: first?.index ?? null,
  };
}

function ruleCells(report: ScanReport, index: number) {
  const rule = ruleOf(report, index);
  return { Level: rule.level, RuleTitle: rule.title, RuleID: rule.id, Tags: rule.tags.join(' '), RuleFile: rule.path };
}
