/** Writes a shadow copy into a volume, as Windows would have kept it: from the difference of two states. */

const BLOCK = 0x4000;
const VSS_ID = Buffer.from('6b87083876c1484eb7ae04046e6cc752', 'hex');
const PER_LIST = (BLOCK - 128) / 32;

export interface ShadowPlace {
  /** The volume that holds the store, and from which byte on it is free. */
  readonly storage: Buffer;
  readonly freeAt: number;
}

function block(type: number, at: number, next: number): Buffer {
  const bytes = Buffer.alloc(BLOCK);
  VSS_ID.copy(bytes);
  bytes.writeUInt32LE(1, 16);
  bytes.writeUInt32LE(type, 20);
  bytes.writeBigUInt64LE(BigInt(at), 32);
  bytes.writeBigUInt64LE(BigInt(next), 40);
  return bytes;
}

export function volumeHeader(volume: Buffer, catalogAt: number, volumeId: number, storageId: number): void {
  const header = block(1, 0x1e00, 0).subarray(0, 128);
  header.writeBigUInt64LE(BigInt(catalogAt), 48);
  header.fill(volumeId, 64, 80);
  header.fill(storageId, 80, 96);
  header.copy(volume, 0x1e00);
}

/**
 * Puts the state `before` of the volume `now` into a store and the catalog. Returns where the next store may begin. The catalog is
 * at `place.freeAt` when it is the first.
 */
export function addShadow(
  now: Buffer,
  before: Buffer,
  place: ShadowPlace,
  number: number,
  createdMs: number,
  catalogAt = place.freeAt,
): number {
  const { storage } = place;
  let at = Math.ceil(place.freeAt / BLOCK) * BLOCK;
  const take = (): number => {
    at += BLOCK;
    return at - BLOCK;
  };
  if (number === 1) block(2, catalogAt, 0).copy(storage, take());
  // What is behind is where stores are, if they are on this volume.
  const end = storage === now ? catalogAt : Math.min(now.length, before.length);
  const changed: number[] = [];
  for (let from = 0; from + BLOCK <= end; from += BLOCK) {
    if (!now.subarray(from, from + BLOCK).equals(before.subarray(from, from + BLOCK))) changed.push(from);
  }
  const lists = Array.from({ length: Math.max(1, Math.ceil(changed.length / PER_LIST)) }, take);
  const bitmap = take();
  block(6, bitmap, 0).copy(storage, bitmap);
  for (const [i, listAt] of lists.entries()) {
    const list = block(3, listAt, lists[i + 1] ?? 0);
    for (const [k, from] of changed.slice(i * PER_LIST, (i + 1) * PER_LIST).entries()) {
      const to = take();
      before.copy(storage, to, from, from + BLOCK);
      list.writeBigUInt64LE(BigInt(from), 128 + 32 * k);
      list.writeBigUInt64LE(BigInt(to), 128 + 32 * k + 16);
    }
    list.copy(storage, listAt);
  }
  const entry = catalogAt + 128 + 256 * (number - 1);
  const fileTime = BigInt(createdMs + 11_644_473_600_000) * 10_000n;
  storage.writeBigUInt64LE(2n, entry);
  storage.writeBigUInt64LE(BigInt(now.length), entry + 8);
  storage.fill(number, entry + 16, entry + 32);
  storage.writeBigUInt64LE(fileTime, entry + 48);
  storage.writeBigUInt64LE(3n, entry + 128);
  storage.writeBigUInt64LE(BigInt(lists[0]!), entry + 136);
  storage.fill(number, entry + 144, entry + 160);
  storage.writeBigUInt64LE(BigInt(bitmap), entry + 176);
  return at;
}
