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
  /** The image, or the archive of a collection; null for a log that was given as a file. */
  readonly image: string | null;
  /** `p2` as in the partition table. */
  readonly volume: string | null;
  /** Counted from 1, oldest first. */
  readonly snapshot: { readonly number: number; readonly created: string | null } | null;
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

/** A computer by the name in its records, with what they say of it. */
export interface MachineAccount {
  readonly computer: string;
  readonly records: number;
  /** `10.0.19045`: version and build of Windows, from the newest record that says it. */
  readonly windows: string | null;
  /** As Windows calls it, and minutes to add to UTC. From the newest record that says it. */
  readonly timeZone: { readonly name: string; readonly offsetMinutes: number } | null;
  /** Names that records say it had or got. */
  readonly renamed: readonly { readonly time: string | null; readonly from: string; readonly to: string }[];
  /** Times when its clock was set by a minute or more. */
  readonly clockSet: readonly {
    readonly time: string | null;
    readonly from: string;
    readonly to: string;
    readonly user: string | null;
  }[];
}

/** Records that no live log has any more. */
export type LostState = Exclude<RecordState, 'live'>;

/** A log that was cleared, and what there still is of what was in it. */
export interface ClearedAccount {
  readonly computer: string;
  readonly log: string;
  readonly time: string | null;
  readonly user: string | null;
  /** Records written before this clear and after the one before it, by where they are. */
  readonly survived: Readonly<Record<LostState, number>>;
  readonly from: string | null;
  readonly to: string | null;
}

/** A channel that goes further back in shadow copies, deleted logs or carved chunks than in live logs. */
export interface OlderAccount {
  readonly channel: string;
  /** null when no live log has records of the channel. */
  readonly liveFrom: string | null;
  readonly from: string;
  readonly state: RecordState;
  readonly snapshot: number | null;
}

/** What rules found in records that no live log has. */
export interface LostAccount {
  readonly state: LostState;
  readonly events: number;
  /** Titles, the most severe first. */
  readonly rules: readonly string[];
}

export interface EvidenceAccount {
  readonly images: readonly ImageAccount[];
  /** The order in which they were read: live first, carved last. */
  readonly logs: readonly LogAccount[];
  /** How many different records there are, each counted under the first state that has it. */
  readonly records: Readonly<Record<RecordState, number>>;
  /** States in which a rule matched, other than live. */
  readonly matched: readonly LostAccount[];
  /** The one with the most records first. */
  readonly machines: readonly MachineAccount[];
  readonly cleared: readonly ClearedAccount[];
  readonly older: readonly OlderAccount[];
}
