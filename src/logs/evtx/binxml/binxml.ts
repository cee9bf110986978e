// HOT: runs for every record.
/**
 * One chunk's BinXML: a record's bytes become its layout (what it is made of) and its values (where they are). Nothing is
 * decoded. Records made of one template in another, which nearly all are, take `read`'s short way; everything else is walked
 * token by token into a structure first.
 *
 * In: a chunk, a record's place in it. Out: a `Layout` and `values`; null and `values.fault` when the record cannot be read.
 * Nothing is thrown and nothing outside the chunk is touched, whatever the bytes are.
 */

import { threadMemory } from '../../../wasm/thread-memory.ts';
import { RECORD_LEAST } from '../chunk.ts';
import { FastRecords } from '../fast-records.ts';
import { MAX_NEW_NODES, NEW_NODES_PER_CHUNK } from '../limits.ts';
import { HEAD_LENGTH, HEAD_MASK, isNested, RecordValues } from '../values/record-values.ts';
import { catalog, type Layout, type Plan } from './catalog.ts';
import { ChunkNames } from './chunk-names.ts';
import type { Borrowed, ChunkPlans } from './chunk-plans.ts';
import { Structure } from './structure.ts';
import * as token from './tokens.ts';
import { Walker } from './walker.ts';

/** Layouts looked through on the fast path. */
const MAX_FAST_LAYOUTS = 16;
/** A null value has no bytes; one with more than this was something else. */
const MOST_NULL_BYTES = 512;
/** The least that holds a fragment header, an instance's token and its count of values. */
const LEAST_INSTANCE = 18;

export class BinXml {
  readonly values = new RecordValues();
  readonly #names = new ChunkNames(this.values);
  /** null where there is no room for the tables of compiled code. */
  readonly fast = FastRecords.create(threadMemory(), this.values);
  readonly #walker = new Walker(this.values, this.#names, this.fast);
  readonly #plans: ChunkPlans = this.#walker.plans;
  readonly #structure = new Structure();
  #generation = -1;
  #nodeBudget = MAX_NEW_NODES;
  /** Of the record that was read: bytes between the end of its values and its own end; real records have 1 to 8. */
  spareBytes = 0;

  /** Another log: nothing of the one before counts. */
  openLog(): void {
    this.#nodeBudget = MAX_NEW_NODES;
    this.#plans.openLog();
  }

  /** `bytes` starts at the chunk header; at most CHUNK_BYTES. */
  openChunk(bytes: Buffer): void {
    this.values.bytes = bytes;
    this.values.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
    catalog.trim();
    this.#forget();
    this.#nodeBudget = Math.min(MAX_NEW_NODES, Math.max(0, this.#nodeBudget) + NEW_NODES_PER_CHUNK);
  }

  /** What is read next is left over in slack: see `ChunkPlans.strict` and `ChunkNames.strict`. */
  set strict(strict: boolean) {
    this.#plans.strict = strict;
    this.#names.strict = strict;
  }

  /** Slack of the chunk will be read behind its live records. */
  set recovering(recovering: boolean) {
    this.#plans.keepPlans = recovering;
  }

  /** Templates that came from another chunk of the log since this was asked for last. */
  takeBorrowed(): readonly Borrowed[] {
    return this.#plans.takeBorrowed();
  }

  /** Is the record that was refused last of a template whose definition is damaged? */
  get brokenTemplate(): boolean {
    return this.#plans.broken;
  }

