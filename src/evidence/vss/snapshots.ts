/**
 * Finds volume shadow copies (Windows Vista and later). In: a volume, and the other volumes of the disk, because one of them
 * may hold its shadow copies. Out: a volume for each snapshot, oldest first. Refuses nothing; a missing store is reported.
 */
import type { Reports } from '../../logs/reports.ts';
import type { ByteSource } from '../../model/reader.ts';
import { readExactly, readOrZero, UnitSource, uint64LE } from '../bytes.ts';
import { isoMs } from '../locator.ts';
import { BLOCK_BYTES, BLOCK_TYPES, chainOf, ENTRIES_AT, isVssBlock } from './blocks.ts';
import { readStore, type Store, type StoredBlock, type StoreEntry } from './store.ts';

/** Volume header: catalog u64 at 48, identifiers of this volume and of that with the storage at 64 and 80. */
const HEADER_AT = 0x1e00;
const HEADER_BYTES = 128;
const VOLUME_HEADER = 1;
const CATALOG_ENTRY = 128;
/** Entry types: the snapshot, and where its store lies. */
const SNAPSHOT = 2;
const STORE = 3;
const SECTOR = 512;
/** Limit on the snapshots. Windows keeps up to 512. */
const MAX_SNAPSHOTS = 1024;
/** 100 ns since 1601 -> ms since 1970. */
const MS_TO_1970 = 11_644_473_600_000;

export interface Snapshot {
  /** Identifier of its store. */
  readonly id: string;
  readonly createdMs: number;
  readonly source: ByteSource;
}

export function snapshotsOf(volume: ByteSource, others: readonly ByteSource[], reports: Reports): Snapshot[] {
  const found = storageOf(volume, others);
  if (found === null) return [];
  if (typeof found === 'string') {
    reports.error('vss/storage-missing', undefined, found);
    return [];
  }
  const { storage, catalogAt } = found;
  const stores = readCatalog(storage, catalogAt, reports).map((entry) => readStore(storage, entry, reports));
  stores.sort((a, b) => a.createdMs - b.createdMs);
  return stores.map(({ id, createdMs }, i) => ({
    id,
    createdMs,
    source: new SnapshotSource(`${volume.name}:vss${i + 1}`, volume, storage, stores.slice(i)),
  }));
}

interface VssHeader {
  readonly catalogAt: number;
  readonly volumeId: string;
  readonly storageId: string;
}

function headerOf(volume: ByteSource): VssHeader | null {
  const header = Buffer.alloc(HEADER_BYTES);
  readOrZero(volume, header, HEADER_AT);
  if (!isVssBlock(header, VOLUME_HEADER)) return null;
  return { catalogAt: uint64LE(header, 48), volumeId: header.toString('hex', 64, 80), storageId: header.toString('hex', 80, 96) };
}

interface Storage {
  readonly storage: ByteSource;
  readonly catalogAt: number;
}

/**
 * Where the shadow copies of a volume are kept. Either the volume's own header names a catalog, on itself or on another volume,
 * or the header of another volume says that it keeps those of this one. null: the volume has none. A text says what is missing.
 */
function storageOf(volume: ByteSource, all: readonly ByteSource[]): Storage | string | null {
  const others = all.filter((other) => other !== volume);
  const own = headerOf(volume);
  const keeper = others.find((other) => keepsFor(other, own, volume, others));
  if (keeper !== undefined) return { storage: keeper, catalogAt: headerOf(keeper)!.catalogAt };
  if (own === null || own.catalogAt === 0) return null;
  const { catalogAt, volumeId, storageId } = own;
  const here = hasCatalog(volume, catalogAt);
  if (here && volumeId !== storageId) {
    // The catalog belongs to another volume. If that is in this image, it has already been asked for its shadow copies.
    const isKnown = others.some((other) => keepsFor(volume, headerOf(other), other, all));
    return isKnown ? null : `${volume.name} keeps shadow copies of a volume that is not in this image (${volumeId}): NOT READ.`;
  }
  if (here) return { storage: volume, catalogAt };
  const named =
    others.find((other) => headerOf(other)?.volumeId === storageId) ?? others.find((other) => hasCatalog(other, catalogAt));
  if (named !== undefined) return { storage: named, catalogAt };
  if (volumeId === storageId) return { storage: volume, catalogAt };
  return `the shadow copies of ${volume.name} are on a volume that is not in this image (${storageId}): NOT READ.`;
}

/**
 * True when the catalog on `keeper` belongs to this volume: by its identifier, or, for a volume without a header, as the only
 * one of that size.
 */
function keepsFor(keeper: ByteSource, own: VssHeader | null, volume: ByteSource, all: readonly ByteSource[]): boolean {
  const header = headerOf(keeper);
  if (header === null || header.volumeId === header.storageId || !hasCatalog(keeper, header.catalogAt)) return false;
  if (own !== null) return own.volumeId === header.volumeId;
  const isOfSize = (one: ByteSource): boolean =>
    sizesIn(keeper, header.catalogAt).some((size) => Math.abs(size - one.size) < BLOCK_BYTES);
  return isOfSize(volume) && !all.some((one) => one !== volume && one !== keeper && isOfSize(one));
}

