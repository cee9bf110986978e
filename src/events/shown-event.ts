/** In: a log and a record of it. Out: the whole event with what belongs to it: decoded payloads, processes, the logon that it names. */
import { decodedPayloads } from '../findings/wmi/payloads.ts';
import { type EventRecord, type EventSnapshot, fieldValue, snapshotEvent } from '../model/event.ts';
import { valueText } from '../report/event-text.ts';
import { visibleLines, visibleText } from '../report/sanitize.ts';
import { eventHeading, eventSummary } from './event-line.ts';
import { ProcessStarts, processKey } from './process-starts.ts';

/** Decoded again: scripts are wrapped several times. */
const MAX_LAYERS = 4;
/** Children shown of a process. */
const CHILDREN_SHOWN = 20;
const LOGON_FIELDS = ['TargetLogonId', 'LogonId', 'SubjectLogonId'];
/** Ids of accounts that are always there: no logon names them. */
const NO_LOGON = /^0x0*(?:0|3e[3-7])$/i;

/** Reads the log once: everything that may belong to the record. */
export class ShownEvent {
  readonly #wanted: EventRecord;
  readonly #processes = new ProcessStarts();
  readonly #logonIds: ReadonlySet<string>;
  readonly #logons: EventSnapshot[] = [];

  /** `wanted` outlives its reader. */
  constructor(wanted: EventRecord) {
    this.#wanted = wanted;
    const ids = LOGON_FIELDS.map((field) => fieldValue(wanted, field));
    this.#logonIds = new Set(
      ids.filter((id) => typeof id === 'string' && !NO_LOGON.test(id)).map((id) => String(id).toLowerCase()),
    );
  }

  add(event: EventRecord, file: string): void {
    this.#processes.add(event, file);
    if (this.#logonIds.size === 0 || event.eventId !== 4624 || event.computer !== this.#wanted.computer) return;
    const id = fieldValue(event, 'TargetLogonId');
    if (typeof id === 'string' && this.#logonIds.has(id.toLowerCase())) this.#logons.push(snapshotEvent(event, file));
  }

  /** Lines, harmless to print. */
  *lines(file: string): Iterable<string> {
    const event = snapshotEvent(this.#wanted, file);
    yield eventHeading(event);
    yield '';
    yield 'System';
    yield* fieldLines(event.system);
    yield '';
    yield 'Data';
    yield* fieldLines(event.data);
    yield* this.#decoded(event);
    yield* this.#processLines(event);
    const logons = this.#logons.filter(({ timeUs }) => !(timeUs > event.timeUs)).sort((a, b) => b.timeUs - a.timeUs);
    if (logons.length > 0 && logons[0]!.offset !== event.offset) {
      yield '';
      yield 'Logon of this session';
      yield `  ${eventHeading(logons[0]!)}`;
      yield `  ${eventSummary(logons[0]!)}`;
    }
  }

  *#decoded({ data }: EventSnapshot): Iterable<string> {
    for (const [name, value] of Object.entries(data)) {
      let layer = value === null ? [] : decodedPayloads(valueText(value));
      for (let depth = 0; layer.length > 0 && depth < MAX_LAYERS; depth++) {
        for (const payload of layer) {
          yield '';
          yield `Decoded from ${visibleText(name)}${depth === 0 ? '' : `, layer ${depth + 1}`}`;
          yield* indented(payload);
        }
        layer = layer.flatMap((payload) => decodedPayloads(payload));
      }
    }
  }

  *#processLines(event: EventSnapshot): Iterable<string> {
    const chain = this.#processes.above(processKey(this.#wanted), event.timeUs);
    const own = chain.at(-1);
    if (own === undefined) return;
    yield '';
    yield 'Processes';
    let indent = '  ';
    for (const { event: start } of chain) {
      yield `${indent}${visibleText(start.TimeCreated ?? '')}  ${eventSummary(start)}${start.offset === event.offset ? '  (this event)' : ''}`;
      indent += '  ';
    }
    const children = this.#processes.below(own);
    for (const { event: start } of children.slice(0, CHILDREN_SHOWN)) {
      yield `${indent}${visibleText(start.TimeCreated ?? '')}  ${eventSummary(start)}`;
    }
    if (children.length > CHILDREN_SHOWN) yield `${indent}and ${children.length - CHILDREN_SHOWN} more`;
    if (this.#processes.capped) yield '  The log starts more processes than are kept: some may be missing.';
  }
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
