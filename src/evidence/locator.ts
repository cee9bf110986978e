/** Where a log is in an image. Plain data: crosses threads, and is all that is needed to open the log again. */

import type { NestedLocator } from '../logs/open/nested.ts';
import type { EvidencePlace, LogState } from '../model/evidence.ts';

export const EVIDENCE_OPENER = 'evidence';

export interface EvidenceLocator extends NestedLocator {
  readonly opener: typeof EVIDENCE_OPENER;
  /** The image as named on the command line (of several files: the first). */
  readonly image: string;
  /** `p2` as in the partition table; where on the disk, in bytes. null: outside of every volume. */
  readonly volume: { readonly label: string; readonly start: number; readonly size: number } | null;
  /** Counted from 1, oldest first; when it was made, in milliseconds since 1970. null: the volume as it is now. */
  readonly snapshot: { readonly id: string; readonly number: number; readonly createdMs: number } | null;
  readonly state: LogState;
  /** Number of its record in the MFT; null for what was carved. */
  readonly mftRecord: number | null;
  /** `\Windows\System32\winevt\Logs\Security.evtx`, from the root of the volume. */
  readonly path: string;
  /** Of an alternate data stream its name, else ''. */
  readonly stream: string;
  /** Of carved chunks: where each begins, in bytes from the start of the volume, or of the disk where that is null. */
  readonly chunks: readonly number[];
}

/** `disk.E01:p2:vss1\Windows\System32\winevt\Logs\Security.evtx (deleted)`: the log's name in reports. */
export function locatorName({ image, volume, snapshot, state, path, stream }: EvidenceLocator): string {
  const where = [image, volume?.label, snapshot === null ? undefined : `vss${snapshot.number}`].filter(
    (part) => part !== undefined,
  );
  return `${where.join(':')}${path}${stream === '' ? '' : `:${stream}`}${state === 'deleted' ? ' (deleted)' : ''}`;
}

/** The same for reports. */
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

/** Milliseconds since 1970; damage may name a time that no calendar has. */
export function isoMs(ms: number): string {
  return Math.abs(ms) <= 8.64e15 ? new Date(ms).toISOString() : 'unknown';
}
