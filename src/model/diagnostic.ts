/** Faults of input and rules, as values. The run continues; the report and the exit code show them. */

export type Severity = 'error' | 'warning' | 'info';

/** Where a fault was seen. Lines and columns count from 1, offsets are bytes from 0. */
export interface Place {
  readonly file?: string | undefined;
  readonly line?: number | undefined;
  readonly column?: number | undefined;
  /** Byte offset in the (decompressed) source. */
  readonly offset?: number | undefined;
  /** 0-based position of the record in its file. */
  readonly record?: number | undefined;
}

export interface Diagnostic {
  /** Stable id, `area/what`: `rule/unknown-modifier`, `evtx/chunk-checksum`, `json/cut-line`. */
  readonly code: string;
  readonly severity: Severity;
  /** What is wrong: what was seen and what was expected. One sentence, no trailing newline. */
  readonly message: string;
  /** What to do or to write instead. */
  readonly hint?: string | undefined;
  readonly place: Place;
  /** False for a warning about logs of which nothing was lost: it was passed over on purpose, or an exporter left it out. */
  readonly damage?: false | undefined;
}

/** `rules/a.yml:14:5` or `Security.evtx record 12 at 0x31000`; empty when nothing is known. */
export function formatPlace(place: Place): string {
  let text = place.file ?? '';
  if (place.line !== undefined) text += `:${place.line}${place.column === undefined ? '' : `:${place.column}`}`;
  if (place.record !== undefined) text += `${text && ' '}record ${place.record}`;
  if (place.offset !== undefined) text += `${text && ' '}at 0x${place.offset.toString(16)}`;
  return text;
}

/** One line: `rules/a.yml:14:5 error rule/unknown-modifier: "contians" is not a modifier. Did you mean "contains"?` */
export function formatDiagnostic(diagnostic: Diagnostic): string {
  const place = formatPlace(diagnostic.place);
  const { message } = diagnostic;
  const hint = diagnostic.hint ? `${/[.?!]$/.test(message) ? '' : '.'} ${diagnostic.hint}` : '';
  return `${place}${place && ' '}${diagnostic.severity} ${diagnostic.code}: ${message}${hint}`;
}
