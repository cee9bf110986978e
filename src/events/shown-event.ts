/**
 * Shows whole events. In: the events of logs, and those to be shown. Out: for each of these, its fields and what belongs to it:
 * decoded payloads, processes, and the logon of its session.
 */
import { type EventRecord, type EventSnapshot, fieldValue, snapshotEvent } from '../model/event.ts';
import { eventIdOf } from '../model/event-id.ts';
import { decodedLayers } from '../report/decoded-layers.ts';
import { valueText } from '../report/event-text.ts';
import { visibleLines, visibleText } from '../report/sanitize.ts';
import { eventHeading, eventOnLine } from './event-line.ts';
import { ProcessStarts, processKey } from './process-starts.ts';

/** How many processes are shown that a process started. */
const CHILDREN_SHOWN = 20;
const LOGON_FIELDS = ['TargetLogonId', 'LogonId', 'SubjectLogonId'];
/** Logon ids of accounts that are always there, such as that of the system. No logon event names them. */
const NO_LOGON = /^0x0*(?:0|3e[3-7])$/i;

/** Gathers, in one pass over the logs, what may belong to the wanted events. */
export class ShownEvents {
  readonly #processes = new ProcessStarts();
  readonly #logonIds = new Set<string>();
  readonly #logons: { readonly key: string; readonly event: EventSnapshot }[] = [];

  /** The events in `wanted` must stay valid while the logs are read. */
  constructor(wanted: Iterable<EventRecord>) {
    for (const event of wanted) for (const id of logonIdsOf(event)) this.#logonIds.add(id);
  }

  add(event: EventRecord, file: string): void {
    this.#processes.add(event, file);
    if (event.eventId !== 4624) return;
    const id = fieldValue(event, 'TargetLogonId');
    const key = typeof id === 'string' ? logonKey(event, id) : '';
    if (this.#logonIds.has(key)) this.#logons.push({ key, event: snapshotEvent(event, file) });
  }

  /** The event as lines that are harmless to print. */
  *lines(wanted: EventRecord, file: string, copies: readonly string[] = []): Iterable<string> {
    const event = snapshotEvent(wanted, file);
    yield eventHeading(event);
    yield `event ${eventIdOf(event)}${copies.length === 0 ? '' : `, also in ${visibleText(copies.join(', '))}`}`;
    yield '';
    yield 'System';
    yield* fieldLines(event.system);
    yield '';
    yield 'Data';
    yield* fieldLines(event.data);
    for (const { field, layer, text } of decodedLayers(event)) {
      yield '';
      yield `Decoded from ${visibleText(field)}${layer === 1 ? '' : `, layer ${layer}`}`;
      yield* indented(text);
    }
    yield* this.#processLines(wanted, event);
    const keys = logonIdsOf(wanted);
    const before = this.#logons.filter((logon) => keys.has(logon.key) && !(logon.event.timeUs > event.timeUs));
    const logon = before.sort((a, b) => b.event.timeUs - a.event.timeUs)[0]?.event;
    if (logon !== undefined && eventIdOf(logon) !== eventIdOf(event)) {
      yield '';
      yield 'Logon of this session';
      yield `  ${eventHeading(logon)}`;
      yield `  ${eventOnLine(logon)}`;
    }
  }

  *#processLines(wanted: EventRecord, event: EventSnapshot): Iterable<string> {
    const chain = this.#processes.above(processKey(wanted), event.timeUs);
    const own = chain.at(-1);
    if (own === undefined) return;
    yield '';
    yield 'Processes';
    let indent = '  ';
    for (const { event: start } of chain) {
      yield `${indent}${visibleText(start.TimeCreated ?? '')}  ${eventOnLine(start)}${eventIdOf(start) === eventIdOf(event) ? '  (this event)' : ''}`;
      indent += '  ';
    }
    const children = this.#processes.below(own);
    for (const { event: start } of children.slice(0, CHILDREN_SHOWN)) {
      yield `${indent}${visibleText(start.TimeCreated ?? '')}  ${eventOnLine(start)}`;
    }
    if (children.length > CHILDREN_SHOWN) yield `${indent}and ${children.length - CHILDREN_SHOWN} more`;
    if (this.#processes.capped) yield '  The log starts more processes than are kept: some may be missing.';
  }
}

/** A logon id identifies a logon only together with the computer. */
function logonKey(event: EventRecord, id: string): string {
  return `${event.computer.toLowerCase()} ${id.toLowerCase()}`;
}

function logonIdsOf(event: EventRecord): ReadonlySet<string> {
  const ids = LOGON_FIELDS.map((field) => fieldValue(event, field));
  return new Set(ids.flatMap((id) => (typeof id === 'string' && !NO_LOGON.test(id) ? [logonKey(event, id)] : [])));
}

function* fieldLines(fields: EventSnapshot['data']): Iterable<string> {
  const names = Object.keys(fields).map((name) => visibleText(name));
  const width = names.reduce((widest, name) => Math.max(widest, Math.min(name.length, 28)), 0);
  for (const [i, value] of Object.values(fields).entries()) {
    const [first = '', ...more] = visibleLines(value === null ? 'null' : valueText(value)).split('\n');
    yield `  ${names[i]!.padEnd(width)}  ${first}`;
    for (const line of more) yield `  ${' '.repeat(width)}  ${line}`;
  }
}

function* indented(text: string): Iterable<string> {
  for (const line of visibleLines(text).split('\n')) yield `  ${line}`;
}
