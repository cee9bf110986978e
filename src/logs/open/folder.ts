/**
 * A folder -> the logs in it, in sorted order. What is no log is passed over and counted; pipes, devices, and links that lead
 * out of the folder are not touched, and it is said. Refuses more files and deeper folders than anybody has.
 */
import { closeSync, constants, type Dirent, fstatSync, openSync, readdirSync, realpathSync, type Stats, statSync } from 'node:fs';
import { basename, join, sep } from 'node:path';
import type { Diagnostic } from '../../model/diagnostic.ts';
import { type FoundFile, foundFile, readAt } from './byte-source.ts';
import { reportIn } from './own-report.ts';
import {
  describeBytes,
  HEAD_BYTES,
  hasLateEvents,
  looksLikeEvents,
  SIGNATURE_BYTES,
  type Sniffed,
  sniff,
  sniffBinary,
} from './sniff.ts';
import { type ListOptions, type Report, realPathOf, reasonOf, type Source } from './source.ts';

/** Folders inside of folders. */
const MAX_DEPTH = 64;
/** Files of one run; a file system with loops that links do not explain ends here. */
const MAX_FILES = 1_000_000;
/** What stands in a name for bytes that are no UTF-8: such a path leads nowhere. */
const REPLACEMENT = '\ufffd';
/** Who is named like this is expected to be read: that it was not must not drown among pictures and documents. */
const NAMED_LIKE_A_LOG = /\.(?:evtx?|evtx\.gz)$/i;
/** A file may have become a pipe since it was listed: opening that would wait for whoever writes to it. */
const OPEN_FLAGS = constants.O_RDONLY | (constants.O_NONBLOCK ?? 0);

interface Seen {
  readonly sniffed: Sniffed | null;
  readonly head: Buffer;
  readonly found: FoundFile;
  /** True when it is a log like any that is named. */
  readonly isLog: boolean;
}

/** Told by the first bytes of a file. */
export type IsArchive = (head: Buffer) => boolean;

/** Looks at a file. `buffer` has room for a head; what is returned lies in it. null: it is no longer a file. */
function look(path: string, buffer: Buffer): Seen | null {
  const fd = openSync(path, OPEN_FLAGS);
  try {
    const stats = fstatSync(fd);
    if (!stats.isFile()) return null;
    const found = foundFile(stats);
    // Files of /proc say that they are empty, and some of them never end or wait for what is not there yet.
    const length = stats.size === 0 ? 0 : readAt(fd, buffer.subarray(0, SIGNATURE_BYTES), 0);
    const binary = sniffBinary(buffer.subarray(0, length));
    if (binary !== null) return { sniffed: binary, head: binary.head, found, isLog: true };
    const more = length === SIGNATURE_BYTES ? readAt(fd, buffer.subarray(length), length) : 0;
    const head = buffer.subarray(0, length + more);
    const sniffed = head.length === 0 ? null : sniff(head);
    const isLog = sniffed !== null && (looksLikeEvents(sniffed) || hasLateEvents(sniffed, (into, at) => readAt(fd, into, at)));
    return { sniffed, head, found, isLog };
  } finally {
    closeSync(fd);
  }
}

interface Walk {
  readonly sources: FoundSource[];
  /** Real paths of the folders above and of those done: a link back is not followed. */
  readonly seen: Set<string>;
  /** The folder that was given, as the system calls it. */
  readonly root: string;
  readonly followLinks: boolean;
  readonly isArchive: IsArchive;
  skipped: number;
  /** Links that lead out of the folder. */
  readonly outside: string[];
  /** Pipes, devices, sockets. */
  readonly special: string[];
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
  let seen: Seen | null;
  try {
    seen = look(path, walk.buffer);
  } catch (error) {
    missingOrUnreadable(path, error, walk);
    return;
  }
  if (seen === null) {
    walk.special.push(path);
    return;
  }
  const { sniffed, head, found, isLog } = seen;
  // Of a tar archive the head may look like the log that comes first in it.
  if ((sniffed === null || sniffed.format.text) && walk.isArchive(head)) {
    const source: Source = { path, kind: 'file', size: found.size, found };
    walk.sources.push({ source, real: real ?? realPathOf(path) });
    return;
  }
  const other = sniffed?.format.text ? reportIn(sniffed.head) : null;
  if (other !== null) {
    walk.named++;
    walk.report({ code: other.code, severity: 'info', message: `${other.seen}: passed over.`, place: { file: path } });
  } else if (sniffed !== null && isLog) {
    const { format, compressed, encoding } = sniffed;
    const known = format.text || compressed ? undefined : { format, compressed, encoding };
    const source: Source = { path, kind: 'file', size: found.size, sniffed: known, found };
    walk.sources.push({ source, real: real ?? realPathOf(path) });
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
    if (entry.isSymbolicLink() && !walk.followLinks && leadsOut(path, walk)) {
      walk.outside.push(path);
      continue;
    }
    const stats = statInFolder(path, walk);
    if (stats === null) continue;
    if (stats.isDirectory()) {
      if (depth < MAX_DEPTH) walkFolder(path, depth + 1, walk);
      else walk.beyond++;
    } else if (!stats.isFile()) walk.special.push(path);
    else walkFile(path, null, walk);
  }
}

/** A link that leads nowhere leads out of nothing. */
function leadsOut(path: string, { root }: Walk): boolean {
  try {
    const real = realpathSync.native(path);
    return real !== root && !real.startsWith(root.endsWith(sep) ? root : root + sep);
  } catch {
    return false;
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

export function listFolder(
  folder: string,
  report: Report,
  { followLinks = false }: ListOptions,
  isArchive: IsArchive,
): readonly FoundSource[] {
  const buffer = Buffer.allocUnsafeSlow(HEAD_BYTES);
  const walk: Walk = {
    sources: [],
    seen: new Set(),
    root: realPathOf(folder),
    followLinks,
    isArchive,
    skipped: 0,
    outside: [],
    special: [],
    named: 0,
    beyond: 0,
    report,
    buffer,
  };
  walkFolder(folder, 0, walk);
  const place = { file: folder };
  if (walk.beyond > 0) {
    const message = `${walk.beyond} files or folders were not read: at most ${MAX_FILES} files, ${MAX_DEPTH} folders deep.`;
    report({ code: 'input/too-many', severity: 'error', message, hint: 'Scan it in parts.', place });
  }
  if (walk.outside.length > 0) {
    const message = `${counted(walk.outside, 'link leads', 'links lead')} out of this folder and ${was(walk.outside)} not followed.`;
    const hint = 'Name what it leads to, or follow links with --follow-links.';
    report({ code: 'input/link', severity: 'warning', message, hint, place });
  }
  if (walk.special.length > 0) {
    const message = `${counted(walk.special, 'pipe, device or socket', 'pipes, devices or sockets')} ${was(walk.special)} not read.`;
    report({ code: 'input/special', severity: 'warning', message, hint: 'A pipe is read when it is named itself.', place });
  }
  if (walk.sources.length === 0) {
    const files = walk.skipped + walk.named + walk.outside.length + walk.special.length;
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

/** `3 links lead (the first: logs/a.evtx)`. */
function counted(paths: readonly string[], one: string, many: string): string {
  const first = JSON.stringify(paths[0]);
  return paths.length === 1 ? `1 ${one} (${first})` : `${paths.length} ${many} (the first: ${first})`;
}

function was(paths: readonly string[]): string {
  return paths.length === 1 ? 'was' : 'were';
}
