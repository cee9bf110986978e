/** A source: a log file, pipe or folder that was named or found. In: a path. Out: plain data about it. */

import { realpathSync } from 'node:fs';
import type { Diagnostic } from '../../model/diagnostic.ts';
import { messageOf } from '../../model/errors.ts';
import type { ByteRange } from '../../model/reader.ts';
import type { RecordShape } from '../../model/record-shape.ts';
import type { FoundFile } from './byte-source.ts';
import type { NestedLocator } from './nested.ts';
import type { Sniffed } from './sniff.ts';

/**
 * Where a log is inside an archive. Plain data, so that it can be sent between threads; nothing else is needed to open the log
 * again.
 */
export interface MemberLocator {
  readonly kind: 'member';
  /** The path of the archive, as named. */
  readonly archive: string;
  /** Identifies the archive file. */
  readonly found: FoundFile;
  /** The number of the member, counted from 0. For an archive in an archive: one number per level, from the outside in. */
  readonly members: readonly number[];
  readonly password: string | null;
}

export interface Source {
  /**
   * The path as given, or that of the folder as given and the path inside it. `-` is standard input; `a.zip!b/c.evtx` is inside
   * an archive.
   */
  readonly path: string;
  /** `nested`: inside something else; `member` or `locator` says where. */
  readonly kind: 'file' | 'stream' | 'stdin' | 'nested';
  /** Size in bytes; null when it is not known before reading. */
  readonly size: number | null;
  /** What the search of a folder has found out about a binary log, so that its head is not read twice. */
  readonly sniffed?: Omit<Sniffed, 'head'> | undefined;
  /** Identifies the file. */
  readonly found?: FoundFile | undefined;
  /** For a log inside an archive: where it is. */
  readonly member?: MemberLocator | undefined;
  /** For a log inside a disk image: where it is. */
  readonly locator?: NestedLocator | undefined;
  /** Only these parts are read, because the events in the others are already known. */
  readonly ranges?: readonly ByteRange[] | undefined;
}

export interface ListOptions {
  /** Also follow links that lead out of their folder. Default false. */
  readonly followLinks?: boolean | undefined;
  /** The password for encrypted members of archives. */
  readonly archivePassword?: string | null | undefined;
  /** Decides by its first bytes whether a file in a folder is listed even though it is no log. */
  readonly isContainer?: ((head: Buffer) => boolean) | undefined;
  /** Shapes of JSON records by which a file in a folder or an archive is also known to be a log. */
  readonly shapes?: readonly RecordShape[] | undefined;
  /** Stops the search in archives. */
  readonly signal?: AbortSignal | undefined;
}

export type Report = (diagnostic: Diagnostic) => void;

/** The system's error in words: our own for common cases, else the system's. */
export function reasonOf(error: unknown): string {
  const code = (error as NodeJS.ErrnoException).code;
  if (code === 'ENOENT') return 'no such file or folder';
  if (code === 'EACCES' || code === 'EPERM') return 'permission denied';
  if (code === 'ELOOP') return 'too many symbolic links';
  if (code === 'EBUSY') return 'the file is in use by another program';
  return messageOf(error);
}

export function realPathOf(path: string): string {
  try {
    return realpathSync.native(path);
  } catch {
    return path;
  }
}
