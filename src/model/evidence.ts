/** Where records of a disk image come from, and the account of what was opened and found: what reports of a triage show. */

/**
 * `live`: a file of the volume as it is now. `shadow`: of a shadow copy. `deleted`: its record is still in the MFT. `carved`: found by
 * signature, in no file.
 */
export type LogState = 'live' | 'shadow' | 'deleted' | 'carved';

/** `slack`: left over in the unused part of a log, whatever the state of that. */
export type RecordState = LogState | 'slack';

/** The place of a record, as `--format jsonl` shows it. */
export interface EvidencePlace {
  /** null: a log that was given as a file. */
  readonly image: string | null;
  /** `p2` as in the partition table. */
  readonly volume: string | null;
  /** Counted from 1, oldest first. */
  readonly snapshot: { readonly number: number; readonly created: string } | null;
  readonly state: RecordState;
  readonly mftRecord: number | null;
  /** From the root of the volume, as Windows has it. */
  readonly path: string;
  /** Where the record begins on the disk, in bytes; null where it is packed, in a shadow copy, or in the MFT itself. */
  readonly diskOffset: number | null;
}

export interface VolumeAccount {
  readonly label: string;
  /** `NTFS`, `BitLocker`, `ReFS`, ... or `unknown`. */
  readonly fileSystem: string;
  readonly size: number;
  readonly read: boolean;
  /** When each shadow copy was made, oldest first. */
  readonly snapshots: readonly string[];
}

export interface ImageHashes {
  readonly md5?: string | undefined;
  readonly sha1?: string | undefined;
  readonly sha256?: string | undefined;
}

export interface ImageAccount {
  readonly image: string;
  readonly format: string;
  readonly files: readonly string[];
  /** Bytes of the disk. */
  readonly size: number;
  readonly volumes: readonly VolumeAccount[];
  /** What the image says of itself. */
  readonly storedHashes: ImageHashes;
  /** Of the disk as it was read; null without --hash. */
  readonly hashes: ImageHashes | null;
}

export interface LogAccount {
  /** Its name in the report. */
  readonly file: string;
  readonly state: LogState;
  readonly size: number;
  readonly sha256: string;
  readonly records: number;
  /** Records that no log before it in the list has. */
  readonly newRecords: number;
}

export interface EvidenceAccount {
  readonly images: readonly ImageAccount[];
  /** The order in which they were read: live first, carved last. */
  readonly logs: readonly LogAccount[];
  /** Distinct records, each by the first state that has it. */
  readonly records: Readonly<Record<RecordState, number>>;
}
