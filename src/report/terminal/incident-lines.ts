/**
 * Incidents as the terminal shows them: a heading, then one or a few lines for each event, by time. In: views of incidents.
 * Out: lines. What happened comes before the names of rules and is never cut to make room for them. A wider terminal never shows
 * less.
 */
import { visibleText } from '../sanitize.ts';
import { elide, elideMiddle, padEnd, type Span, textWidth, wrapSpans } from '../text-layout.ts';
import { counted, durationText, secondsText, timeAfter, timeText } from '../wording.ts';
import { type Canvas, ID_SHOWN } from './alert-lines.ts';
import { LEVEL_WIDTH, levelTag } from './head-lines.ts';
import { type EventRow, type IncidentView, nested, sameName } from './incident-view.ts';
import { shorterForms } from './shorter-paths.ts';

/** How many rows of an incident are shown. The rest is counted; `--full` shows all. */
const ROWS_SHOWN = 60;
const NOTES_SHOWN = 12;
const NOTE_LINES = 2;
/**
 * From a terminal width of WIDE on, what happened and the titles of rules share lines. Without `full`, they are cut to WHAT_WIDTH
 * and TITLES_WIDTH.
 */
const WIDE = 140;
const WHAT_WIDTH = 320;
const TITLES_WIDTH = 200;
/** Below this width, times have no fraction of a second, and rows have no id. */
const NARROW = 100;
const NARROW_SAVES = '.000'.length + ' 1234567'.length;
const USERS_SHOWN = 4;
const MAX_LABEL = 15;
const MAX_COMPUTER = 64;
const MIN_ROOM = 9;
/**
 * In terminals narrower than WIDE, the names of rules get so many columns. The first name is not cut at this width, even if it
 * needs more than one line.
 */
const SHORT_TITLES = 56;
const TITLE_LINES = 3;
const GAP = '  ';
/** Up to this depth, child processes are indented. */
const MAX_DEPTH = 4;

export interface RowOptions {
  /** Width of the column for the kind of event. */
  readonly labels: number;
  /** True: every row is shown, with all its lines. */
  readonly full: boolean;
  readonly date: boolean;
  /** Width of the column for the computer; 0: there is none. */
  readonly hosts: number;
}

export function* incidentLines(view: IncidentView, number: number, full: boolean, canvas: Canvas): Iterable<string> {
  const { incident, notes, sole } = view;
  const known = withoutKnownNames(full ? view.rows : nested(shownRows(view.rows)), sole);
  // The names of the rules of a single event stand in the heading where they fit, so that one line has what happened.
  const single = !full && canvas.width < WIDE && known.length === 1 && known[0]!.matched ? known[0]! : null;
  const named = single === null ? null : headingWithTitles(view, number, single.titles, canvas);
  const rows = named === null ? known : [{ ...known[0]!, titles: [] }];
  yield* named ?? headingLines(headingTexts(view), view, number, canvas);
  const labels = labelWidth(rows);
  const date = incident.first?.slice(0, 10) !== incident.last?.slice(0, 10);
  for (const row of rows) yield* rowLines(row, { labels, full, date, hosts: 0 }, canvas);
  const left = view.left + view.rows.filter(({ matched }) => matched).length - rows.filter(({ matched }) => matched).length;
  if (left > 0)
    yield canvas.paint.dim(`   and ${counted(left, 'matched event')} more; --full, --format jsonl and html have them`);
  const shownNotes = full ? notes : notes.slice(0, NOTES_SHOWN);
  for (const note of shownNotes) yield* noteLines(note, full ? Number.POSITIVE_INFINITY : NOTE_LINES, canvas);
  if (notes.length > shownNotes.length) yield `   and ${counted(notes.length - shownNotes.length, 'note')} more; --full has them`;
}

/** The most severe rows, sorted by time. */
function shownRows(rows: readonly EventRow[]): readonly EventRow[] {
  if (rows.length <= ROWS_SHOWN) return rows;
  const ranks = ['critical', 'high', 'medium', 'low', 'informational'];
  const rank = (row: EventRow): number => (row.matched ? (ranks.indexOf(row.level ?? '') + 6) % 6 : 6);
  const best = new Set([...rows].sort((a, b) => rank(a) - rank(b) || a.timeUs - b.timeUs).slice(0, ROWS_SHOWN));
  return rows.filter((row) => best.has(row));
}

/** Leaves out the account that did something where the heading names it, or the row of the process that did it. */
function withoutKnownNames(rows: readonly EventRow[], sole: string | null): readonly EventRow[] {
  const whoOfRow = new Map(rows.map(({ id, who }) => [id, who]));
  return rows.map((row) => {
    const known = sole ?? (row.parent === null ? undefined : whoOfRow.get(row.parent));
    return known !== undefined && sameName(row.who, known) ? { ...row, who: '' } : row;
  });
}

