/** A file, pipe or folder of logs that was named or found, and what the system says of it. */
import { realpathSync } from 'node:fs';
import type { Diagnostic } from '../../model/diagnostic.ts';
import type { FoundFile } from './byte-source.ts';
import type { Sniffed } from './sniff.ts';

export interface Source {
  /** As given, or the folder as given and the way from there. `-` is standard input. */
  readonly path: string;
  readonly kind: 'file' | 'stream' | 'stdin';
  /** Bytes; null when it is not known before reading. */
  readonly size: number | null;
  /** What a binary log was seen to be when its folder was searched, so that it is not looked at twice. */
  readonly sniffed?: Omit<Sniffed, 'head'> | undefined;
  /** Which file that was. */
  readonly found?: FoundFile | undefined;
}

export interface ListOptions {
  /** Also links that lead out of the folder they are in. Default false. */
  readonly followLinks?: boolean | undefined;
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
