/** Paths as given -> the sources to read, in a fixed order. Folders are walked; what is no log in them is passed over. */
import { closeSync, type Dirent, fstatSync, openSync, readdirSync, readSync, realpathSync, type Stats, statSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { Diagnostic } from '../../model/diagnostic.ts';
import { isOwnReport } from './own-report.ts';
import { describeBytes, HEAD_BYTES, looksLikeEvents, SIGNATURE_BYTES, type Sniffed, sniff, sniffBinary } from './sniff.ts';

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
  /** What a binary log was seen to be when its folder was searched, so that it is not looked at twice. */
  readonly sniffed?: Omit<Sniffed, 'head'> | undefined;
}

export type Report = (diagnostic: Diagnostic) => void;

/** Reads into `head` what is missing between `from` and `to`; returns where the bytes at hand end. */
function fill(fd: number, head: Buffer, from: number, to: number): number {
  let filled = from;
  for (let got = -1; got !== 0 && filled < to; filled += got) got = readSync(fd, head, filled, to - filled, filled);
  return filled;
}

/** The first bytes of a file, in a buffer of their own. */
export function readHead(path: string): Buffer {
  const head = Buffer.allocUnsafeSlow(HEAD_BYTES);
  const fd = openSync(path, 'r');
  try {
    return head.subarray(0, fill(fd, head, 0, head.length));
  } finally {
    closeSync(fd);
  }
}

interface Seen {
  readonly sniffed: Sniffed | null;
  readonly head: Buffer;
  readonly size: number;
}

/** Looks at a file of a folder. `buffer` has room for a head; what is returned lies in it. */
function look(path: string, buffer: Buffer): Seen {
  const fd = openSync(path, 'r');
  try {
    const { size } = fstatSync(fd);
    let length = fill(fd, buffer, 0, SIGNATURE_BYTES);
    const binary = sniffBinary(buffer.subarray(0, length));
    if (binary !== null) return { sniffed: binary, head: binary.head, size };
    if (length === SIGNATURE_BYTES) length = fill(fd, buffer, length, buffer.length);
    const head = buffer.subarray(0, length);
    return { sniffed: length === 0 ? null : sniff(head), head, size };
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
  readonly sources: FoundSource[];
  /** Real paths of the folders above and of those done: a link back is not followed. */
  readonly seen: Set<string>;
  skipped: number;
  /** Files that are no logs although they look or are named like some, each with a diagnostic of its own. */
  named: number;
  /** Files and folders beyond {@link MAX_FILES} and {@link MAX_DEPTH}. */
  beyond: number;
  readonly report: Report;
  /** Room for the head of a file. */
  readonly buffer: Buffer;
}

/** A source and its real path: one file under several names (`logs`, `./logs`, a link) is one source. */
interface FoundSource {
  readonly source: Source;
  readonly real: string;
}

function unreadable(path: string, error: unknown, report: Report): void {
  report({ code: 'input/unreadable', severity: 'error', message: `${reasonOf(error)}.`, place: { file: path } });
}

/** `real` is null where a link may lead elsewhere. */
function walkFile(path: string, real: string | null, walk: Walk): void {
  if (walk.sources.length >= MAX_FILES) {
    walk.beyond++;
    return;
  }
  let seen: Seen;
  try {
    seen = look(path, walk.buffer);
  } catch (error) {
    missingOrUnreadable(path, error, walk);
    return;
  }
  const { sniffed, head, size } = seen;
  if (sniffed?.format.text && isOwnReport(sniffed.head)) {
    walk.named++;
    const message = 'a report of winnow, not an event log: passed over.';
    walk.report({ code: 'input/own-report', severity: 'info', message, place: { file: path } });
  } else if (sniffed !== null && looksLikeEvents(sniffed)) {
    const { format, compressed, encoding } = sniffed;
    const known = format.text || compressed ? undefined : { format, compressed, encoding };
    walk.sources.push({ source: { path, kind: 'file', size, sniffed: known }, real: real ?? realPathOf(path) });
  } else if (NAMED_LIKE_A_LOG.test(path)) {
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
  let entries: Dirent[];
  let real: string;
  try {
    real = realpathSync.native(folder);
    if (walk.seen.has(real)) return;
    walk.seen.add(real);
    entries = readdirSync(folder, { withFileTypes: true });
  } catch (error) {
    unreadable(folder, error, walk.report);
    return;
  }
  // By code unit, not by locale: the order must be the same on every machine.
  for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
    const path = join(folder, entry.name);
    if (entry.isFile()) {
      walkFile(path, join(real, entry.name), walk);
      continue;
    }
    const stats = statInFolder(path, walk);
    if (stats === null) continue;
    if (stats.isDirectory()) {
      if (depth < MAX_DEPTH) walkFolder(path, depth + 1, walk);
      else walk.beyond++;
    } else if (!stats.isFile()) walk.skipped++;
    else walkFile(path, null, walk);
  }
}

function statInFolder(path: string, walk: Walk): Stats | null {
  try {
    return statSync(path);
  } catch (error) {
    missingOrUnreadable(path, error, walk);
    return null;
  }
}

/** A link that leads nowhere is passed over, everything else that cannot be looked at is told. */
function missingOrUnreadable(path: string, error: unknown, walk: Walk): void {
  const { code } = error as NodeJS.ErrnoException;
  if (code === 'ENOENT' && basename(path).includes(REPLACEMENT))
    unreadable(path, new Error('its name is no valid UTF-8: rename it'), walk.report);
  else if (code === 'ENOENT' || code === 'ELOOP') walk.skipped++;
  else unreadable(path, error, walk.report);
}

function listFolder(folder: string, report: Report): readonly FoundSource[] {
  const buffer = Buffer.allocUnsafeSlow(HEAD_BYTES);
  const walk: Walk = { sources: [], seen: new Set(), skipped: 0, named: 0, beyond: 0, report, buffer };
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
  const first = new Map<string, Source>();
  const add = (source: Source, real: string): void => {
    if (!first.has(real)) first.set(real, source);
  };
  for (const path of paths) {
    if (path === '-') {
      add({ path, kind: 'stdin', size: null }, path);
      continue;
    }
    const stats = statOrReport(path, report);
    if (stats === null) continue;
    if (stats.isDirectory()) for (const { source, real } of listFolder(path, report)) add(source, real);
    else if (stats.isFile()) add({ path, kind: 'file', size: stats.size }, realPathOf(path));
    // Named pipes and character devices: `<(zcat ...)`, /dev/stdin.
    else add({ path, kind: 'stream', size: null }, path);
  }
  return [...first.values()];
}

function realPathOf(path: string): string {
  try {
    return realpathSync.native(path);
  } catch {
    return path;
  }
}