interface HeadingTexts {
  readonly begin: readonly string[];
  readonly counts: string;
  readonly end: readonly string[];
}

function headingTexts({ incident, users, sole }: IncidentView): HeadingTexts {
  const { id, computer, first, last, firstUs, lastUs, eventCount, rules } = incident;
  const span =
    firstUs === lastUs || first === null ? '' : ` to ${timeAfter(first, last, millis)} (${durationText(lastUs - firstUs)})`;
  const others = users.filter((user) => sole === null || !sameName(user, sole)).slice(0, USERS_SHOWN);
  const who = (sole === null ? '' : `by ${sole}${others.length === 0 ? '' : ', names '}`) + others.join(', ');
  const begin = [
    computer.slice(0, MAX_COMPUTER) || '(no name)',
    `${first === null ? 'at an unknown time' : millis(first)}${span}`,
  ];
  return {
    begin: begin.map(visibleText),
    counts: `${counted(eventCount, 'event')}, ${counted(rules.length, 'rule')}`,
    end: [...(who === '' ? [] : [who]), `[${id.slice(0, ID_SHOWN)}]`].map(visibleText),
  };
}

function* headingLines(
  { begin, counts, end }: HeadingTexts,
  view: IncidentView,
  number: number,
  canvas: Canvas,
): Iterable<string> {
  const { paint, width } = canvas;
  const indent = headingIndent(number);
  for (const [i, text] of joined([...begin, counts, ...end], width - indent).entries())
    yield i === 0
      ? `${paint.bold(String(number))}${GAP}${levelTag(view.incident.level, paint)}${GAP}${paint.bold(text)}`
      : ' '.repeat(indent) + text;
}

function headingIndent(number: number): number {
  return String(number).length + LEVEL_WIDTH + 2 * GAP.length;
}

/** The heading of a single event, with its rules instead of their number; null where that does not fit on one line. */
function headingWithTitles(
  view: IncidentView,
  number: number,
  titles: readonly string[],
  canvas: Canvas,
): Iterable<string> | null {
  const texts = headingTexts(view);
  const counts = counted(view.incident.eventCount, 'event');
  const [first = '', ...others] = titles.map(visibleText);
  const used = textWidth([...texts.begin, counts, ...texts.end, ''].join(GAP));
  const room = canvas.width - headingIndent(number) - used;
  if (first === '' || textWidth(first) + moreText(others.length).length > room) return null;
  const named = { ...texts, counts: counts + GAP + titlesIn(first, others, room) };
  return headingLines(named, view, number, canvas);
}

/** Texts side by side. Lines are broken only between texts. */
function joined(texts: readonly string[], width: number): readonly string[] {
  const lines: string[] = [];
  for (const text of texts) {
    const last = lines.at(-1);
    if (last !== undefined && textWidth(last) + GAP.length + textWidth(text) <= width)
      lines[lines.length - 1] = last + GAP + text;
    else lines.push(elide(text, width));
  }
  return lines;
}

function millis(iso: string | null): string {
  return timeText(iso).replace(/(\.\d{3})\d+$/, '$1');
}

/** Width of the column for the kinds of these events: that of the longest, up to a limit. */
export function labelWidth(rows: readonly EventRow[]): number {
  return Math.min(
    MAX_LABEL,
    rows.reduce((most, { label }) => Math.max(most, textWidth(visibleText(label))), 0),
  );
}

export function* rowLines(row: EventRow, { labels, full, date, hosts }: RowOptions, canvas: Canvas): Iterable<string> {
  const { paint } = canvas;
  const narrow = canvas.width < NARROW;
  // A terminal of width NARROW needs room for further columns. A slightly narrower one does not use that room either, or the text
  // would shrink where the terminal grows.
  const width = narrow ? Math.min(canvas.width, NARROW - NARROW_SAVES) : canvas.width;
  const text = row.time === null ? 'time unknown' : narrow ? secondsText(row.time) : millis(row.time);
  const time = date || row.time === null ? text : text.slice(11);
  const timeWidth = (date ? 11 : 0) + (narrow ? 8 : 12);
  const host = hosts === 0 ? '' : `${padEnd(elideMiddle(visibleText(row.computer), hosts), hosts)} `;
  const label = padEnd(elideMiddle(visibleText(row.label), labels), labels);
  const tag = row.matched ? levelTag(row.level, paint) : padEnd('·', LEVEL_WIDTH);
  const id = narrow ? '' : ` ${row.id.slice(0, ID_SHOWN)}`;
  const start = `   ${padEnd(time, timeWidth)} ${tag} ${host}${label}${paint.dim(id)}${GAP}`;
  const used = 3 + Math.max(time.length, timeWidth) + 1 + LEVEL_WIDTH + 1 + textWidth(host) + labels + id.length + GAP.length;
  const room = Math.max(MIN_ROOM, width - used);
  const whole = full || width >= WIDE;
  // Further lines of a short row begin below its kind of event, where they have more room.
  const indent = whole ? used : used - labels - id.length - GAP.length;
  const lines = whole ? wrapSpans(wholeRow(row, full), room, Number.POSITIVE_INFINITY) : shortRow(row, room, width - indent);
  for (const [i, line] of lines.entries()) {
    const shown = line.map(({ text, strong }) => (strong || !row.matched ? paint.dim(text) : text)).join('');
    yield (i === 0 ? start : ' '.repeat(indent)) + shown;
  }
}

