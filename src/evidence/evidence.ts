/**
 * An opened image: its disk, volumes, shadow copies and file systems, each opened when first asked for. In: a path. Out: the
 * log that a locator names. Never writes. Throws InputError when something cannot be opened.
 */
import type { Reports } from '../logs/reports.ts';
import { InputError } from '../model/errors.ts';
import type { ByteSource } from '../model/reader.ts';
import { remembered } from '../model/values/maps.ts';
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
  /** Oldest first. */
  readonly snapshots = remembered((volume: Volume) => this.#snapshotsOf(volume));
  /** The file system of a volume or of one of its snapshots. */
  readonly fileSystem = remembered((source: ByteSource) => new Ntfs(source, this.reports));
  readonly allocation = remembered((ntfs: Ntfs) => new Allocation(ntfs));

  constructor(path: string, reports: Reports) {
    this.path = path;
    this.reports = reports;
    this.image = openImage(path, reports);
    this.volumes = volumesOf(this.image.disk, reports);
  }

  #snapshotsOf({ source, label }: Volume): readonly Snapshot[] {
    const others = this.volumes.map((volume) => volume.source);
    try {
      return snapshotsOf(source, others, this.reports);
    } catch (error) {
      if (!(error instanceof InputError)) throw error;
      this.reports.error('vss/unreadable', undefined, `the shadow copies of volume ${label} are NOT READ: ${error.message}.`);
      return [];
    }
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
