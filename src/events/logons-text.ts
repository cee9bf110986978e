/**
 * In: logons. Out: tables for reading, or objects for JSON. Logon types and reasons are shown in words beside what Windows
 * writes.
 */
import { wordsOf } from '../report/dictionary/words.ts';
import { durationText, grouped } from '../report/wording.ts';
import type { LogonGroup, Logons, Session } from './logons.ts';
import { iso } from './metrics.ts';
import { type Cell, timeCell, topTable } from './text-table.ts';

/** The event by which the dictionary looks up the codes of logons and of failed logons. */
const LOGON = { Channel: 'Security', EventID: 4625 };
const typeWords = (type: string): string | null => wordsOf('LogonType', type, LOGON);

export function* logonsText(logons: Logons, top: number, withSessions: boolean, width?: number): Iterable<string> {
  const { groups, sessions, more } = logons;
  yield 'Logons\n';
  const columns = ['user', 'from', 'on', 'type', 'ok', 'failed', 'failed before ok', 'first', 'last', 'why failed'];
  yield* topTable(columns, groups, groupCells, top, width);
  if (more > 0) yield `  ${grouped(more)} more logons were not kept: too many\n`;
  if (!withSessions) return;
  yield '\nSessions\n';
  yield* topTable(['start', 'length', 'user', 'from', 'on', 'type', 'logon id'], sessions, sessionCells, top, width);
}

function groupCells(group: LogonGroup): Cell[] {
  const { user, from, computer, type, successes, failures, failuresBeforeSuccess, firstUs, lastUs, reasons } = group;
  const why = [...reasons].map(([reason, count]) => `${reasonText(reason)} ${grouped(count)}`).join(', ');
  const counts = [successes, failures, failuresBeforeSuccess];
  return [user || '(none)', from || '-', computer, typeText(type), ...counts, timeCell(firstUs), timeCell(lastUs), why];
}

function sessionCells({ startUs, endUs, user, from, computer, type, logonId }: Session): Cell[] {
  const length = Number.isNaN(endUs) ? 'end not logged' : durationText(endUs - startUs);
  return [timeCell(startUs), length, user || '(none)', from || '-', computer, typeText(type), logonId];
}

export function* logonObjects({ groups, sessions, more }: Logons, withSessions: boolean): Iterable<unknown> {
  for (const { firstUs, lastUs, reasons, type, ...group } of groups) {
    const why = Object.fromEntries(reasons);
    yield {
      kind: 'logons',
      ...group,
      LogonType: type,
      typeText: typeWords(type),
      reasons: why,
      first: iso(firstUs),
      last: iso(lastUs),
    };
  }
  if (more > 0) yield { kind: 'moreLogons', events: more };
  if (!withSessions) return;
  for (const { startUs, endUs, type, ...session } of sessions)
    yield { kind: 'session', ...session, LogonType: type, start: iso(startUs), end: iso(endUs) };
}

function typeText(type: string): string {
  const words = typeWords(type);
  return words === null ? type : `${type} ${words}`;
}

function reasonText(reason: string): string {
  const words = wordsOf('Status', reason, LOGON);
  return words === null ? reason || '(no reason)' : `${reason} ${words}`;
}
