// HOT: runs for every record.
/**
 * Reads the BinXML of one chunk. In: a chunk, and where a record stands in it. Out: the record's `Layout` (what it is made of)
 * and `values` (where its values are). Nothing is decoded. Refuses a record that cannot be read: the result is null, and
 * `values.fault` says why. It throws nothing and reads nothing outside of the chunk, whatever the bytes are.
 *
 * Nearly all records are one template inside another; `read` has a short way for them. Any other record is first walked token by
 * token into a structure.
 */

import type { Accelerator, DescriptorReader } from '../../../engine/contract.ts';
import { RECORD_LEAST } from '../chunk.ts';
import { MAX_NEW_NODES, NEW_NODES_PER_CHUNK } from '../limits.ts';
import { PlainDescriptors } from '../values/descriptors.ts';
import { HEAD_LENGTH, RecordValues } from '../values/record-values.ts';
import type { Catalog, Layout, Plan } from './catalog.ts';
import { ChunkNames } from './chunk-names.ts';
import type { Borrowed, ChunkPlans } from './chunk-plans.ts';
import { Structure } from './structure.ts';
import * as token from './tokens.ts';
import { Walker } from './walker.ts';

/** The most layouts searched on the short way. */
const MAX_FAST_LAYOUTS = 16;
/** Takes the place of the index of a nested value when there is none. Lower numbers mean that there are several. */
const NONE_NESTED = -1;
/** A null value should have no bytes. One with more bytes than this had another type, which has been wiped. */
const MOST_NULL_BYTES = 512;
/** Bytes of a fragment header, the token of an instance and its count of values. */
const LEAST_INSTANCE = 18;

export class BinXml {
  readonly values: RecordValues;
  readonly #catalog: Catalog;
  readonly #descriptors: DescriptorReader;
  readonly #names: ChunkNames;
  readonly #walker: Walker;
  readonly #plans: ChunkPlans;
  readonly #structure = new Structure();
  #generation = -1;
  #nodeBudget = MAX_NEW_NODES;
  /** Bytes between the end of the record's values and the end of the record. Real records have 1 to 8. */
  spareBytes = 0;

  /** Starts another log: nothing known about the last one applies. */
  openLog(): void {
    this.#nodeBudget = MAX_NEW_NODES;
    this.#plans.openLog();
  }

  constructor(catalog: Catalog, accelerator: Accelerator | null) {
    this.#catalog = catalog;
    this.values = new RecordValues(accelerator);
    this.#descriptors = accelerator?.descriptors(this.values) ?? new PlainDescriptors(this.values);
    this.#names = new ChunkNames(this.values, catalog);
    this.#walker = new Walker(this.values, this.#names, catalog);
    this.#plans = this.#walker.plans;
  }

  /** `bytes` starts at the chunk header and has at most CHUNK_BYTES bytes. */
  openChunk(bytes: Buffer): void {
    this.values.bytes = bytes;
    this.values.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
    this.#catalog.trim();
    this.#forget();
    this.#nodeBudget = Math.min(MAX_NEW_NODES, Math.max(0, this.#nodeBudget) + NEW_NODES_PER_CHUNK);
  }

  /** True while reading leftovers in slack; see `ChunkPlans.strict` and `ChunkNames.strict`. */
  set strict(strict: boolean) {
    this.#plans.strict = strict;
    this.#names.strict = strict;
  }

  /** True when the slack of the chunk will be read after its live records. */
  set recovering(recovering: boolean) {
    this.#plans.keepPlans = recovering;
  }

  /** True: a template that the open chunk lacks is taken from the chunks before it, also with `strict`. */
  set sharing(sharing: boolean) {
    this.#plans.shareById = sharing;
  }

  /** Templates that were taken from another chunk of the log since the last call. */
  takeBorrowed(): readonly Borrowed[] {
    return this.#plans.takeBorrowed();
  }

  /** Whether the record refused last uses a template whose definition is damaged. */
  get brokenTemplate(): boolean {
    return this.#plans.broken;
  }

  /** The layout of the BinXML in [start, end) of the chunk; null when it cannot be read. */
  read(start: number, end: number): Layout | null {
    if (this.#generation !== this.#catalog.generation) this.#forget();
    this.spareBytes = 0;
    this.#plans.broken = false;
    return this.#plans.strict ? this.#readAny(start, end) : this.#readTemplates(start, end);
  }

  /** Reads one template inside another, or a single one. */
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
    value = this.#descriptors.read(bytes, at, outerCount, 0, value);
    const nestedIndex = this.#descriptors.nested;
    if (value > end) return this.values.refuse('evtx/record-values', start, `values end ${value - end} bytes past the record`);
    this.spareBytes = end - value;
    this.values.count = outerCount;
    if (outerCount === 0 && outer.wantsValues) return this.values.refuseEmpty(at);
    if (nestedIndex < NONE_NESTED || outer.dynamicNames.length > 0) return this.#readAny(start, end);
    if (nestedIndex === NONE_NESTED && this.#hasBytesWithoutType(outerCount)) {
      return this.values.refuse('evtx/record-values', start, 'a value that is null has bytes');
    }
    // The record has no nested data, and its spare bytes may once have been that data. No other record may share such a layout.
    if (nestedIndex === NONE_NESTED && this.spareBytes >= RECORD_LEAST) return this.#readAny(start, end);
    if (nestedIndex === NONE_NESTED) return this.#fastLayout(outer, outer, outerCount, -1, 0, start, end);

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
    value = this.#descriptors.read(bytes, at, innerCount, outerCount, value);
    if (this.#descriptors.nested !== NONE_NESTED) return this.#readAny(start, end);
    if (value > nestedEnd) {
      return this.values.refuse('evtx/record-values', start, `nested values end ${value - nestedEnd} bytes past their place`);
    }
    this.values.count = count;
    return this.#fastLayout(inner, outer, outerCount, nestedIndex, innerCount, start, end);
  }

  /** Whether some null value has bytes: that is how event data looks after its type has been wiped. */
  #hasBytesWithoutType(count: number): boolean {
    const { heads } = this.values;
    for (let i = 0; i < count; i++) if (heads[i]! > MOST_NULL_BYTES && heads[i]! <= HEAD_LENGTH) return true;
    return false;
  }

  /** Also called when another reader of this thread made the catalog forget, because its ids have then changed their meaning. */
  #forget(): void {
    if (this.#generation !== this.#catalog.generation) this.#plans.openLog();
    this.#generation = this.#catalog.generation;
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
    return layout;
  }

  /** Reads any record: first its structure, then the layout for that structure. */
  #readAny(start: number, end: number): Layout | null {
    this.values.count = 0;
    this.#structure.length = 0;
    if (!this.#walker.walkFragment(start, end, this.#structure)) return null;
    if (this.#structure.length === 0) return this.values.refuse('evtx/record-empty', start, 'there is no element in it');
    const layout = this.#catalog.layoutOf(this.#structure, (nodes) => {
      this.#nodeBudget -= nodes;
      return this.#nodeBudget >= 0;
    });
    if (layout !== null) return layout;
    const what = this.#nodeBudget < 0 ? 'the log has too many kinds of large records' : 'the record has too many elements';
    return this.values.refuse('evtx/too-complex', start, what);
  }
}
