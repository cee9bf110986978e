/**
 * An opened image: its disk, volumes, shadow copies and file systems, each opened when first asked for. In: a path. Out: the
 * log that a locator names. Never writes. Throws InputError when something cannot be opened.
 */
import type { Reports } from '../logs/reports.ts';
import { InputError } from '../model/errors.ts';
import type { ByteSource } from '../model/reader.ts';
import { Region } from './bytes.ts';
import { CarvedLog } from './carving/carved-log.ts';
import { CarvedRecords } from './carving/carved-records.ts';
import { type EvidenceLocator, locatorName } from './locator.ts';
import { Allocation } from './ntfs/allocation.ts';
import { Ntfs } from './ntfs/ntfs.ts';
import type { NtfsStream } from './ntfs/stream.ts';
import { type OpenedImage, openImage } from './open-image.ts';
import { type Volume, volumesOf } from './volumes.ts';
import { type Snapshot, snapshotsOf } from './vss/snapshots.ts';

/** A log with the places of its bytes on the disk, where it has such. */
export type FoundSource = NtfsStream | CarvedLog | CarvedRecords;

export class Evidence {
  readonly path: string;
  readonly image: OpenedImage;
  readonly volumes: readonly Volume[];
  readonly reports: Reports;
  readonly #snapshots = new Map<Volume, readonly Snapshot[]>();
  readonly #fileSystems = new Map<ByteSource, Ntfs>();
  readonly #allocations = new Map<Ntfs, Allocation>();

  constructor(path: string, reports: Reports) {
    this.path = path;
    this.reports = reports;
    this.image = openImage(path, reports);
    this.volumes = volumesOf(this.image.disk, reports);
  }

  /** Oldest first. */
  snapshots(volume: Volume): readonly Snapshot[] {
    const known = this.#snapshots.get(volume);
    if (known !== undefined) return known;
    const others = this.volumes.map(({ source }) => source);
    const found = this.#readable(() => snapshotsOf(volume.source, others, this.reports), volume);
    this.#snapshots.set(volume, found);
    return found;
  }

  #readable(read: () => readonly Snapshot[], { label }: Volume): readonly Snapshot[] {
    try {
      return read();
    } catch (error) {
      if (!(error instanceof InputError)) throw error;
      this.reports.error('vss/unreadable', undefined, `the shadow copies of volume ${label} are NOT READ: ${error.message}.`);
      return [];
    }
  }

  /** The file system of a volume or of one of its snapshots. */
  fileSystem(source: ByteSource): Ntfs {
    const known = this.#fileSystems.get(source);
    if (known !== undefined) return known;
    const ntfs = new Ntfs(source, this.reports);
    this.#fileSystems.set(source, ntfs);
    return ntfs;
  }

  allocation(ntfs: Ntfs): Allocation {
    const known = this.#allocations.get(ntfs);
    if (known !== undefined) return known;
    const allocation = new Allocation(ntfs);
    this.#allocations.set(ntfs, allocation);
    return allocation;
  }

  /** Opens a log again. */
  open(locator: EvidenceLocator): ByteSource {
    return new Region(locatorName(locator), this.openLog(locator));
  }

  openLog({ volume, snapshot, state, mftRecord, path, stream, chunks, records }: EvidenceLocator): FoundSource {
    const found = this.volumes.find(({ start }) => start === volume?.start);
    if (records !== undefined) {
      const templates = records.templates.map(([log, offset]) => ({ log: this.openLog(log), offset }));
      return new CarvedRecords(path, found?.source ?? this.image.disk, templates, records.chunks);
    }
    if (state === 'carved') return new CarvedLog(path, found?.source ?? this.image.disk, chunks);
    if (found === undefined || mftRecord === null)
      throw new InputError(`${this.path} has no volume ${volume?.label ?? ''} any more`);
    const source = snapshot === null ? found.source : this.snapshots(found).find(({ id }) => id === snapshot.id)?.source;
    if (source === undefined) throw new InputError(`${this.path} has no shadow copy ${snapshot?.id ?? ''} any more`);
    const ntfs = this.fileSystem(source);
    const free = state === 'deleted' ? this.allocation(ntfs) : null;
    const log = ntfs.streams(mftRecord, path, free).get(stream);
    if (log === undefined) throw new InputError(`${this.path}: ${path} is not there any more`);
    return log;
  }

  close(): void {
    this.image.disk.close();
  }
}
