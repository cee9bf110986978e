/** Where records of a disk image come from, and what was opened and found. Reports of a triage show this. */

/**
 * `live`: in a file of the volume as it is now. `shadow`: in a shadow copy. `deleted`: in a deleted file that the MFT still
 * lists. `carved`: found by signature, outside any file.
 */
export type LogState = 'live' | 'shadow' | 'deleted' | 'carved';

/** `slack`: left over in the unused part of a log, which may itself have any state. */
export type RecordState = LogState | 'slack';

/** The place of a record, as `--format jsonl` shows it. */
export interface EvidencePlace {
  /** null for a log that was given as a file. */
  readonly image: string | null;
  /** `p2` as in the partition table. */
  readonly volume: string | null;
  /** Counted from 1, oldest first. */
  readonly snapshot: { readonly number: number; readonly created: string } | null;
  readonly state: RecordState;
  readonly mftRecord: number | null;
  /** The path from the root of the volume, as Windows writes it. */
  readonly path: string;
  /** Where the record begins on the disk, in bytes. null where it is compressed, in a shadow copy, or inside the MFT. */
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
  /** The hashes that the image states. */
  readonly storedHashes: ImageHashes;
  /** The hashes of the disk as it was read; null without --hash. */
  readonly hashes: ImageHashes | null;
}

export interface LogAccount {
  /** The log's name in the report. */
  readonly file: string;
  readonly state: LogState;
  readonly size: number;
  readonly sha256: string;
  readonly records: number;
  /** How many records no earlier log in the list has. */
  readonly newRecords: number;
}

export interface EvidenceAccount {
  readonly images: readonly ImageAccount[];
  /** The order in which they were read: live first, carved last. */
  readonly logs: readonly LogAccount[];
  /** How many different records there are, each counted under the first state that has it. */
  readonly records: Readonly<Record<RecordState, number>>;
}
