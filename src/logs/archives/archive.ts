/**
 * What a scan sees of an archive: its members one after the other, each a stream of bytes. Every kind of archive is one file in
 * this folder that exports an `archive`. Nothing is ever written to disk under a member's name; names are only shown.
 */
import { InputError } from '../../model/errors.ts';
import type { ByteSource } from '../../model/reader.ts';
import { expandsTooFar } from '../open/expansion.ts';

/** The most members of one archive. */
export const MAX_MEMBERS = 1_000_000;
/** The most bytes of a name. Windows itself allows no longer paths. */
export const MAX_NAME_BYTES = 64 << 10;

export interface Member {
  /** The path as written in the archive. */
  readonly path: string;
  /** Bytes, as the archive states; null when it does not say. */
  readonly size: number | null;
  readonly encrypted: boolean;
  /** True for a link, a pipe or a device: it has no bytes of its own. */
  readonly special?: boolean;
  /** True when the member is packed with a method that archivers choose of their own accord for programs only. */
  readonly program?: boolean;
  /**
   * Read the bytes before asking for the next member, or not at all. When the member is damaged, throws `InputError` after
   * returning what comes before the damage.
   */
  bytes(): AsyncIterable<Uint8Array>;
}

export interface MemberOptions {
  readonly password: string | null;
}

export interface ArchiveKind {
  /** `head`: the first bytes of the file. */
  sniff(head: Buffer): boolean;
  /** The members, one after the other. Throws `InputError` when the archive, or the rest of it, cannot be read. */
  members(source: ByteSource, options: MemberOptions): AsyncGenerator<Member>;
}

/** Throws when `taken` compressed bytes expand to too many `given` bytes: such a file was made to fill memory, disk or time. */
export function refuseExpansion(taken: number, given: number, what: string): void {
  if (expandsTooFar(taken, given))
    throw new InputError(`${taken} compressed bytes become more than ${given}: ${what} expands too far to hold logs.`);
}
