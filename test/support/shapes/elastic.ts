/** Winlogbeat with its modules: the pipelines move fields to ECS keys, and drop what is empty or `-`. */
import { ECS_NAMES } from '../../../src/logs/exporters/ecs-names.ts';
import { type Datum, type LoggedEvent, withData } from '../events/logged-event.ts';
import { lines, type Shape } from './shape.ts';
import { keptByBeats, winlogbeat } from './shippers.ts';

function set(document: Record<string, unknown>, key: string, value: unknown): void {
  const path = key.split('.');
  let at = document;
  for (const step of path.slice(0, -1)) {
    at[step] ??= {};
    at = at[step] as Record<string, unknown>;
  }
  at[path.at(-1)!] = value;
}

/** `SHA1=...,MD5=...` has a key for each digest. */
function splitHashes(document: Record<string, unknown>, holder: string, hashes: string): void {
  for (const hash of hashes.split(',')) {
    const [kind = '', digest = ''] = hash.split('=');
    set(document, kind === 'IMPHASH' ? `${holder}.pe.imphash` : `${holder}.hash.${kind.toLowerCase()}`, digest.toLowerCase());
  }
}

const isKept = (value: string): boolean => value !== '' && value !== '-';

function withModules(event: LoggedEvent): object {
  const { system: s } = event;
  const id = Number(s.EventID);
  const kept = withData(event, ([name, value]) => (isKept(value) ? [[name, value]] : []));
  const document: Record<string, unknown> = { ...winlogbeat(kept), ecs: { version: '8.0.0' } };
  set(document, 'event.module', 'windows');
  const { winlog } = document as { winlog: { event_data?: Record<string, unknown> } };
  const data = winlog.event_data ?? {};
  const groups = (ECS_NAMES[s.Channel!] ?? []).filter(({ ids }) => ids?.includes(id) ?? true);
  const taken = new Set<string>();
  for (const { names, hex } of groups) {
    for (const [name, key] of Object.entries(names)) {
      const value = data[name];
      const target = [key].flat()[0]!;
      if (typeof value !== 'string' || taken.has(target)) continue;
      taken.add(target);
      set(document, target, hex?.includes(name) ? Number(value) : value);
      delete data[name];
    }
  }
  if (s.Provider_Name !== 'Microsoft-Windows-Sysmon') return document;
  if (typeof data.Hashes === 'string') splitHashes(document, id === 6 || id === 7 ? 'file' : 'process', data.Hashes);
  const [domain, name] = String(data.User ?? '').split('\\');
  if (name !== undefined) set(document, 'user', { domain, name });
  for (const moved of ['Hashes', 'User', 'UtcTime']) delete data[moved];
  return document;
}

/** The modules make the time of the event from `UtcTime`. */
function kept(event: LoggedEvent): LoggedEvent {
  const isSysmon = event.system.Provider_Name === 'Microsoft-Windows-Sysmon';
  const time = event.system.TimeCreated_SystemTime!.slice(0, 23).replace('T', ' ');
  return keptByBeats(
    withData(event, ([name, value]) => {
      if (!isKept(value)) return [];
      // The pipeline gives this field another spelling; rules may use either.
      const spelled: Datum[] = event.system.EventID === '8' && name === 'TargetProcessGuid' ? [['TargetProcessGUID', value]] : [];
      return [[name, isSysmon && name === 'UtcTime' ? time : value], ...(isSysmon ? spelled : [])];
    }),
  );
}

export const elasticShapes: readonly Shape[] = [
  lines('Winlogbeat and Elastic Agent, with modules', 'as with Winlogbeat; data that is empty or `-`', withModules, kept),
];
