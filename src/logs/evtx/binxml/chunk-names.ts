// HOT: asked for every name of every record without a template.
/** The names of one chunk. In: offsets in the chunk. Out: ids of the catalog. Refuses, with a fault, what is not a name. */

import { CHUNK_BYTES, MAX_NAME } from '../limits.ts';
import { hex, type RecordValues } from '../values/record-values.ts';
import type { Catalog } from './catalog.ts';
import { NAME_HEADER } from './tokens.ts';

/** A name and where it stands in the chunk. */
export interface PlacedName {
  readonly offset: number;
  readonly id: number;
}

export class ChunkNames {
  readonly #catalog: Catalog;
  readonly #values: RecordValues;
  /** Ids by offset. An id is valid if its stamp is that of the current chunk. */
  #stamp = 0;
  readonly #stamps = new Int32Array(CHUNK_BYTES);
  readonly #ids = new Int32Array(CHUNK_BYTES);
  /** True: a name must match the hash stored with it. Names left over in slack may have been partly overwritten. */
  strict = false;
  /** After `read`: where the token continues. */
  next = 0;
  /** Where the name refused last should be. */
  refused = 0;
  /** While a definition is walked: collects the names outside of it that `read` meets. */
  outside: PlacedName[] | null = null;
  /** Whether `read` has met names inside of that definition. */
  inside = false;
  #insideStart = 0;
  #insideEnd = 0;

  constructor(values: RecordValues, catalog: Catalog) {
    this.#catalog = catalog;
    this.#values = values;
  }

  forget(): void {
    this.#stamp++;
  }

  collectOutside(start: number, end: number): void {
    this.outside = [];
    this.inside = false;
    this.#insideStart = start;
    this.#insideEnd = end;
  }

  /** The id of the name at an offset of the chunk; -1 when there is no name. */
  idAt(offset: number): number {
    const { bytes } = this.#values;
    if (offset + NAME_HEADER > bytes.length) return -1;
    if (this.#stamps[offset] === this.#stamp) return this.#ids[offset]!;
    const start = offset + NAME_HEADER;
    const length = 2 * (bytes[offset + 6]! | (bytes[offset + 7]! << 8));
    if (start + length > bytes.length || length > 2 * MAX_NAME) return -1;
    const hash = bytes[offset + 4]! | (bytes[offset + 5]! << 8);
    if (this.strict && hash !== nameHash(bytes, start, length)) return -1;
    const id = this.#catalog.names.idOfBytes(bytes, start, length, hash);
    if (id < 0) return -1;
    this.#stamps[offset] = this.#stamp;
    this.#ids[offset] = id;
    return id;
  }

  /** Reads the name whose offset is stored at `at`; `next` is then after it. Returns -1 and sets a fault when there is none. */
  read(at: number, end: number): number {
    if (at + 4 > end) {
      this.#values.cut(at);
      return -1;
    }
    const offset = this.#values.view.getUint32(at, true);
    const id = this.idAt(offset);
    if (id < 0) {
      this.refused = offset;
      this.#values.fail('evtx/name-offset', at, `expected a name at ${hex(offset)}: it is outside the chunk, too long or wiped`);
      return -1;
    }
    this.next = at + 4;
    const count = this.#values.bytes[offset + 6]! | (this.#values.bytes[offset + 7]! << 8);
    const behind = offset + NAME_HEADER + 2 * count;
    if (this.outside !== null) {
      if (offset < this.#insideStart || behind > this.#insideEnd) this.outside.push({ offset, id });
      else this.inside = true;
    }
    if (offset === this.next) this.next = behind + 2;
    return id;
  }
}

/** True when a name has been overwritten by zero bits or one bits, as far as that can be recognised. */
export function isWiped(bytes: Buffer, offset: number): boolean {
  const first = bytes[offset + 4];
  if (first !== 0 && first !== 0xff) return false;
  for (let at = offset + 4; at < offset + NAME_HEADER; at++) if (bytes[at] !== first) return false;
  return true;
}

/** The name hash of [MS-EVEN6]: its low 16 bits. */
function nameHash(bytes: Buffer, start: number, length: number): number {
  let hash = 0;
  for (let at = start; at < start + length; at += 2) hash = (Math.imul(hash, 65599) + (bytes[at]! | (bytes[at + 1]! << 8))) | 0;
  return hash & 0xffff;
}
