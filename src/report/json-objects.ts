/**
 * The objects of `--format jsonl` and `json` (docs/output.md). Additive within a major version: keys may be added, none
 * changes its meaning. Nothing in them depends on the machine, the clock or the number of threads.
 */
import type { Alert, Correlation, Lookback, RelatedEvent, RuleInfo, ScanSummary } from '../model/match.ts';
import { eventText } from './event-text.ts';
import type { ReportContents, ReportedMatchText, ScanReport } from './reporter.ts';
import { harmlessJson } from './sanitize.ts';
import { elide, loadTextWidths } from './text-layout.ts';

/** Columns of `text` of a related event: enough to decide whether to look it up by file and index. */
const RELATED_TEXT_WIDTH = 300;

/** Bytes per piece: large writes, and little memory. */
const PIECE_BYTES = 256 * 1024;

/** Awaited before `reportLines`: only events of a look-back are shown as text, in so many columns. */
export async function prepareReportLines({ lookback }: ReportContents): Promise<void> {
  if (lookback) await loadTextWidths();
}

/**
 * Every object of a report as one line of JSON: matches in file order, correlations by time, the summary last. In pieces of many
 * lines, with `separator` between two. A piece is valid until the next but one is asked for.
 */
export function* reportLines(report: ScanReport, separator: string): Iterable<Uint8Array> {
  const lines = new Lines(separator);
  const names = new Names();
  const heads = report.rules.map((rule) =>
    Buffer.from(`${toLine({ kind: 'match', rule: ruleObject(rule) }).slice(0, -1)},"via":`),
  );
  for (const match of report.matchTexts()) {
    lines.begin();
    addMatch(lines, names, match, heads[match.rule] ?? NO_HEAD);
    if (lines.full) yield lines.take();
  }
  const alerts = new Map(report.alerts.map((alert) => [alert.match, alert]));
  for (const correlation of report.correlations) {
    lines.begin();
    lines.add(toLine(correlationObject(correlation, ruleOf(report, correlation.rule), alerts.get(correlation))));
    if (lines.full) yield lines.take();
  }
  lines.begin();
  lines.add(toLine(summaryObject(report.summary)));
  yield lines.take();
}

const NO_HEAD = Buffer.from('{"kind":"match","rule":null,"via":');

/** Files and event sources as JSON: few, and in every line. */
class Names {
  readonly #json = new Map<string, string>();

  json(name: string): string {
    let json = this.#json.get(name);
    if (json === undefined) {
      json = toLine(name);
      this.#json.set(name, json);
    }
    return json;
  }
}

/** Lines gathered as bytes: two buffers in turn, so that one may be written while the other fills. */
class Lines {
  readonly #separator: string;
  #buffer = Buffer.allocUnsafeSlow(2 * PIECE_BYTES);
  #other = Buffer.allocUnsafeSlow(2 * PIECE_BYTES);
  #length = 0;
  #first = true;

  constructor(separator: string) {
    this.#separator = separator;
  }

  get full(): boolean {
    return this.#length >= PIECE_BYTES;
  }

  begin(): void {
    if (!this.#first) this.add(this.#separator);
    this.#first = false;
  }

  add(text: string): void {
    // UTF-8 takes at most three bytes per UTF-16 unit.
    this.#makeRoom(3 * text.length);
    this.#length += this.#buffer.write(text, this.#length);
  }

  addBytes(bytes: Uint8Array): void {
    this.#makeRoom(bytes.length);
    this.#buffer.set(bytes, this.#length);
    this.#length += bytes.length;
  }

  take(): Uint8Array {
    const piece = this.#buffer.subarray(0, this.#length);
    [this.#buffer, this.#other] = [this.#other, this.#buffer];
    this.#length = 0;
    return piece;
  }

  #makeRoom(bytes: number): void {
    const needed = this.#length + bytes;
    if (needed <= this.#buffer.length) return;
    const larger = Buffer.allocUnsafeSlow(Math.max(needed, 2 * this.#buffer.length));
    this.#buffer.copy(larger, 0, 0, this.#length);
    this.#buffer = larger;
  }
}

/** The rule that an index names. A missing one is a bug of the scan; the reports still hold what was found. */
export function ruleOf(report: ScanReport, index: number): RuleInfo {
  return (
    report.rules[index] ?? {
      id: null,
      name: null,
      title: `rule ${index}`,
      level: null,
      status: null,
      description: null,
      tags: [],
      falsepositives: [],
      path: '',
    }
  );
}

function toLine(value: unknown): string {
  return harmlessJson(JSON.stringify(value));
}

function ruleObject(rule: RuleInfo) {
  const { id, title, level, status, tags, path } = rule;
  return { id, title, level, status, tags, path };
}

/** Joins what is JSON already: there may be millions of matches. */
function addMatch(
  lines: Lines,
  names: Names,
  { via, file, index, event, fields, lookback, alert }: ReportedMatchText,
  head: Uint8Array,
): void {
  lines.addBytes(head);
  lines.add(`${names.json(via)},"event":{"file":${names.json(file)},"index":${index},`);
  lines.addBytes(event);
  lines.add('},"fields":');
  lines.addBytes(fields);
  const past = lookback === null ? 'null' : toLine(lookbackObject(lookback));
  const notes = alert === null || alert.notes.length === 0 ? '' : `,"notes":${toLine(alert.notes)}`;
  lines.add(`,"lookback":${past}${notes}}`);
}

function notesOf(alert: Alert | undefined): { notes?: readonly string[] } {
  return alert === undefined || alert.notes.length === 0 ? {} : { notes: alert.notes };
}

function lookbackObject(lookback: Lookback) {
  const { window, from, to, events, capped, related, after } = lookback;
  return {
    window,
    from,
    to,
    events,
    ...(capped ? { capped } : {}),
    related: related.map(relatedObject),
    after: after.map(relatedObject),
  };
}

function relatedObject({ event, reason }: RelatedEvent) {
  const { file, index, EventRecordID, TimeCreated, Provider, Channel, EventID, Computer } = event;
  const text = elide(eventText(event), RELATED_TEXT_WIDTH);
  return { reason, file, index, EventRecordID, TimeCreated, Provider, Channel, EventID, Computer, text };
}

function correlationObject(correlation: Correlation, rule: RuleInfo, alert: Alert | undefined) {
  const { type, group, computer, from, to, count, records, events } = correlation;
  return {
    kind: 'correlation',
    rule: ruleObject(rule),
    type,
    group,
    computer,
    from,
    to,
    count,
    records,
    events,
    lookback: alert?.lookback ? lookbackObject(alert.lookback) : null,
    ...notesOf(alert),
  };
}

function summaryObject(summary: ScanSummary) {
  // How long it took is told on stderr: the output is the same on every machine.
  const { elapsedMs: _, kind, ...rest } = summary;
  return { kind, ...rest };
}
