// HOT: asked twice for every record.
/**
 * The template definitions of one chunk. In: offsets in the chunk. Out: plans of the catalog. Refuses, with a fault, definitions
 * that are damaged.
 */

import { CHUNK_HEADER } from '../chunk.ts';
import { CHUNK_BYTES, MAX_DEFINITION_BYTES, MAX_LOG_TEMPLATES } from '../limits.ts';
import { hex, type RecordValues } from '../values/record-values.ts';
import type { Catalog, Plan } from './catalog.ts';
import { type ChunkNames, isWiped } from './chunk-names.ts';
import { DATA_ID } from './names.ts';
import * as op from './ops.ts';
import { Structure } from './structure.ts';
import { DEFINITION_HEADER } from './tokens.ts';

/** The most values kept of an instance whose definition is lost. Definitions of events have at most 99. */
const MAX_NAMELESS = 256;

/** A template of the log, and the plan it is read by. */
interface LogTemplate {
  readonly guid: string;
  readonly size: number;
  readonly plan: Plan;
}

/** Where a definition is damaged, and which template it belongs to. */
export interface Borrowed {
  readonly offset: number;
  readonly guid: string;
}

function guidAt(bytes: Buffer, offset: number): string {
  return bytes.toString('latin1', offset + 4, offset + 20);
}

/** Walks the tokens of a definition into a structure. Returns false and sets a fault when they cannot be read. */
export interface DefinitionWalker {
  walkDefinition(start: number, end: number, out: Structure, dynamicNames: number[]): boolean;
}

export class ChunkPlans {
  readonly #catalog: Catalog;
  readonly #values: RecordValues;
  readonly #names: ChunkNames;
  readonly #walker: DefinitionWalker;
  readonly #structure = new Structure();
  /** Plans by offset. A plan is valid if its stamp is that of the current chunk. */
  #stamp = 0;
  readonly #stamps = new Int32Array(CHUNK_BYTES);
  readonly #plans: (Plan | null)[] = new Array<Plan | null>(CHUNK_BYTES).fill(null);
  /** By template id; used with `strict`. */
  readonly #plansById = new Map<number, Plan>();
  #definitionBudget = 0;
  /**
   * True while reading leftovers in slack. The definition that such a record points to may have been overwritten since. It is
   * used only if it belongs to the template that the record names; otherwise the definition comes from another record of the
   * chunk with the same template id.
   */
  strict = false;
  /** True: remember plans by template id for `strict`. */
  keepPlans = false;
  /** True: plans that were remembered by template id remain known in the chunks that follow. */
  shareById = false;
  /** Set when a definition turns out to be damaged. */
  broken = false;
  /** Templates of the log by id, for chunks in which a definition is damaged. */
  readonly #ofLog = new Map<number, LogTemplate>();
  #borrowed: Borrowed[] = [];

  constructor(values: RecordValues, names: ChunkNames, walker: DefinitionWalker, catalog: Catalog) {
    this.#catalog = catalog;
    this.#values = values;
    this.#names = names;
    this.#walker = walker;
  }

  forget(): void {
    this.#stamp++;
    if (!this.shareById || this.#plansById.size > MAX_LOG_TEMPLATES) this.#plansById.clear();
    this.#definitionBudget = MAX_DEFINITION_BYTES;
  }

  /** The plan of the definition at `offset`, which the instance at `instance` refers to. Null and a fault when there is none. */
  planAt(offset: number, instance: number): Plan | null {
    if (offset < CHUNK_BYTES && this.#stamps[offset] === this.#stamp) {
      const plan = this.#plans[offset]!;
      if (!this.strict || this.#sameTemplate(offset, instance)) return plan;
    }
    const plan = this.#load(offset, instance) ?? this.#borrow(offset, instance);
    if (!this.keepPlans) return plan;
    const id = this.#values.view.getInt32(instance + 2, true);
    if (plan === null) return (this.strict && this.#plansById.get(id)) || null;
    this.#plansById.set(id, plan);
    return plan;
  }

  /** A plan for an instance of `count` values whose definition is lost: EventData with Data elements that have no names. */
  nameless(count: number): Plan | null {
    const structure = this.#structure;
    structure.length = 0;
    structure.add2(op.OPEN, this.#catalog.names.idOf('EventData'));
    structure.add1(op.CLOSE_START);
    for (let i = 0; i < Math.min(count, MAX_NAMELESS); i++) {
      structure.add3(op.OPEN, DATA_ID, op.CLOSE_START);
      structure.add3(op.VALUE, i, op.END);
    }
    structure.add1(op.END);
    return this.#catalog.planOf(structure, []);
  }

  /** True when the definition belongs to the instance. An instance repeats the first four bytes of its template's GUID. */
  #sameTemplate(offset: number, instance: number): boolean {
    return this.#values.view.getInt32(offset + 4, true) === this.#values.view.getInt32(instance + 2, true);
  }

  #load(offset: number, instance: number): Plan | null {
    const { view, bytes } = this.#values;
    const start = offset + DEFINITION_HEADER;
    if (start > bytes.length) {
      return this.#values.refuse('evtx/template-offset', instance, `template definition at ${hex(offset)} is outside the chunk`);
    }
    const size = view.getUint32(offset + 20, true);
    const end = start + size;
    this.broken = end > bytes.length;
    if (this.broken) {
      return this.#values.refuse(
        'evtx/template-size',
        instance,
        `template definition at ${hex(offset)} of ${size} bytes ends outside the chunk`,
      );
    }
    if (this.strict && !this.#sameTemplate(offset, instance)) {
      return this.#values.refuse('evtx/template-id', instance, `the definition at ${hex(offset)} is of another template`);
    }
    const key = this.#fingerprint(offset, size);
    const plan = this.#seen(key, start, end) ?? this.#walk(key, start, end);
    if (plan === null) return null;
    this.#keep(offset, plan);
    const id = view.getInt32(offset + 4, true);
    if (!this.#ofLog.has(id) && this.#ofLog.size < MAX_LOG_TEMPLATES) {
      this.#ofLog.set(id, { guid: guidAt(bytes, offset), size, plan });
    }
    return plan;
  }

  #keep(offset: number, plan: Plan): void {
    this.#stamps[offset] = this.#stamp;
    this.#plans[offset] = plan;
  }