/** Who did what, indented below the process that did it. */
function whatText({ depth, who, what, copies, state }: EventRow): string {
  const branch = depth === 0 ? '' : `${' '.repeat(Math.min(depth - 1, MAX_DEPTH))}└ `;
  const also = copies === 0 ? '' : ` (${counted(copies, 'more copy').replace('copys', 'copies')})`;
  const where = state === '' ? '' : `[${state}] `;
  return branch + where + visibleText((who === '' ? '' : `${who}: `) + what + also);
}

/** Windows writes several blanks between a program and its arguments. */
function withoutWideGaps(row: EventRow): EventRow {
  return { ...row, what: row.what.replace(/\s{2,}/g, ' ') };
}

function wholeRow(row: EventRow, full: boolean): readonly Span[] {
  const [first = '', ...others] = row.titles.map(visibleText);
  const what = whatText(full ? row : withoutWideGaps(row));
  const text = full ? what : elide(what, WHAT_WIDTH);
  if (first === '') return [{ text, strong: false }];
  return [
    { text, strong: false },
    { text: GAP + titlesIn(first, others, full ? Number.POSITIVE_INFINITY : TITLES_WIDTH), strong: true },
  ];
}

/**
 * A row as one line, or as two or more where one is too short: what happened, then the rest of it and the names of rules. Nothing
 * is cut to make room for names. Folders in the middle of paths are left out before a second line is begun, because the end of a
 * path says more. How many names are shown depends on the width alone. Further lines show no folder that one line would not. So a
 * wider terminal never shows less.
 */
function shortRow(row: EventRow, room: number, later: number): readonly (readonly Span[])[] {
  const [first = '', ...others] = row.titles.map(visibleText);
  const least = textWidth(first) + moreText(others.length).length;
  const titles = titlesIn(first, others, Math.max(least, Math.min(room, SHORT_TITLES)));
  const after = titles === '' ? [] : [{ text: GAP + titles, strong: true }];
  const forms = shorterForms(whatText(withoutWideGaps(row)));
  for (const text of forms)
    if (textWidth(text) + textWidth(after[0]?.text ?? '') <= room) return [[{ text, strong: false }, ...after]];
  const text = forms.at(-1)!;
  const what = [{ text, strong: false }];
  // The reason why an unmatched event is shown is not worth a line of its own.
  if (!row.matched || titles === '') return wrapSpans(what, room, 2, later);
  const [start = [], ...rest] = wrapSpans([...what, ...after], room, 3, later);
  if (rest.length === 1 && textWidth(text) > room) return [start, ...rest];
  const own = wrapSpans(after, later, TITLE_LINES, later);
  // The text may end where folders are left out.
  return [[{ text: elide(text, room).replace(/…{2,}$/, '…'), strong: false }], ...own];
}

function moreText(count: number): string {
  return count === 0 ? '' : ` +${count}`;
}

/** As many names as fit, and how many more there are. */
function titlesIn(first: string, others: readonly string[], room: number): string {
  let text = first;
  let left = others.length;
  for (const title of others) {
    const longer = `${text} + ${title}`;
    if (textWidth(longer) + moreText(left - 1).length > room) break;
    text = longer;
    left--;
  }
  return (room === Number.POSITIVE_INFINITY ? text : elide(text, Math.max(1, room - moreText(left).length))) + moreText(left);
}

function* noteLines(note: string, lines: number, { width }: Canvas): Iterable<string> {
  const indent = '   * ';
  const wrapped = wrapSpans([{ text: visibleText(note), strong: false }], width - indent.length, lines);
  for (const [i, line] of wrapped.entries()) yield (i === 0 ? indent : '     ') + line.map(({ text }) => text).join('');
}
