/**
 * A store: the blocks of a volume as they were before they were written to for the first time after its snapshot. In: its block
 * lists. Out: where each block of the snapshot lies.
 *
 * An entry of a block list: offset of the block on the volume u64, offset in the store u64, offset on the storage volume u64, flags
 * u32, and which of its 32 sectors of 512 bytes an overlay has, u32.
 */
import type { Reports } from '../../logs/reports.ts';
import type { ByteSource } from '../../model/reader.ts';
import { uint64LE } from '../bytes.ts';
import { BLOCK_BYTES, BLOCK_TYPES, bitmapOf, chainOf, ENTRIES_AT } from './blocks.ts';

const ENTRY_BYTES = 32;
/** The block has been moved. Later stores and the volume have it at another place. */
const FORWARDER = 1;
/** An overlay: some sectors of the block are at another place and replace those of the block. */
const OVERLAY = 2;
const NOT_USED = 4;
/** Limit on the entries: 64 GiB of changes in one store. */
const MAX_ENTRIES = 1 << 22;

/** Sectors of a block that are at another place. */
export interface Overlay {
  readonly at: number;
  /** A bit for each sector. */
  bits: number;
}

export interface StoredBlock {
  /** The place on the storage volume. For a forwarder, the place where later stores and the volume have the block. */
  readonly to: number;
  readonly forward: boolean;
  overlay: Overlay | null;
  /** True when only the block's overlay is known. */
  readonly onlyOverlay: boolean;
}

export interface Store {
  readonly id: string;
  /** When the snapshot was made: milliseconds since 1970. */
  readonly createdMs: number;
  /** Bytes of the volume at that time. */
  readonly size: number;
  /** By offset on the volume. */
  readonly blocks: ReadonlyMap<number, StoredBlock>;
  /** The offsets that forwarders point to. */
  readonly forwardedTo: ReadonlySet<number>;
  /** True for a block that was not in use when the snapshot was made. */
  readonly wasUnused: (offset: number) => boolean;
}

/** A store as the catalog describes it. */
export interface StoreEntry {
  readonly id: string;
  readonly createdMs: number;
  readonly size: number;
  readonly blockListAt: number;
  readonly bitmapAt: number;
  /** The bitmap of the previous store; 0 when there is none. */
  readonly formerBitmapAt: number;
}

export function readStore(storage: ByteSource, entry: StoreEntry, reports: Reports): Store {
  const { id, createdMs, size, blockListAt, bitmapAt, formerBitmapAt } = entry;
  const now = bitmapOf(storage, bitmapAt);
  const before = bitmapOf(storage, formerBitmapAt);
  const wasUnused = (offset: number): boolean => {
    const block = Math.floor(offset / BLOCK_BYTES);
    return now(block) && (formerBitmapAt === 0 || before(block));
  };
  return { id, createdMs, size, ...readBlockLists(storage, blockListAt, reports), wasUnused };
}

function readBlockLists(storage: ByteSource, start: number, reports: Reports): Pick<Store, 'blocks' | 'forwardedTo'> {
  const blocks = new Map<number, StoredBlock>();
  /** The place that a forwarder points to -> the block that it stands for. */
  const forwarders = new Map<number, number>();
  let read = 0;
  for (const list of chainOf(storage, start, BLOCK_TYPES.blockList)) {
    read += BLOCK_BYTES / ENTRY_BYTES;
    if (read > MAX_ENTRIES) {
      reports.report(
        'vss/store-too-large',
        start,
        `a shadow copy has more than ${MAX_ENTRIES} changed blocks: the rest is not read.`,
      );
      break;
    }
    for (let at = ENTRIES_AT; at + ENTRY_BYTES <= BLOCK_BYTES; at += ENTRY_BYTES) addEntry(list, at, blocks, forwarders);
  }
  if (read === 0)
    reports.report('vss/store-damaged', start, 'a shadow copy has no readable list of blocks: it shows the volume as it is now.');
  return { blocks, forwardedTo: new Set(forwarders.keys()) };
}

function addEntry(list: Buffer, at: number, blocks: Map<number, StoredBlock>, forwarders: Map<number, number>): void {
  let original = uint64LE(list, at);
  const relative = uint64LE(list, at + 8);
  const offset = uint64LE(list, at + 16);
  const flags = list.readUInt32LE(at + 24);
  const bits = list.readUInt32LE(at + 28);
  if ((flags & NOT_USED) !== 0 || (original === 0 && relative === 0 && offset === 0 && flags === 0)) return;
  const known = blocks.get(original);
  if ((flags & OVERLAY) !== 0) {
    if (known === undefined)
      blocks.set(original, { to: offset, forward: false, overlay: { at: offset, bits }, onlyOverlay: true });
    else if (known.overlay === null) known.overlay = { at: offset, bits };
    else known.overlay.bits |= bits;
    return;
  }
  const forward = (flags & FORWARDER) !== 0;
  // An entry for the target of a forwarder belongs to the block that the forwarder stands for.
  const standsFor = forwarders.get(original);
  if (standsFor !== undefined) {
    forwarders.delete(original);
    original = standsFor;
    if (forward && original === relative) return;
  }
  const overlay = blocks.get(original)?.overlay ?? null;
  blocks.set(original, { to: forward ? relative : offset, forward, overlay, onlyOverlay: false });
  if (forward) forwarders.set(relative, original);
}
