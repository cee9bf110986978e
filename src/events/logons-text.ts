/** In: logons. Out: tables for reading, or objects; types and reasons in words beside what Windows writes. */
import { durationText, grouped, secondsText } from '../report/wording.ts';
import type { LogonGroup, Logons, Session } from './logons.ts';
import { iso } from './metrics.ts';
import { type Cell, textTable } from './text-table.ts';

const TYPES: Readonly<Record<string, string>> = {
  '0': 'system',
  '2': 'interactive',
  '3': 'network',
  '4': 'batch',
  '5': 'service',
  '7': 'unlock',
  '8': 'network, password in clear text',
  '9': 'new credentials',
  '10': 'remote desktop',
  '11': 'interactive, cached',
  '12': 'remote desktop, cached',
  '13': 'unlock, cached',
};
const REASONS: Readonly<Record<string, string>> = {
  '0xc0000064': 'no such user',
  '0xc000006a': 'wrong password',
  '0xc000006d': 'wrong user or password',
  '0xc000006e': 'account restricted',
  '0xc000006f': 'outside of allowed hours',
  '0xc0000070': 'not from this workstation',
  '0xc0000071': 'password expired',
  '0xc0000072': 'account disabled',
  '0xc000015b': 'this type of logon not granted',
  '0xc0000193': 'account expired',
  '0xc0000224': 'password must be changed',
  '0xc0000234': 'account locked',
};

export function* logonsText(logons: Logons, top: number, withSessions: boolean): Iterable<string> {
  const { groups, sessions, more } = logons;
  yield 'Logons\n';
  yield* textTable(
    ['user', 'from', 'on', 'type', 'ok', 'failed', 'failed before ok', 'first', 'last', 'why failed'],
    groups.slice(0, top).map(groupCells),
  );
  yield* rest(groups.length - top);
  if (more > 0) yield `  ${grouped(more)} more logons were not kept: too many\n`;
  if (!withSessions) return;
  yield '\nSessions\n';
  yield* textTable(['start', 'length', 'user', 'from', 'on', 'type', 'logon id'], sessions.slice(0, top).map(sessionCells));
  yield* rest(sessions.length - top);
}

function* rest(more: number): Iterable<string> {
  if (more > 0) yield `  and ${grouped(more)} more (--top)\n`;
}

function groupCells(group: LogonGroup): Cell[] {
  const { user, from, computer, type, successes, failures, failuresBeforeSuccess, firstUs, lastUs, reasons } = group;
  const why = [...reasons].map(([reason, count]) => `${reasonText(reason)} ${grouped(count)}`).join(', ');
  const counts = [successes, failures, failuresBeforeSuccess];
  return [user || '(none)', from || '-', computer, typeText(type), ...counts, time(firstUs), time(lastUs), why];
}

function sessionCells({ startUs, endUs, user, from, computer, type, logonId }: Session): Cell[] {
  const length = Number.isNaN(endUs) ? 'end not logged' : durationText(endUs - startUs);
  return [time(startUs), length, user || '(none)', from || '-', computer, typeText(type), logonId];
}

export function* logonObjects({ groups, sessions, more }: Logons, withSessions: boolean): Iterable<unknown> {
  for (const { firstUs, lastUs, reasons, type, ...group } of groups) {
    const why = Object.fromEntries(reasons);
    yield {
      kind: 'logons',
      ...group,
      LogonType: type,
      typeText: TYPES[type] ?? null,
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
  return TYPES[type] === undefined ? type : `${type} ${TYPES[type]}`;
}

function reasonText(reason: string): string {
  return REASONS[reason] === undefined ? reason || '(no reason)' : `${reason} ${REASONS[reason]}`;
}

function time(timeUs: number): string {
  return secondsText(iso(timeUs));
}