/** The sizes of the volumes that the catalog's first block names. */
function sizesIn(storage: ByteSource, catalogAt: number): number[] {
  const block = readExactly(storage, catalogAt, BLOCK_BYTES, 'a shadow copy catalog');
  const sizes: number[] = [];
  for (let at = ENTRIES_AT; at + CATALOG_ENTRY <= BLOCK_BYTES; at += CATALOG_ENTRY) {
    if (uint64LE(block, at) === SNAPSHOT) sizes.push(uint64LE(block, at + 8));
  }
  return sizes;
}

function hasCatalog(volume: ByteSource, at: number): boolean {
  if (at + BLOCK_BYTES > volume.size) return false;
  return isVssBlock(readExactly(volume, at, HEADER_BYTES, 'a shadow copy catalog'), BLOCK_TYPES.catalog);
}

function readCatalog(storage: ByteSource, start: number, reports: Reports): StoreEntry[] {
  const snapshots = new Map<string, Pick<StoreEntry, 'size' | 'createdMs'>>();
  const places = new Map<string, Pick<StoreEntry, 'blockListAt' | 'bitmapAt' | 'formerBitmapAt'>>();
  let blocks = 0;
  for (const block of chainOf(storage, start, BLOCK_TYPES.catalog)) {
    blocks++;
    for (let at = ENTRIES_AT; at + CATALOG_ENTRY <= BLOCK_BYTES && snapshots.size < MAX_SNAPSHOTS; at += CATALOG_ENTRY) {
      const type = uint64LE(block, at);
      const id = block.toString('hex', at + 16, at + 32);
      if (type === SNAPSHOT) snapshots.set(id, { size: uint64LE(block, at + 8), createdMs: fileTimeMs(block, at + 48) });
      else if (type === STORE) {
        places.set(id, {
          blockListAt: uint64LE(block, at + 8),
          bitmapAt: uint64LE(block, at + 48),
          formerBitmapAt: uint64LE(block, at + 72),
        });
      }
    }
  }
  if (blocks === 0)
    reports.error('vss/catalog-damaged', start, `the catalog of shadow copies of ${storage.name} is damaged: they are NOT READ.`);
  const found: StoreEntry[] = [];
  for (const [id, snapshot] of snapshots) {
    const place = places.get(id);
    if (place !== undefined) found.push({ id, ...snapshot, ...place });
    else
      reports.error(
        'vss/store-missing',
        start,
        `the catalog does not say where the shadow copy of ${isoMs(snapshot.createdMs)} is: NOT READ.`,
      );
  }
  return found;
}

function fileTimeMs(block: Buffer, at: number): number {
  return Number(block.readBigUInt64LE(at) / 10_000n) - MS_TO_1970;
}

/**
 * The volume at an earlier time. A block is read from the snapshot's own store, from those of later snapshots, or from the
 * volume as it is now.
 */
class SnapshotSource extends UnitSource {
  readonly #volume: ByteSource;
  readonly #storage: ByteSource;
  /** The snapshot's own store, then later ones. */
  readonly #stores: readonly Store[];

  constructor(name: string, volume: ByteSource, storage: ByteSource, stores: readonly Store[]) {
    // The volume may have been made smaller since. A difference of more than half means damage.
    super(name, Math.min(stores[0]!.size, 2 * volume.size), BLOCK_BYTES);
    this.#volume = volume;
    this.#storage = storage;
    this.#stores = stores;
  }

  protected readIn(unit: number, at: number, into: Uint8Array): void {
    const overlay = this.#stores[0]!.blocks.get(unit * BLOCK_BYTES)?.overlay ?? null;
    if (overlay === null) {
      this.#readBase(unit * BLOCK_BYTES, at, into);
      return;
    }
    for (let done = 0; done < into.length; ) {
      const sector = Math.floor((at + done) / SECTOR);
      const part = into.subarray(done, Math.min(into.length, (sector + 1) * SECTOR - at));
      if (((overlay.bits >>> sector) & 1) === 1) readOrZero(this.#storage, part, overlay.at + at + done);
      else this.#readBase(unit * BLOCK_BYTES, at + done, part);
      done += part.length;
    }
  }

  #readBase(original: number, at: number, into: Uint8Array): void {
    let offset = original;
    for (const { blocks } of this.#stores) {
      const block: StoredBlock | undefined = blocks.get(offset);
      if (block === undefined || block.onlyOverlay) continue;
      if (!block.forward) {
        readOrZero(this.#storage, into, block.to + at);
        return;
      }
      offset = block.to;
    }
    const newest = this.#stores.length === 1 ? this.#stores[0]! : null;
    if (newest !== null && !newest.forwardedTo.has(offset) && newest.wasUnused(offset)) into.fill(0);
    else readOrZero(this.#volume, into, offset + at);
  }
}
