/** Paths as given -> the sources to read, in a fixed order. Folders are walked; what is no log in them is passed over. */
import { closeSync, openSync, readdirSync, readSync, realpathSync, type Stats, statSync } from 'node:fs';
import { join } from 'node:path';
import type { Diagnostic } from '../model/diagnostic.ts';
import { describeBytes, HEAD_BYTES, looksLikeEvents, sniff } from './sniff.ts';

/** Folders inside of folders. */
const MAX_DEPTH = 64;
/** Files of one run; a file system with loops that links do not explain ends here. */
const MAX_FILES = 1_000_000;
/** What stands in a name for bytes that are no UTF-8: such a path leads nowhere. */
const REPLACEMENT = '\ufffd';
/** Who is named like this is expected to be read: that it was not must not drown among pictures and documents. */
const NAMED_LIKE_A_LOG = /\.(?:evtx?|evtx\.gz)$/i;

export interface Source {
  /** As given, or the folder as given and the way from there. `-` is standard input. */
  readonly path: string;
  readonly kind: 'file' | 'stream' | 'stdin';
  /** Bytes; null when it is not known before reading. */
  readonly size: number | null;
}

export type Report = (diagnostic: Diagnostic) => void;

/** The first bytes of a file, in a buffer of its own or in `head`. */
export function readHead(path: string, head: Buffer = Buffer.allocUnsafeSlow(HEAD_BYTES)): Buffer {
  const fd = openSync(path, 'r');
  try {
    let filled = 0;
    for (let got = -1; got !== 0 && filled < head.length; filled += got)
      got = readSync(fd, head, filled, head.length - filled, filled);
    return head.subarray(0, filled);
  } finally {
    closeSync(fd);
  }
}

/** What the system says, in words of ours for the common cases. */
export function reasonOf(error: unknown): string {
  const code = (error as NodeJS.ErrnoException).code;
  if (code === 'ENOENT') return 'no such file or folder';
  if (code === 'EACCES' || code === 'EPERM') return 'permission denied';
  if (code === 'ELOOP') return 'too many symbolic links';
  if (code === 'EBUSY') return 'the file is in use by another program';
  return error instanceof Error ? error.message : String(error);
}

function statOrReport(path: string, report: Report): Stats | null {
  try {
    return statSync(path);
  } catch (error) {
    const missing = (error as NodeJS.ErrnoException).code === 'ENOENT';
    report({
      code: missing ? 'input/not-found' : 'input/unreadable',
      severity: 'error',
      message: `${reasonOf(error)}.`,
      hint: missing ? 'Check the path.' : undefined,
      place: { file: path },
    });
    return null;
  }
}

interface Walk {
  readonly sources: Source[];
  /** Real paths of the folders above and of those done: a link back is not followed. */
  readonly seen: Set<string>;
  skipped: number;
  /** Files without events that are named like logs, each with a diagnostic of its own. */
  named: number;
  /** Files and folders beyond {@link MAX_FILES} and {@link MAX_DEPTH}. */
  beyond: number;
  readonly report: Report;
}

function unreadable(path: string, error: unknown, report: Report): void {
  report({ code: 'input/unreadable', severity: 'error', message: `${reasonOf(error)}.`, place: { file: path } });
}

function walkFile(path: string, stats: Stats, walk: Walk): void {
  let head: Buffer;
  try {
    head = readHead(path);
  } catch (error) {
    unreadable(path, error, walk.report);
    return;
  }
  const sniffed = head.length === 0 ? null : sniff(head);
  if (sniffed !== null && looksLikeEvents(sniffed)) walk.sources.push({ path, kind: 'file', size: stats.size });
  else if (NAMED_LIKE_A_LOG.test(path)) {
    walk.named++;
    walk.report(notALog(path, head));
  } else walk.skipped++;
}

