/** A file, pipe or folder of logs that was named or found, and what the system says of it. */
import { realpathSync } from 'node:fs';
import type { Diagnostic } from '../../model/diagnostic.ts';
import type { ByteRange } from '../../model/reader.ts';
import type { FoundFile } from './byte-source.ts';
import type { NestedLocator } from './nested.ts';
import type { Sniffed } from './sniff.ts';

/** A log inside of an archive. Plain data: crosses threads, and is all that is needed to open the log again. */
export interface MemberLocator {
  readonly kind: 'member';
  /** The archive as named. */
  readonly archive: string;
  /** Which file that is. */
  readonly found: FoundFile;
  /** Number of the member, counted from 0; of an archive in an archive, from the outside in. */
  readonly members: readonly number[];
  readonly password: string | null;
}

export interface Source {
  /** As given, or the folder as given and the way from there. `-` is standard input. `a.zip!b/c.evtx`: inside of an archive. */
  readonly path: string;
  /** `nested`: inside of something else; `member` or `locator` says where. */
  readonly kind: 'file' | 'stream' | 'stdin' | 'nested';
  /** Bytes; null when it is not known before reading. */
  readonly size: number | null;
  /** What a binary log was seen to be when its folder was searched, so that it is not looked at twice. */
  readonly sniffed?: Omit<Sniffed, 'head'> | undefined;
  /** Which file that was. */
  readonly found?: FoundFile | undefined;
  /** Of a log inside of an archive: where it is. */
  readonly member?: MemberLocator | undefined;
  /** Of a log inside of a disk image: where it is. */
  readonly locator?: NestedLocator | undefined;
  /** Only these parts are read: what is in the others is known from elsewhere. */
  readonly ranges?: readonly ByteRange[] | undefined;
}

export interface ListOptions {
  /** Also links that lead out of the folder they are in. Default false. */
  readonly followLinks?: boolean | undefined;
  /** For members of archives that are encrypted. */
  readonly archivePassword?: string | null | undefined;
  /** Ends looking into archives. */
  readonly signal?: AbortSignal | undefined;
}

export type Report = (diagnostic: Diagnostic) => void;

/** What the system says, in words of ours for the common cases. */
export function reasonOf(error: unknown): string {
  const code = (error as NodeJS.ErrnoException).code;
  if (code === 'ENOENT') return 'no such file or folder';
  if (code === 'EACCES' || code === 'EPERM') return 'permission denied';
  if (code === 'ELOOP') return 'too many symbolic links';
  if (code === 'EBUSY') return 'the file is in use by another program';
  return error instanceof Error ? error.message : String(error);
}

export function realPathOf(path: string): string {
  try {
    return realpathSync.native(path);
  } catch {
    return path;
  }
}
