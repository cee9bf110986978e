/** In: metrics. Out: tables for reading, harmless to print. */

import type { EventSnapshot } from '../model/event.ts';
import { visibleText } from '../report/sanitize.ts';
import { counted, durationText, grouped, shortChannel, timeText } from '../report/wording.ts';
import { clearedBy } from '../scan/account/log-clears.ts';
import type { Count, FileMetrics, Metrics } from './metrics.ts';
import { type Cell, moreRows, timeCell, topTable } from './text-table.ts';

/** How many gaps are named for each file. JSON Lines have more. */
const GAPS_SHOWN = 3;
/** The log of a computer in use is seldom silent for longer than this. */
const LONG_SILENCE_US = 3600e6;

export function* metricsText(
  { files, eventIds, computers, clears, moreClears }: Metrics,
  top: number,
  width?: number,
): Iterable<string> {
  yield `${overview(files)}\n`;
  yield '\nComputers\n';
  const computerCells = (one: Count): Cell[] => [one.name || '(none)', ...countCells(one)];
  yield* topTable(['computer', 'events', 'first', 'last'], computers, computerCells, top, width);
  yield* clearLines(clears, moreClears, top);
  yield '\nEventIDs\n';
  const idCells = (one: (typeof eventIds)[number]): Cell[] => [
    shortChannel(one.channel),
    String(one.eventId ?? ''),
    ...countCells(one),
  ];
  yield* topTable(['channel', 'EventID', 'events', 'first', 'last'], eventIds, idCells, top, width);
  yield '\nFiles\n';
  for (const file of files) yield* fileLines(file);
}

function countCells({ events, fromUs, toUs }: Count): Cell[] {
  return [events, timeCell(fromUs), timeCell(toUs)];
}

function overview(files: readonly FileMetrics[]): string {
  const events = files.reduce((sum, file) => sum + file.events, 0);
  const untimed = files.reduce((sum, file) => sum + file.untimed, 0);
  const timed = files.filter((file) => file.events > file.untimed);
  const fromUs = timed.reduce((first, file) => Math.min(first, file.fromUs), Number.POSITIVE_INFINITY);
  const toUs = timed.reduce((last, file) => Math.max(last, file.toUs), Number.NEGATIVE_INFINITY);
  const span = timed.length === 0 ? '' : `, ${timeCell(fromUs)} to ${timeCell(toUs)} UTC`;
  return `${counted(events, 'event')} in ${counted(files.length, 'file')}${span}${untimed === 0 ? '' : `; ${grouped(untimed)} without a time`}`;
}

function* clearLines(clears: Metrics['clears'], moreClears: number, top: number): Iterable<string> {
  if (clears.length === 0) return;
  yield '\nCleared logs\n';
  const byTime = [...clears].sort((a, b) => timeOrder(a) - timeOrder(b));
  for (const event of byTime.slice(0, top)) {
    const { log, user } = clearedBy(event);
    yield `  ${visibleText(`${timeText(event.TimeCreated)}  ${event.Computer}  ${log || '(log not named)'} by ${user ?? '(nobody named)'}`)}\n`;
  }
  const more = clears.length + moreClears - Math.min(top, clears.length);
  yield* moreRows(more);
}

/** Events without a time come last. */
function timeOrder({ timeUs }: EventSnapshot): number {
  return Number.isNaN(timeUs) ? Number.MAX_SAFE_INTEGER : timeUs;
}

function* fileLines(metrics: FileMetrics): Iterable<string> {
  const { file, events, untimed, fromUs, toUs, firstRecord, lastRecord, missing, gaps, silence, logs } = metrics;
  yield `  ${visibleText(file)}: ${counted(events, 'event')}, ${timeCell(fromUs)} to ${timeCell(toUs)}\n`;
  if (untimed > 0) yield `    ${counted(untimed, 'event')} without a time\n`;
  if (firstRecord !== null) {
    const absent = missing === 0 ? 'none missing between them' : `${grouped(missing)} missing between them`;
    const span = logs === 1 ? `records ${firstRecord} to ${lastRecord}` : `records of ${logs} logs, each numbered for itself`;
    yield `    ${span}, ${absent}\n`;
  }
  const largest = [...gaps].sort((a, b) => b.missing - a.missing);
  for (const gap of largest.slice(0, GAPS_SHOWN)) {
    yield `      ${grouped(gap.missing)} missing between ${gap.after} and ${gap.before} of ${visibleText(shortChannel(gap.channel))}\n`;
  }
  if (silence !== null && silence.toUs - silence.fromUs >= LONG_SILENCE_US) {
    yield `    longest silence ${durationText(silence.toUs - silence.fromUs)}: ${timeCell(silence.fromUs)} to ${timeCell(silence.toUs)}\n`;
  }
}