function notALog(path: string, head: Buffer): Diagnostic {
  const place = { file: path };
  if (head.length === 0) return { code: 'input/empty', severity: 'warning', message: 'the file is empty.', place };
  const { seen, hint } = describeBytes(head);
  const message = `named like an event log, but found ${seen}. It was not read.`;
  return { code: 'input/not-a-log', severity: 'warning', message, hint, place };
}

function walkFolder(folder: string, depth: number, walk: Walk): void {
  let names: string[];
  try {
    const real = realpathSync(folder);
    if (walk.seen.has(real)) return;
    walk.seen.add(real);
    names = readdirSync(folder);
  } catch (error) {
    unreadable(folder, error, walk.report);
    return;
  }
  // By code unit, not by locale: the order must be the same on every machine.
  for (const name of names.sort()) {
    const path = join(folder, name);
    const stats = statInFolder(path, name, walk);
    if (stats === null) continue;
    if (stats.isDirectory()) {
      if (depth < MAX_DEPTH) walkFolder(path, depth + 1, walk);
      else walk.beyond++;
    } else if (!stats.isFile()) walk.skipped++;
    else if (walk.sources.length < MAX_FILES) walkFile(path, stats, walk);
    else walk.beyond++;
  }
}

/** A link that leads nowhere is passed over, everything else that cannot be looked at is told. */
function statInFolder(path: string, name: string, walk: Walk): Stats | null {
  try {
    return statSync(path);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' && name.includes(REPLACEMENT))
      unreadable(path, new Error('its name is no valid UTF-8: rename it'), walk.report);
    else if (code === 'ENOENT' || code === 'ELOOP') walk.skipped++;
    else unreadable(path, error, walk.report);
    return null;
  }
}

function listFolder(folder: string, report: Report): readonly Source[] {
  const walk: Walk = { sources: [], seen: new Set(), skipped: 0, named: 0, beyond: 0, report };
  walkFolder(folder, 0, walk);
  const place = { file: folder };
  if (walk.beyond > 0) {
    const message = `${walk.beyond} files or folders were not read: at most ${MAX_FILES} files, ${MAX_DEPTH} folders deep.`;
    report({ code: 'input/too-many', severity: 'error', message, hint: 'Scan it in parts.', place });
  }
  if (walk.sources.length === 0) {
    const files = walk.skipped + walk.named;
    const count = files === 1 ? 'one file, which is none' : `${files} files, none of which is one`;
    const seen = files === 0 ? 'it is empty' : `it holds ${count}`;
    report({ code: 'input/no-logs', severity: 'error', message: `no event log in this folder: ${seen}.`, place });
  } else if (walk.skipped > 0) {
    const message =
      walk.skipped === 1
        ? 'one file is no event log and was passed over.'
        : `${walk.skipped} files are no event logs and were passed over.`;
    report({ code: 'input/skipped', severity: 'info', message, hint: 'Name a file itself to see why.', place });
  }
  return walk.sources;
}

/**
 * The sources that `paths` name, in the order given, folders in sorted order, each once. `-` is standard input. What cannot
 * be found is reported and left out.
 */
export function listSources(paths: readonly string[], report: Report): readonly Source[] {
  const sources: Source[] = [];
  for (const path of paths) {
    if (path === '-') {
      sources.push({ path, kind: 'stdin', size: null });
      continue;
    }
    const stats = statOrReport(path, report);
    if (stats === null) continue;
    if (stats.isDirectory()) sources.push(...listFolder(path, report));
    else if (stats.isFile()) sources.push({ path, kind: 'file', size: stats.size });
    // Named pipes and character devices: `<(zcat ...)`, /dev/stdin.
    else sources.push({ path, kind: 'stream', size: null });
  }
  const first = new Map<string, Source>();
  for (const source of sources) {
    const file = source.kind === 'file' ? realPathOf(source.path) : source.path;
    if (!first.has(file)) first.set(file, source);
  }
  return [...first.values()];
}

/** One file under several names (`logs`, `./logs`, a link) is one source: its matches must not count twice. */
function realPathOf(path: string): string {
  try {
    return realpathSync.native(path);
  } catch {
    return path;
  }
}
