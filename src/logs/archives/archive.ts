/**
 * What an archive is to a scan: members, one after the other, each a stream of bytes. One file per kind in this folder, each an
 * `archive`. Members are never written under their names: those are only shown.
 */
import { InputError } from '../../model/errors.ts';
import type { ByteSource } from '../../model/reader.ts';

/** Members of one archive. */
export const MAX_MEMBERS = 1_000_000;
/** Bytes of a name; Windows itself has no longer paths. */
export const MAX_NAME_BYTES = 64 << 10;

export interface Member {
  /** As the archive has it. */
  readonly path: string;
  /** Bytes as the archive says; null: it does not. */
  readonly size: number | null;
  readonly encrypted: boolean;
  /** To be read, or left, before the next member is asked for. Throws `InputError` where it is damaged, after what stands before. */
  bytes(): AsyncIterable<Uint8Array>;
}

export interface MemberOptions {
  readonly password: string | null;
}

export interface ArchiveKind {
  /** `head`: the first bytes of the file. */
  sniff(head: Buffer): boolean;
  /** Regular files only. Throws `InputError` where the archive cannot be read, or cannot be read further. */
  members(source: ByteSource, options: MemberOptions): AsyncGenerator<Member>;
}

/** Event logs shrink to a tenth, rarely to a hundredth. */
const MAX_EXPANSION = 400;
/** Below this any ratio is fine. */
const FREE_BYTES = 1 << 30;

/** Throws where `given` bytes have come of `taken`, or would: made to fill memory, disk or time. */
export function refuseExpansion(taken: number, given: number, what: string): void {
  if (given <= FREE_BYTES || given <= taken * MAX_EXPANSION) return;
  throw new InputError(`${taken} compressed bytes become more than ${given}: ${what} expands too far to hold logs.`);
}
