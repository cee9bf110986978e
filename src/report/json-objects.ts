/**
 * The objects of `--format jsonl` and `json` (docs/output.md). In: a report. Out: lines of JSON. Within a major version, keys
 * may be added and none changes its meaning. Nothing here depends on the machine, the clock or the number of threads.
 */
import { type JsonPieces, JsonWriter, jsonPieces } from '../bytes/json-writer.ts';
import { eventIdOf } from '../model/event-id.ts';
import type { Incident } from '../model/incident.ts';
import type { Alert, Correlation, Lookback, MatchedField, RelatedEvent, RuleInfo, ScanSummary } from '../model/match.ts';
import { getOrInsert } from '../model/values/maps.ts';
import { relatedText } from './context/related-text.ts';
import { RepeatedData, shortened } from './repeated-data.ts';
import type { ReportContents, ReportedMatchText, Reporter, ReportStream, ScanReport } from './reporter.ts';
import { printedJson, printedJsonBytes } from './sanitize.ts';
import { loadTextWidths } from './text-layout.ts';

/** Output is made in pieces of this size: large enough for fast writing, small enough to need little memory. */
const PIECE_BYTES = 256 * 1024;

/** What stands between the parts of a match. */
const PARTS = jsonPieces([
  ',"event":{"file":',
  ',"index":',
  ',"id":"',
  '",',
  '","UserID":',
  ',',
  '},"fields":',
  ',"lookback":null}',
  ',"lookback":',
  '}',
  ',"alsoIn":',
]);
const [EVENT, INDEX, ID, AFTER_ID, USER_ID, AFTER_USER_ID, FIELDS, NO_LOOKBACK, LOOKBACK, END, ALSO_IN] = [
  0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10,
] as const;

/** The properties of a reporter that both JSON formats share. */
export function reportInLines(frame: Frame): Pick<Reporter, 'selfContained' | 'prepare' | 'begin' | 'render'> {
  const begin = (rules: readonly RuleInfo[]): ReportStream => new ReportLines(rules, frame);
  return { selfContained: false, prepare: prepareReportLines, begin, render: (report) => begin(report.rules).end(report) };
}

/**
 * To be awaited before any line is made. Only related events are written as text of a limited width, which needs the tables of
 * {@link loadTextWidths}.
 */
async function prepareReportLines({ lookback }: ReportContents): Promise<void> {
  if (lookback) await loadTextWidths();
}

/** What stands around and between the objects of a report. */
interface Frame {
  readonly before: string;
  readonly between: string;
  readonly after: string;
}

/**
 * Every object of a report as one line of JSON: matches in file order, copies of matches that were printed early, correlations
 * by time, incidents, and the summary last.
 */
class ReportLines implements ReportStream {
  readonly #rules: readonly RuleInfo[];
  readonly #after: string;
  readonly #lines: Lines;
  readonly #names = new Names();
  readonly #repeated = new RepeatedData();
  readonly #heads: (JsonPieces | undefined)[] = [];

  constructor(rules: readonly RuleInfo[], { before, between, after }: Frame) {
    this.#rules = rules;
    this.#lines = new Lines(before, between);
    this.#after = after;
  }

