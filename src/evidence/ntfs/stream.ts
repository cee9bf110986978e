// HOT: every byte of a log in an image is read here.
/**
 * The bytes of a file's stream. In: the parts of its attribute from all of its records. Out: a `ByteSource`. Damaged parts and
 * parts beyond the volume read as zeros and are reported.
 */
import type { Reports } from '../../logs/reports.ts';
import type { ByteSource } from '../../model/reader.ts';
import { readOrZero, UnitSource } from '../bytes.ts';
import type { Attribute } from './file-record.ts';
import { decompressUnit } from './lznt1.ts';
import { clustersOf, HOLE, type Run } from './runs.ts';

export interface StreamVolume {
  readonly source: ByteSource;
  readonly clusterBytes: number;
  readonly reports: Reports;
}

/** Limit on zeros for holes. Logs hardly have holes, and a damaged size could otherwise take days to read. */
const MAX_HOLE_BYTES = 128 << 20;
/** Limit on a compression unit. Windows uses 64 KiB (16 clusters of 4 KiB), so a larger one means damage. */
const MAX_UNIT_BYTES = 1 << 20;
/** How many clusters are read at once where nothing is packed. */
const PLAIN_UNIT_CLUSTERS = 4096;

export class NtfsStream extends UnitSource {
  readonly runs: readonly Run[];
  readonly encrypted: boolean;
  readonly #volume: StreamVolume;
  readonly #resident: Buffer | null;
  readonly #initialized: number;
  /** The unit that was unpacked last; null where nothing is packed. */
  readonly #unpacked: Buffer | null;
  #unpackedUnit = -1;
  /** Faults that have not been reported yet; null when later ones are to be reported at once. */
  #faults: string[] | null = [];
  #lastRun = 0;

  constructor(name: string, volume: StreamVolume, parts: readonly Attribute[]) {
    const first = parts.find(({ firstVcn }) => firstVcn === 0);
    const unitBytes =
      first?.compressed === true && first.resident === null ? volume.clusterBytes * 2 ** Math.min(first.unitShift, 31) : 0;
    const packed = unitBytes > volume.clusterBytes && unitBytes <= MAX_UNIT_BYTES;
    const size = first?.size ?? 0;
    const runs = parts.length === 1 ? parts[0]!.runs : parts.flatMap((part) => part.runs).sort((a, b) => a.vcn - b.vcn);
    const resident = first === undefined || first.resident !== null;
    const { clusterBytes } = volume;
    const most = resident ? size : clustersOf(runs, Math.ceil(MAX_HOLE_BYTES / clusterBytes)) * clusterBytes;
    super(name, Math.min(size, most), packed ? unitBytes : PLAIN_UNIT_CLUSTERS * volume.clusterBytes);
    this.#volume = volume;
    this.#initialized = first?.initialized ?? 0;
    this.#resident = first?.resident ?? null;
    this.encrypted = first?.encrypted === true;
    this.runs = runs;
    this.#unpacked = packed ? Buffer.alloc(unitBytes) : null;
    if (size > most) this.#damaged(`it claims ${size} bytes, of which only ${most} can be there`);
    if (unitBytes > MAX_UNIT_BYTES) this.#damaged(`its compression units would have ${unitBytes} bytes`);
    if (parts.some(({ runsDamaged }) => runsDamaged)) this.#damaged('its list of clusters is damaged');
    else if (first !== undefined && first.resident === null) this.#checkRuns();
  }

