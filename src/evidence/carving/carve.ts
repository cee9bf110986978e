// HOT: looks at every byte of an image.
/**
 * Finds chunks and single records of event logs that belong to no file. In: an image. Out: for each volume, and for the space
 * outside volumes, one log made of the chunks found in unused clusters, and the records found there outside of chunks. A chunk
 * begins with its signature at a multiple of 512 bytes. Its checksums tell whether all its 64 KiB are intact. Intact chunks come
 * first.
 */
import { setImmediate as nextTurn } from 'node:timers/promises';
import {
  CHUNK_BYTES,
  headerChecksumHolds,
  isChunk,
  RECORD_MARK,
  readChunkHeader,
  recordsChecksumHolds,
} from '../../logs/evtx/chunk.ts';
import { InputError } from '../../model/errors.ts';
import type { ByteSource } from '../../model/reader.ts';
import { dataFrom } from '../bytes.ts';
import type { Evidence } from '../evidence.ts';
import { carvedLocator, type EvidenceLocator } from '../locator.ts';
import type { Volume } from '../volumes.ts';
import { type LooseRecord, looseRecordAt } from './loose-records.ts';

/** Chunks may begin at any sector. */
const STEP = 512;
const SIGNATURE = Buffer.from('ElfChnk\0', 'latin1');
const BLOCK_BYTES = 4 << 20;
/** Limit on the chunks: 64 GiB. */
const MAX_CHUNKS = 1 << 20;
/** Limit on the single records of one area. */
const MAX_RECORDS = 1 << 20;

interface Area {
  readonly volume: Volume | null;
  readonly source: ByteSource;
  readonly start: number;
  readonly end: number;
  /** True for a place that belongs to a live file. */
  readonly inUse: (offset: number) => boolean;
}

export interface Carved {
  readonly logs: readonly EvidenceLocator[];
  /** In the order of the disk. */
  readonly records: readonly { readonly volume: Volume | null; readonly records: readonly LooseRecord[] }[];
}

interface CarvedArea {
  readonly chunks: readonly number[];
  readonly records: readonly LooseRecord[];
}

/** One log for each volume, and one for the space outside volumes. */
export async function carveLogs(evidence: Evidence, signal?: AbortSignal): Promise<Carved> {
  const found: EvidenceLocator[] = [];
  const outside: { readonly chunks: number[]; readonly records: LooseRecord[] } = { chunks: [], records: [] };
  const records: { volume: Volume | null; records: readonly LooseRecord[] }[] = [];
  for (const area of areasOf(evidence)) {
    const carved = await carveArea(area, signal);
    const { volume } = area;
    if (carved.records.length >= MAX_RECORDS) {
      const message = `more than ${MAX_RECORDS} single records were carved: the rest is not read.`;
      evidence.reports.report('evidence/too-many-records', 0, message);
    }
    if (volume === null) {
      for (const chunk of carved.chunks) outside.chunks.push(chunk);
      for (const record of carved.records) outside.records.push(record);
      continue;
    }
    if (carved.chunks.length > 0) found.push(carvedLog(evidence, volume, carved.chunks));
    records.push({ volume, records: carved.records });
  }
  if (outside.chunks.length > 0) found.push(carvedLog(evidence, null, outside.chunks));
  records.push({ volume: null, records: outside.records });
  if (found.some(({ chunks }) => chunks.length >= MAX_CHUNKS)) {
    evidence.reports.report('evidence/too-many-chunks', 0, `more than ${MAX_CHUNKS} chunks were carved: the rest is not read.`);
  }
  return { logs: found, records };
}

function carvedLog(evidence: Evidence, volume: Volume | null, chunks: readonly number[]): EvidenceLocator {
  return carvedLocator(evidence.path, volume, '\\$Carved.evtx', { chunks: chunks.slice(0, MAX_CHUNKS) });
}

