/** Says where a log is in an image. Plain data: it is sent between threads, and is enough to open the log again. */

import type { NestedLocator } from '../logs/open/nested.ts';
import type { EvidencePlace, LogState } from '../model/evidence.ts';
import type { PlacedRecord } from './carving/loose-records.ts';

export const EVIDENCE_OPENER = 'evidence';

export interface EvidenceLocator extends NestedLocator {
  readonly opener: typeof EVIDENCE_OPENER;
  /** The image as named on the command line; for an image of several files, the first. */
  readonly image: string;
  /** `p2` as in the partition table, and where it starts on the disk, in bytes. null: outside every volume. */
  readonly volume: { readonly label: string; readonly start: number; readonly size: number } | null;
  /**
   * The shadow copy: counted from 1, oldest first, and when it was made, in milliseconds since 1970. null: the volume as it is
   * now.
   */
  readonly snapshot: { readonly id: string; readonly number: number; readonly createdMs: number } | null;
  readonly state: LogState;
  /** Number of the file's record in the MFT; null for carved chunks. */
  readonly mftRecord: number | null;
  /** `\Windows\System32\winevt\Logs\Security.evtx`, from the root of the volume. */
  readonly path: string;
  /** The name of an alternate data stream; '' for the file's own bytes. */
  readonly stream: string;
  /** For carved chunks, where each begins, in bytes from the start of the volume, or of the disk when there is no volume. */
  readonly chunks: readonly number[];
  /** For carved records. */
  readonly records?: CarvedRecordsPlace | undefined;
}

export interface CarvedRecordsPlace {
  /** Chunks that have their templates: the log, and the offset in it. */
  readonly templates: readonly (readonly [log: EvidenceLocator, offset: number])[];
  /** The records, put together to chunks. */
  readonly chunks: readonly (readonly PlacedRecord[])[];
}

/** A log of what was carved on a volume, or outside of volumes. */
export function carvedLocator(
  image: string,
  volume: EvidenceLocator['volume'],
  path: string,
  content: Pick<EvidenceLocator, 'chunks' | 'records'>,
): EvidenceLocator {
  return {
    opener: EVIDENCE_OPENER,
    image,
    // Only these: it is sent between threads.
    volume: volume === null ? null : { label: volume.label, start: volume.start, size: volume.size },
    snapshot: null,
    state: 'carved',
    mftRecord: null,
    path,
    stream: '',
    ...content,
  };
}

/** `disk.E01:p2:vss1\Windows\System32\winevt\Logs\Security.evtx (deleted)`: the log's name in reports. */
export function locatorName({ image, volume, snapshot, state, path, stream }: EvidenceLocator): string {
  const where = [image, volume?.label, snapshot === null ? undefined : `vss${snapshot.number}`].filter(
    (part) => part !== undefined,
  );
  return `${where.join(':')}${path}${stream === '' ? '' : `:${stream}`}${state === 'deleted' ? ' (deleted)' : ''}`;
}

/** The same as data, for reports. */
export function placeOf({
  image,
  volume,
  snapshot,
  state,
  mftRecord,
  path,
  stream,
}: EvidenceLocator): Omit<EvidencePlace, 'diskOffset'> {
  return {
    image,
    volume: volume?.label ?? null,
    snapshot: snapshot === null ? null : { number: snapshot.number, created: isoMs(snapshot.createdMs) },
    state,
    mftRecord,
    path: stream === '' ? path : `${path}:${stream}`,
  };
}

/** A time in milliseconds since 1970 as ISO text. In damaged data it may be outside the calendar. */
export function isoMs(ms: number): string {
  return Math.abs(ms) <= 8.64e15 ? new Date(ms).toISOString() : 'unknown';
}