  /** Parts in lost records leave gaps. Runs beyond the volume mean damage. */
  #checkRuns(): void {
    let end = 0;
    const { source, clusterBytes } = this.#volume;
    const clusters = Math.ceil(source.size / clusterBytes);
    for (const { vcn, lcn, length } of this.runs) {
      if (vcn !== end) this.#damaged(`clusters ${end} to ${vcn} are described nowhere`);
      if (lcn + length > clusters) this.#damaged(`clusters ${lcn} to ${lcn + length} lie beyond the end of the volume`);
      end = vcn + length;
    }
    if (end * clusterBytes < this.size)
      this.#damaged(`what is behind byte ${end * clusterBytes} of ${this.size} is described nowhere`);
  }

  #damaged(what: string): void {
    if (this.#faults === null) this.#report(what);
    else this.#faults.push(what);
  }

  #report(what: string): void {
    this.#volume.reports.report('ntfs/stream-damaged', 0, `${this.name}: ${what}; it is read as zeros.`);
  }

  /** Reports the faults. To be called when the stream is used; faults of other files do not matter. */
  tellFaults(): this {
    for (const what of this.#faults ?? []) this.#report(what);
    this.#faults = null;
    return this;
  }

  override read(into: Uint8Array, offset: number): number {
    if (this.#resident !== null) {
      const part = this.#resident.subarray(offset, offset + into.length);
      into.set(part);
      return part.length;
    }
    const got = super.read(into, offset);
    // What was never written reads as zeros, whatever the clusters contain.
    if (offset + got > this.#initialized) into.fill(0, Math.max(0, this.#initialized - offset), got);
    return got;
  }

  /** Where a byte lies on the volume; null when it has no place of its own there. */
  volumeOffset(at: number): number | null {
    if (this.#resident !== null || this.#unpacked !== null) return null;
    const { clusterBytes } = this.#volume;
    const run = this.runs[this.#runAt(Math.floor(at / clusterBytes))];
    if (run === undefined || run.lcn < 0 || at < run.vcn * clusterBytes) return null;
    return run.lcn * clusterBytes + at - run.vcn * clusterBytes;
  }

  protected readIn(unit: number, at: number, into: Uint8Array): void {
    if (this.#unpacked === null) {
      this.#readClusters(unit * this.unitBytes + at, into);
      return;
    }
    if (this.#unpackedUnit !== unit) {
      this.#unpackedUnit = -1;
      this.#unpack(unit, this.#unpacked);
      this.#unpackedUnit = unit;
    }
    into.set(this.#unpacked.subarray(at, at + into.length));
  }

  /** A unit with holes at its end is packed, a unit of holes alone is zeros, and a full unit is stored as it is. */
  #unpack(unit: number, plain: Buffer): void {
    const { clusterBytes } = this.#volume;
    const clusters = this.unitBytes / clusterBytes;
    const first = unit * clusters;
    let allocated = 0;
    for (let i = this.#runAt(first); i < this.runs.length && this.runs[i]!.vcn < first + clusters; i++) {
      const { vcn, lcn, length } = this.runs[i]!;
      if (lcn !== HOLE) allocated += Math.max(0, Math.min(vcn + length, first + clusters) - Math.max(vcn, first));
    }
    if (allocated === 0) plain.fill(0);
    else if (allocated >= clusters) this.#readClusters(unit * this.unitBytes, plain);
    else {
      const packed = Buffer.alloc(allocated * clusterBytes);
      this.#readClusters(unit * this.unitBytes, packed);
      if (!decompressUnit(packed, plain)) this.#damaged(`compression unit ${unit} cannot be unpacked`);
    }
  }

  /** The index of the run that contains a cluster, or of the next one. */
  #runAt(vcn: number): number {
    const { runs } = this;
    const last = runs[this.#lastRun];
    if (last !== undefined && last.vcn <= vcn && vcn < last.vcn + last.length) return this.#lastRun;
    let low = 0;
    let high = runs.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      const run = runs[middle]!;
      if (run.vcn + run.length <= vcn) low = middle + 1;
      else high = middle;
    }
    this.#lastRun = low;
    return low;
  }

  #readClusters(offset: number, into: Uint8Array): void {
    const { source, clusterBytes } = this.#volume;
    let filled = 0;
    for (let i = this.#runAt(Math.floor(offset / clusterBytes)); i < this.runs.length && filled < into.length; i++) {
      const { vcn, lcn, length } = this.runs[i]!;
      const gap = Math.min(into.length, vcn * clusterBytes - offset);
      if (gap > filled) {
        into.fill(0, filled, gap);
        filled = gap;
      }
      const within = offset + filled - vcn * clusterBytes;
      const end = Math.min(into.length, filled + length * clusterBytes - within);
      // When two runs describe the same clusters, the first counts.
      if (end <= filled) continue;
      const part = into.subarray(filled, end);
      if (lcn < 0) part.fill(0);
      else readOrZero(source, part, lcn * clusterBytes + within);
      filled = end;
    }
    into.fill(0, filled);
  }
}