  /**
   * For a damaged definition: the definition with the same GUID and size from another chunk of the log. Windows writes a
   * template into every chunk that has records of it.
   */
  #borrow(offset: number, instance: number): Plan | null {
    if (!this.broken || this.strict) return null;
    const { view, bytes } = this.#values;
    const known = this.#ofLog.get(view.getInt32(instance + 2, true));
    if (known === undefined || offset + DEFINITION_HEADER > bytes.length) return null;
    if (view.getUint32(offset + 20, true) !== known.size || guidAt(bytes, offset) !== known.guid) return null;
    this.broken = false;
    this.#keep(offset, known.plan);
    this.#borrowed.push({ offset, guid: known.guid });
    return known.plan;
  }

  /** Definitions taken from other chunks since the last call. */
  takeBorrowed(): readonly Borrowed[] {
    if (this.#borrowed.length === 0) return this.#borrowed;
    const borrowed = this.#borrowed;
    this.#borrowed = [];
    return borrowed;
  }

  openLog(): void {
    this.#ofLog.clear();
    this.#plansById.clear();
    this.#borrowed = [];
  }

  /**
   * Whether a definition could not be walked because of damage. It is no damage if the definition refers to a place outside of it
   * where no name stands, unless a name has been wiped there.
   */
  #isDamage(start: number, end: number): boolean {
    const { refused } = this.#names;
    if (this.#values.fault?.code !== 'evtx/name-offset') return true;
    if (refused < CHUNK_HEADER || refused >= CHUNK_BYTES) return true;
    return (refused >= start && refused < end) || isWiped(this.#values.bytes, refused);
  }

  /** A hash of some bytes of the template. Not all are hashed, because the offsets of names differ in nearly every chunk. */
  #fingerprint(offset: number, size: number): number {
    const { view } = this.#values;
    const end = offset + DEFINITION_HEADER + size;
    const step = Math.max(4, size >> 4);
    let hash = size;
    for (let at = offset + 4; at + 4 <= end; at += step)
      hash = Math.imul(hash ^ view.getInt32(at, true), 0x9e37_79b1) ^ (hash >>> 15);
    return hash;
  }

  /** A known plan with the same bytes, if the names outside of the definition that it refers to are the same here; else null. */
  #seen(key: number, start: number, end: number): Plan | null {
    const list = this.#catalog.seenDefinitions(key);
    if (list === undefined) return null;
    search: for (const seen of list) {
      if (seen.bytes.length !== end - start || (seen.start >= 0 && seen.start !== start)) continue;
      if (this.#values.bytes.compare(seen.bytes, 0, seen.bytes.length, start, end) !== 0) continue;
      for (const { offset, id } of seen.outsideNames) if (this.#names.idAt(offset) !== id) continue search;
      return seen.plan;
    }
    return null;
  }

  #walk(key: number, start: number, end: number): Plan | null {
    this.#definitionBudget -= end - start;
    if (this.#definitionBudget < 0) {
      return this.#values.refuse('evtx/too-complex', start, 'the chunk has more template definitions than it has room for');
    }
    this.#names.collectOutside(start, end);
    this.#structure.length = 0;
    const dynamicNames: number[] = [];
    const walked = this.#walker.walkDefinition(start, end, this.#structure, dynamicNames);
    const outside = this.#names.outside ?? [];
    this.#names.outside = null;
    this.broken = walked ? this.#structure.length === 0 : this.#isDamage(start, end);
    if (!walked) return null;
    if (this.broken) return this.#values.refuse('evtx/template', start, 'the template definition is empty');
    const plan = this.#catalog.planOf(this.#structure, dynamicNames);
    // Names are referred to by their offset in the chunk, so the same bytes at another place would refer to other names.
    const place = this.#names.inside ? start : -1;
    this.#catalog.rememberDefinition(key, this.#values.bytes.subarray(start, end), place, outside, plan);
    return plan;
  }
}
