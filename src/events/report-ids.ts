/**
 * Looks ids up in a report of winnow, so that the scan need not be run again. In: a report in JSON Lines, JSON or HTML. Out: for
 * each id the events that it stands for, and the logs that they are in. Refuses a file that is no such report.
 */
import { createReadStream, statSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import { inflateSync } from 'node:zlib';
import { reasonOf } from '../logs/open/source.ts';
import { InputError } from '../model/errors.ts';
import { getOrInsert } from '../model/values/maps.ts';

export interface ReportedId {
  readonly kind: 'event' | 'alert' | 'incident';
  readonly id: string;
  /** Ids of events. */
  readonly events: Set<string>;
  /** Names of logs as the report writes them. */
  readonly logs: Set<string>;
}

/** An event of a report, with the ids that it belongs to. */
interface Entry {
  readonly event: string;
  readonly file: string;
  readonly alerts: readonly string[];
  readonly incident: string | null;
}

/** `wanted` are beginnings of ids. */
export async function idsInReport(path: string, wanted: readonly string[]): Promise<readonly ReportedId[]> {
  const found = new Map<string, ReportedId>();
  const add = (kind: ReportedId['kind'], id: string, { event, file }: Entry): void => {
    if (!wanted.some((start) => id.startsWith(start))) return;
    const known = getOrInsert(found, `${kind} ${id}`, () => ({ kind, id, events: new Set(), logs: new Set() }));
    known.events.add(event);
    known.logs.add(file);
  };
  if (!isFile(path)) throw notAReport(path);
  for await (const entry of /\.html?$/i.test(path) ? entriesOfPage(path) : entriesOfLines(path, wanted)) {
    add('event', entry.event, entry);
    for (const alert of entry.alerts) add('alert', alert, entry);
    if (entry.incident !== null) add('incident', entry.incident, entry);
  }
  return [...found.values()];
}

function isFile(path: string): boolean {
  try {
    return statSync(path).isFile();
  } catch (cause) {
    throw new InputError(`${path} cannot be read: ${reasonOf(cause)}.`, { cause });
  }
}

async function* entriesOfLines(path: string, wanted: readonly string[]): AsyncGenerator<Entry> {
  let isReport = false;
  for await (const line of createInterface({ input: createReadStream(path), crlfDelay: Number.POSITIVE_INFINITY })) {
    if (line === '[') continue;
    isReport ||= line.startsWith('{"kind":"');
    if (!isReport) break;
    // A wanted id is a JSON string, so its beginning follows a quote. Most lines have none and need not be parsed.
    if (!wanted.some((start) => line.includes(`"${start}`))) continue;
    const object = parsed(line.replace(/,$/, ''), path) as ReportLine;
    const { kind, event, events = [], alert = null, incident = null, lookback } = object;
    const alerts = alert === null ? [] : [alert];
    if (kind === 'match' && event?.id !== undefined) yield { event: event.id, file: event.file, alerts, incident };
    // In the line of an incident, `events` is a number.
    if (kind === 'correlation' && Array.isArray(events))
      for (const { id, file } of events) if (id !== undefined) yield { event: id, file, alerts, incident };
    for (const { id, file } of [...(lookback?.related ?? []), ...(lookback?.after ?? [])])
      yield { event: id, file, alerts: [], incident: null };
  }
  if (!isReport) throw notAReport(path);
}

interface ReportLine {
  readonly kind: string;
  readonly event?: Named;
  readonly events?: readonly Named[] | number;
  readonly alert?: string | null;
  readonly incident?: string | null;
  readonly lookback?: { readonly related: readonly Related[]; readonly after: readonly Related[] } | null;
}

/** An event that a line names. Reports of older versions have no id for it. */
interface Named {
  readonly id?: string;
  readonly file: string;
}

interface Related {
  readonly id: string;
  readonly file: string;
}

/** A block of data as `src/report/html/embedded.ts` writes it. */
const BLOCK = /<script type="application\/octet-stream" data-block="(events|head)" data-bytes="(\d+)">([\w+/=]*)<\/script>/g;

interface EventOfPage {
  readonly id: string;
  readonly file: string;
  readonly incident: number;
  readonly hits: readonly { readonly alert: string }[];
}

async function* entriesOfPage(path: string): AsyncGenerator<Entry> {
  const events: EventOfPage[] = [];
  let incidents: readonly { readonly id: string }[] | null = null;
  for (const [, kind, bytes, packed = ''] of (await readFile(path, 'latin1')).matchAll(BLOCK)) {
    const value = parsed(inflated(packed, Number(bytes), path), path);
    if (kind === 'events') events.push(...(value as EventOfPage[]));
    else ({ incidents } = value as { incidents: readonly { readonly id: string }[] });
  }
  if (incidents === null) throw notAReport(path);
  for (const { id, file, incident, hits } of events) {
    const matched = hits.length > 0;
    yield {
      event: id,
      file,
      alerts: hits.map(({ alert }) => alert),
      incident: matched ? (incidents[incident]?.id ?? null) : null,
    };
  }
}

/** Refuses a block that inflates to more than it says. */
function inflated(packed: string, maxOutputLength: number, path: string): string {
  try {
    return inflateSync(Buffer.from(packed, 'base64'), { maxOutputLength }).toString('utf8');
  } catch (cause) {
    throw new InputError(`${path}: the data of the page is damaged.`, { cause });
  }
}

function parsed(text: string, path: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new InputError(`${path}: the report has a part that is no JSON; it may have been cut.`, { cause });
  }
}

function notAReport(path: string): InputError {
  return new InputError(`${path} is no report of winnow in JSON Lines, JSON or HTML.`);
}