  *matches(matches: Iterable<ReportedMatchText>): Iterable<Uint8Array> {
    yield* this.#addMatches(matches);
    // Prints what is known now, because the next match may be minutes away.
    if (!this.#lines.empty) yield this.#lines.take();
  }

  *end(report: ScanReport): Iterable<Uint8Array | string> {
    const lines = this.#lines;
    yield* this.#addMatches(report.matchTexts());
    for (const { rule, file, index, alsoIn } of report.copies?.() ?? []) {
      const copies = { kind: 'copies', rule: ruleObject(ruleOf(report, rule)), event: { file, index }, alsoIn };
      lines.begin().json(printedJson(copies));
      if (lines.full) yield lines.take();
    }
    const alerts = alertsOf(report);
    for (const correlation of report.correlations) {
      lines.begin().json(printedJson(correlationObject(correlation, report, alerts.get(correlation))));
      if (lines.full) yield lines.take();
    }
    for (const incident of report.incidents) {
      lines.begin().json(printedJson(incidentObject(incident, report)));
      if (lines.full) yield lines.take();
    }
    lines.begin().json(printedJson(summaryObject(report.summary)));
    yield lines.take();
    yield this.#after;
  }

  *#addMatches(matches: Iterable<ReportedMatchText>): Iterable<Uint8Array> {
    for (const match of matches) {
      this.#heads[match.rule] ??= headOf(this.#rules[match.rule]);
      const { file, index, event } = match;
      const shown = this.#repeated.allows(file, index, offsetOf(event), event.length) ? match : withoutData(match);
      addMatch(this.#lines.begin(), this.#names, shown, this.#heads[match.rule]!);
      if (this.#lines.full) yield this.#lines.take();
    }
  }
}

/** Correlation -> its alert. */
function alertsOf({ correlations, alerts }: ScanReport): ReadonlyMap<unknown, Alert> {
  return new Map(correlations.length === 0 ? [] : alerts.map((alert) => [alert.match, alert]));
}

function headOf(rule: RuleInfo | undefined): JsonPieces {
  const head = printedJson({ kind: 'match', rule: rule === undefined ? null : ruleObject(rule) });
  return jsonPieces([`${head.slice(0, -1)},"via":`]);
}

/** Files and event sources as JSON, kept because there are few and every line has them. */
class Names {
  readonly #json = new Map<string, JsonPieces>();

  json(name: string): JsonPieces {
    return getOrInsert(this.#json, name, () => jsonPieces([printedJson(name)]));
  }
}

/** Gathers lines as bytes in two buffers, so that one can be filled while the other is being written. */
class Lines {
  readonly #before: JsonPieces;
  readonly #between: JsonPieces;
  #out = new JsonWriter(PIECE_BYTES + PIECE_BYTES / 8);
  #other = new JsonWriter(PIECE_BYTES + PIECE_BYTES / 8);
  #first = true;

  constructor(before: string, between: string) {
    this.#before = jsonPieces([before]);
    this.#between = jsonPieces([between]);
  }

  get empty(): boolean {
    return this.#out.at === 0;
  }

  get full(): boolean {
    return this.#out.at >= PIECE_BYTES;
  }

  /** Where the next line is to be written. */
  begin(): JsonWriter {
    this.#out.piece(this.#first ? this.#before : this.#between);
    this.#first = false;
    return this.#out;
  }

  take(): Uint8Array {
    const piece = printedJsonBytes(this.#out.written());
    [this.#out, this.#other] = [this.#other, this.#out];
    this.#out.at = 0;
    return piece;
  }
}

/** The rule at an index. A missing one is a bug of the scan, and the report then still shows what was found. */
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

export function ruleObject(rule: RuleInfo) {
  const { id, title, level, status, tags, path } = rule;
  return { id, title, level, status, tags, path };
}

/** The beginning of the text of an event. */
const OFFSET = '"offset":';
const COMMA = 0x2c;

function offsetOf(event: Uint8Array): number {
  let offset = 0;
  for (let at = OFFSET.length; event[at] !== COMMA; at++) offset = 10 * offset + event[at]! - 0x30;
  return offset;
}

/** A quote in a value is escaped, so only a member begins like this. */
const DATA = Buffer.from(',"data":');
/** The member that follows the data of a recovered record. */
const RECOVERED = ',"recovered":true';

/** The same match with the members of System only, and the beginnings of long values. */
function withoutData(match: ReportedMatchText): ReportedMatchText {
  const event = Buffer.from(match.event.buffer, match.event.byteOffset, match.event.length);
  const recovered = event.toString('utf8', event.length - RECOVERED.length) === RECOVERED ? RECOVERED : '';
  const fields: MatchedField[] = JSON.parse(Buffer.from(match.fields).toString());
  return {
    ...match,
    event: Buffer.from(`${event.toString('utf8', 0, event.indexOf(DATA))},"dataOmitted":true${recovered}`),
    fields: Buffer.from(printedJson(fields.map(shortened))),
  };
}

/** Joins parts that are JSON already, because there may be millions of matches. */
function addMatch(
  out: JsonWriter,
  names: Names,
  {
    via,
    file,
    index,
    event,
    fields,
    eventId,
    userId,
    alsoIn = [],
    lookback,
    notes,
    alert,
    incident,
    evidence,
  }: ReportedMatchText,
  head: JsonPieces,
): void {
  out.piece(head);
  out.piece(names.json(via));
  out.piece(PARTS, EVENT);
  out.piece(names.json(file));
  out.piece(PARTS, INDEX);
  out.number(index);
  out.piece(PARTS, ID);
  out.ascii(eventId);
  if (userId === undefined) out.piece(PARTS, AFTER_ID);
  else {
    out.piece(PARTS, USER_ID);
    out.bytes(userId);
    out.piece(PARTS, AFTER_USER_ID);
  }
  out.bytes(event);
  out.piece(PARTS, FIELDS);
  out.bytes(fields);
  if (alsoIn.length > 0) {
    out.piece(PARTS, ALSO_IN);
    out.json(printedJson(alsoIn));
  }
  if (lookback === null && notes.length === 0 && alert === null && evidence === undefined) {
    out.piece(PARTS, NO_LOOKBACK);
    return;
  }
  out.piece(PARTS, LOOKBACK);
  out.json(lookback === null ? 'null' : printedJson(lookbackObject(lookback)));
  if (notes.length > 0) out.json(`,"notes":${printedJson(notes)}`);
  if (evidence !== undefined) out.json(`,"evidence":${printedJson(evidence)}`);
  if (alert !== null) out.json(`,"alert":"${alert}","incident":${printedJson(incident)}`);
  out.piece(PARTS, END);
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
  const text = relatedText(event);
  return { reason, id: eventIdOf(event), file, index, EventRecordID, TimeCreated, Provider, Channel, EventID, Computer, text };
}

export function correlationObject(correlation: Correlation, report: ScanReport, alert: Alert | undefined) {
  const { type, group, computer, from, to, count, records, events } = correlation;
  return {
    kind: 'correlation',
    rule: ruleObject(ruleOf(report, correlation.rule)),
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
    ...idsOf(alert, report.correlationIncidents.get(correlation)),
  };
}

/** The ids of a correlation. They are absent where matches were printed before the scan ended. */
function idsOf(alert: Alert | undefined, incident: string | undefined): { alert?: string; incident?: string } {
  return alert === undefined || incident === undefined ? {} : { alert: alert.id, incident };
}

/** An incident without its events, because each match names the incident that it belongs to. */
function incidentObject(incident: Incident, report: ScanReport) {
  const { id, computer, level, first, last, eventCount, matchCount, tactics, rules, lookback } = incident;
  return {
    kind: 'incident',
    id,
    computer,
    level,
    from: first,
    to: last,
    events: eventCount,
    matches: matchCount,
    tactics,
    rules: rules.map((rule) => ruleOf(report, rule).title),
    lookback,
  };
}

function summaryObject(summary: ScanSummary) {
  // The duration is printed to stderr only, so that the output is the same on every machine.
  const { elapsedMs: _, kind, ...rest } = summary;
  return { kind, ...rest };
}
