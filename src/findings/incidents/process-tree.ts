/**
 * Finds the process that caused an event, and the process that started that one. In: events of one computer by time. Out: for
 * each, the event in which its process was created, if that is among them. Sysmon identifies processes by GUID. Windows reuses
 * process ids, so these count only where an event has no GUID.
 */
import type { EventSnapshot } from '../../model/event.ts';
import { eventKindOf, type LinkKey, linkKeysOf } from '../lookback/links/event-links.ts';
import { snapshotRecord } from '../store/snapshot-record.ts';

export interface TreePlace {
  /** Id of the event that created the process; null when it is not known. */
  readonly parent: string | null;
  readonly depth: number;
}

const ROOT: TreePlace = { parent: null, depth: 0 };

export class ProcessTree {
  /** Key of a process -> the event that created it. */
  readonly #created = new Map<string, { readonly id: string; readonly depth: number }>();

  /** The place of the next event by time. */
  place(event: EventSnapshot, id: string): TreePlace {
    const record = snapshotRecord(event);
    const kind = eventKindOf(record);
    if (kind === null) return ROOT;
    const keys = linkKeysOf(record, kind);
    const creates = kind.links.parentGuid !== undefined || kind.links.parentId !== undefined;
    const above = this.#find(keys, creates ? 'parent' : 'process');
    const place = above === undefined ? ROOT : { parent: above.id, depth: above.depth + 1 };
    if (creates) {
      for (const { key, role } of keys) if (role === 'process') this.#created.set(key, { id, depth: place.depth });
    }
    return place;
  }

  #find(keys: readonly LinkKey[], role: LinkKey['role']) {
    const own = keys.filter((key) => key.role === role);
    const certain = own.filter((key) => key.certain);
    for (const { key } of certain.length > 0 ? certain : own) {
      const created = this.#created.get(key);
      if (created !== undefined) return created;
    }
    return undefined;
  }
}