  /** The layout of the BinXML in [start, end) of the chunk. */
  read(start: number, end: number): Layout | null {
    if (this.#generation !== catalog.generation) this.#forget();
    if (this.fast !== null && !this.#plans.strict) {
      const layout = this.fast.read(start, end, this.#plans.stamp);
      if (layout !== null) return layout;
    }
    this.values.forgetSystem();
    this.spareBytes = 0;
    this.#plans.broken = false;
    return this.#plans.strict ? this.#readAny(start, end) : this.#readTemplates(start, end);
  }

  /** The short way through the records from `at` on: see `FastRecords.skim`. For those that are not `strict`. */
  skim(at: number, limit: number): Layout | null {
    if (this.#generation !== catalog.generation) this.#forget();
    return this.fast!.skim(at, limit, this.#plans.stamp);
  }

  /** One template in another, or one alone. */
  #readTemplates(start: number, end: number): Layout | null {
    const { bytes, view, offsets, heads } = this.values;
    let at = start;
    if (at + LEAST_INSTANCE > end) return this.#readAny(start, end);
    if (bytes[at] === token.FRAGMENT_HEADER) at += 4;
    if (bytes[at] !== token.TEMPLATE_INSTANCE) return this.#readAny(start, end);
    const outerOffset = view.getUint32(at + 6, true);
    const outer = this.#plans.planAt(outerOffset, at);
    if (outer === null) return null;
    at += 10;
    if (outerOffset === at) at += token.DEFINITION_HEADER + view.getUint32(at + 20, true);
    if (at + 4 > end) return this.values.refuse('evtx/record-values', at, 'the record ends before its values');
    const outerCount = view.getUint32(at, true);
    at += 4;
    let value = at + outerCount * 4;
    if (value > end) return this.values.refuse('evtx/record-values', at - 4, `${outerCount} values do not fit in the record`);
    let nestedIndex = -1;
    let nestedCount = 0;
    for (let i = 0; i < outerCount; i++, at += 4) {
      const head = view.getInt32(at, true) & HEAD_MASK;
      offsets[i] = value;
      heads[i] = head;
      value += head & HEAD_LENGTH;
      if (isNested(head)) {
        nestedIndex = i;
        nestedCount++;
      }
    }
    if (value > end) return this.values.refuse('evtx/record-values', start, `values end ${value - end} bytes past the record`);
    this.spareBytes = end - value;
    this.values.count = outerCount;
    if (outerCount === 0 && outer.wantsValues) return this.values.refuseEmpty(at);
    if (nestedCount > 1 || outer.dynamicNames.length > 0) return this.#readAny(start, end);
    if (nestedCount === 0 && this.#hasBytesWithoutType(outerCount)) {
      return this.values.refuse('evtx/record-values', start, 'a value that is null has bytes');
    }
    // Without its data, which the bytes behind its values may have been: no layout for others to have.
    if (nestedCount === 0 && this.spareBytes >= RECORD_LEAST) return this.#readAny(start, end);
    if (nestedCount === 0) return this.#fastLayout(outer, outer, outerCount, -1, 0, start, end);

    at = offsets[nestedIndex]!;
    const nestedEnd = at + (heads[nestedIndex]! & HEAD_LENGTH);
    if (at + LEAST_INSTANCE > nestedEnd) return this.#readAny(start, end);
    if (bytes[at] === token.FRAGMENT_HEADER) at += 4;
    if (bytes[at] !== token.TEMPLATE_INSTANCE) return this.#readAny(start, end);
    const innerOffset = view.getUint32(at + 6, true);
    const inner = this.#plans.planAt(innerOffset, at);
    if (inner === null) return null;
    if (inner.dynamicNames.length > 0) return this.#readAny(start, end);
    at += 10;
    if (innerOffset === at) at += token.DEFINITION_HEADER + view.getUint32(at + 20, true);
    if (at + 4 > nestedEnd) return this.values.refuse('evtx/record-values', at, 'the nested template ends before its values');
    const innerCount = view.getUint32(at, true);
    at += 4;
    value = at + innerCount * 4;
    if (value > nestedEnd)
      return this.values.refuse('evtx/record-values', at - 4, `${innerCount} values do not fit in the nested template`);
    if (innerCount === 0 && inner.wantsValues) return this.values.refuseEmpty(at);
    const count = outerCount + innerCount;
    for (let i = outerCount; i < count; i++, at += 4) {
      const head = view.getInt32(at, true) & HEAD_MASK;
      offsets[i] = value;
      heads[i] = head;
      value += head & HEAD_LENGTH;
      if (isNested(head)) return this.#readAny(start, end);
    }
    if (value > nestedEnd) {
      return this.values.refuse('evtx/record-values', start, `nested values end ${value - nestedEnd} bytes past their place`);
    }
    this.values.count = count;
    return this.#fastLayout(inner, outer, outerCount, nestedIndex, innerCount, start, end);
  }

  /** What the event's data looks like when its type has been wiped. */
  #hasBytesWithoutType(count: number): boolean {
    const { heads } = this.values;
    for (let i = 0; i < count; i++) if (heads[i]! > MOST_NULL_BYTES && heads[i]! <= HEAD_LENGTH) return true;
    return false;
  }

  /** Also when another reader of this thread has let the catalog forget: its ids of before mean nothing. */
  #forget(): void {
    if (this.#generation !== catalog.generation) this.#plans.openLog();
    this.#generation = catalog.generation;
    this.#names.forget();
    this.#plans.forget();
  }

  #fastLayout(
    innermost: Plan,
    outer: Plan,
    outerCount: number,
    nestedIndex: number,
    innerCount: number,
    start: number,
    end: number,
  ): Layout | null {
    const layouts = innermost.layouts;
    for (let i = 0; i < layouts.length; i++) {
      const layout = layouts[i]!;
      if (
        layout.outer === outer &&
        layout.nestedIndex === nestedIndex &&
        layout.outerCount === outerCount &&
        layout.innerCount === innerCount
      ) {
        this.fast?.remember(layout, innermost, false);
        return layout;
      }
    }
    const layout = this.#readAny(start, end);
    if (layout === null) return null;
    layout.outer = outer;
    layout.outerCount = outerCount;
    layout.nestedIndex = nestedIndex;
    layout.innerCount = innerCount;
    if (layouts.length >= MAX_FAST_LAYOUTS) layouts.shift();
    layouts.push(layout);
    this.fast?.remember(layout, innermost, true);
    return layout;
  }

  /** Any record: structure first, then the layout that has it. */
  #readAny(start: number, end: number): Layout | null {
    this.values.count = 0;
    this.#structure.length = 0;
    if (!this.#walker.walkFragment(start, end, this.#structure)) return null;
    if (this.#structure.length === 0) return this.values.refuse('evtx/record-empty', start, 'there is no element in it');
    const layout = catalog.layoutOf(this.#structure, (nodes) => {
      this.#nodeBudget -= nodes;
      return this.#nodeBudget >= 0;
    });
    if (layout !== null) return layout;
    const what = this.#nodeBudget < 0 ? 'the log has too many kinds of large records' : 'the record has too many elements';
    return this.values.refuse('evtx/too-complex', start, what);
  }
}
