/**
 * Finds the processes around an event. In: the events of logs, and one event. Out: the ancestors of its process, and what the
 * process started. Sysmon identifies a process by a GUID. Security 4688 has only a process id, which Windows uses again, so the
 * last start before the event counts. Starts beyond a limit are not kept, and `capped` says so.
 */
import { type EventRecord, type EventSnapshot, fieldValue, snapshotEvent } from '../model/event.ts';
import { eventIdOf, eventIdOfRecord } from '../model/event-id.ts';
import { addTo } from '../model/values/maps.ts';

export interface ProcessStart {
  readonly key: string;
  readonly parentKey: string | null;
  readonly event: EventSnapshot;
}

/** Limit on the starts that are kept. With long command lines they take some 300 MB. */
const MAX_STARTS = 200_000;
/** A longer chain of parents is taken for a circle. */
const MAX_DEPTH = 32;

export class ProcessStarts {
  capped = false;
  #count = 0;
  readonly #starts = new Map<string, ProcessStart[]>();

  add(event: EventRecord, file: string): void {
    if (event.eventId !== 1 && event.eventId !== 4688) return;
    const key = startKey(event);
    if (key === null) return;
    if (this.#starts.get(key)?.some((start) => isSame(start.event, event))) return;
    if (this.#count++ >= MAX_STARTS) {
      this.capped = true;
      return;
    }
    addTo(this.#starts, key, { key, parentKey: parentKey(event), event: snapshotEvent(event, file) });
  }

  /** The process itself and its ancestors, the oldest first. `key` is what {@link processKey} returns. */
  above(key: string | null, timeUs: number): ProcessStart[] {
    const chain: ProcessStart[] = [];
    let start = this.#before(key, timeUs);
    while (start !== undefined && chain.length < MAX_DEPTH && !chain.includes(start)) {
      chain.unshift(start);
      start = this.#before(start.parentKey, start.event.timeUs);
    }
    return chain;
  }

  /** What the process has started, in order of time. */
  below(start: ProcessStart): ProcessStart[] {
    const children = [...this.#starts.values()].flat().filter((child) => child.parentKey === start.key && child !== start);
    const next = (this.#starts.get(start.key) ?? []).find(({ event }) => event.timeUs > start.event.timeUs)?.event.timeUs;
    return children
      .filter(({ event }) => event.timeUs >= start.event.timeUs && (next === undefined || event.timeUs < next))
      .sort((a, b) => a.event.timeUs - b.event.timeUs);
  }

  #before(key: string | null, timeUs: number): ProcessStart | undefined {
    const starts = key === null ? undefined : this.#starts.get(key);
    return (
      starts
        ?.filter(({ event }) => !(event.timeUs > timeUs))
        .sort((a, b) => a.event.timeUs - b.event.timeUs)
        .at(-1) ?? starts?.[0]
    );
  }
}

/** True for the same record in a copy of the log, so that the process is not listed twice. */
function isSame(start: EventSnapshot, event: EventRecord): boolean {
  return start.timeUs === event.timeUs && eventIdOf(start) === eventIdOfRecord(event);
}

/** The key of the process that an event is about; null where the event does not say. */
export function processKey(event: EventRecord): string | null {
  return startKey(event) ?? guidKey(event, 'SourceProcessGUID') ?? numberKey(event, 'ProcessId');
}

function startKey(event: EventRecord): string | null {
  return guidKey(event, 'ProcessGuid') ?? numberKey(event, 'NewProcessId');
}

function parentKey(event: EventRecord): string | null {
  return guidKey(event, 'ParentProcessGuid') ?? (event.eventId === 4688 ? numberKey(event, 'ProcessId') : null);
}

function guidKey(event: EventRecord, field: string): string | null {
  const guid = fieldValue(event, field);
  return typeof guid === 'string' && /[1-9a-f]/i.test(guid) ? guid.toLowerCase() : null;
}

/** A process id identifies a process only together with the computer. */
function numberKey(event: EventRecord, field: string): string | null {
  const number = fieldValue(event, field);
  if (typeof number !== 'string' || !/^(?:0x[\da-f]+|\d+)$/i.test(number)) return null;
  return `${event.computer.toLowerCase()} ${Number(number)}`;
}