function* areasOf(evidence: Evidence): Generator<Area> {
  const { disk } = evidence.image;
  let end = 0;
  // A damaged partition table has volumes beyond the disk.
  const volumes = evidence.volumes.filter(({ start }) => start < disk.size);
  for (const volume of volumes.sort((a, b) => a.start - b.start)) {
    if (volume.start > end) yield { volume: null, source: disk, start: end, end: volume.start, inUse: () => false };
    yield { volume, source: volume.source, start: 0, end: volume.source.size, inUse: usedClusters(evidence, volume) };
    end = Math.max(end, volume.start + volume.source.size);
  }
  if (end < disk.size) yield { volume: null, source: disk, start: end, end: disk.size, inUse: () => false };
}

function usedClusters(evidence: Evidence, { fileSystem, source }: Volume): (offset: number) => boolean {
  if (fileSystem !== 'NTFS') return () => false;
  try {
    const ntfs = evidence.fileSystem(source);
    const allocation = evidence.allocation(ntfs);
    return (offset) => allocation.inUse(Math.floor(offset / ntfs.geometry.clusterBytes));
  } catch (error) {
    // The MFT is lost, which has been reported. All clusters then count as unused.
    if (!(error instanceof InputError)) throw error;
    return () => false;
  }
}

/** Offsets of intact chunks, then of damaged or incomplete ones. Records in either are left to the reader of the chunk. */
async function carveArea(area: Area, signal: AbortSignal | undefined): Promise<CarvedArea> {
  const { source, start, end, inUse } = area;
  const whole: number[] = [];
  const damaged: number[] = [];
  const records: LooseRecord[] = [];
  // Where the chunk or record found last ends.
  let taken = start;
  const block = Buffer.allocUnsafeSlow(Math.min(BLOCK_BYTES + CHUNK_BYTES, end - start));
  const next = (at: number): number => Math.floor(dataFrom(source, at) / STEP) * STEP;
  const enough = (): boolean => whole.length + damaged.length >= MAX_CHUNKS || signal?.aborted === true;
  for (let at = next(start); at < end && !enough(); at = next(at + BLOCK_BYTES)) {
    const got = source.read(block.subarray(0, Math.min(block.length, end - at)), at);
    const bytes = block.subarray(0, got);
    for (let i = bytes.indexOf(SIGNATURE); i >= 0 && i < BLOCK_BYTES; i = bytes.indexOf(SIGNATURE, i + 1)) {
      if ((at + i) % STEP !== 0 || i + CHUNK_BYTES > got || inUse(at + i)) continue;
      looseRecords(bytes.subarray(0, i), at, taken, area, records);
      (isWhole(bytes.subarray(i, i + CHUNK_BYTES)) ? whole : damaged).push(at + i);
      taken = at + i + CHUNK_BYTES;
    }
    taken = looseRecords(bytes, at, taken, area, records);
    await nextTurn();
  }
  return { chunks: [...whole, ...damaged], records };
}

/** Adds the records that begin at `taken` or later. `bytes` begins at `start`. Returns where the last one ends. */
function looseRecords(bytes: Buffer, start: number, taken: number, { inUse }: Area, records: LooseRecord[]): number {
  let end = taken;
  for (let i = bytes.indexOf(RECORD_MARK, Math.max(0, taken - start)); i >= 0 && i < BLOCK_BYTES; ) {
    const record = records.length < MAX_RECORDS ? looseRecordAt(bytes, i, start) : null;
    const isFree = record !== null && !someSector(record, inUse);
    if (isFree) {
      records.push(record);
      end = record.at + record.size;
    }
    i = bytes.indexOf(RECORD_MARK, isFree ? end - start : i + 1);
  }
  return end;
}

function someSector({ at, size }: LooseRecord, test: (offset: number) => boolean): boolean {
  for (let sector = at; sector < at + size; sector += STEP) if (test(sector)) return true;
  return test(at + size - 1);
}

function isWhole(chunk: Buffer): boolean {
  const { freeSpace } = readChunkHeader(chunk);
  return isChunk(chunk) && headerChecksumHolds(chunk) && freeSpace <= CHUNK_BYTES && recordsChecksumHolds(chunk, freeSpace);
}
