/**
 * Finds the logs in a folder. In: a folder. Out: its logs in sorted order. Files that are not logs are passed over and counted.
 * Pipes, devices and links that lead out of the folder are not touched, and this is reported. Refuses more files and deeper
 * folders than any real case has.
 */
import { closeSync, constants, type Dirent, fstatSync, openSync, readdirSync, realpathSync, type Stats, statSync } from 'node:fs';
import { basename, join, sep } from 'node:path';
import type { Diagnostic } from '../../model/diagnostic.ts';
import { collectionIn } from '../archives/collections.ts';
import { type FoundFile, foundFile, readAt } from './byte-source.ts';
import { reportIn } from './own-report.ts';
import {
  describeBytes,
  HEAD_BYTES,
  hasLateEvents,
  looksLikeDiskImage,
  looksLikeEvents,
  SIGNATURE_BYTES,
  type Sniffed,
  sniff,
  sniffBinary,
} from './sniff.ts';
import { type ListOptions, type Report, realPathOf, reasonOf, type Source } from './source.ts';

/** Levels of folders inside folders. */
const MAX_DEPTH = 64;
/** The most files of one run. It also ends the search in a file system with loops that are not made by links. */
const MAX_FILES = 1_000_000;
/** Node puts this character into a name for bytes that are not UTF-8. Such a path cannot be opened. */
const REPLACEMENT = '\ufffd';
/**
 * Files with such names are expected to be read. If one is not, this is reported by name, not just counted among pictures and
 * documents.
 */
const NAMED_LIKE_A_LOG = /\.(?:evtx?|evtx\.gz)$/i;
/** A file may have become a pipe since it was listed. Without O_NONBLOCK, opening it would wait for a writer. */
const OPEN_FLAGS = constants.O_RDONLY | (constants.O_NONBLOCK ?? 0);

interface Seen {
  readonly sniffed: Sniffed | null;
  readonly head: Buffer;
  readonly found: FoundFile;
  /** True when the file looks enough like a log to be read although only its folder was named. */
  readonly isLog: boolean;
}

/** Decides by the first bytes of a file. */
export type IsArchive = (head: Buffer) => boolean;

/** Looks at a file. The result lies in `buffer`, which must have room for a head. Null when it is no longer a file. */
function look(path: string, buffer: Buffer, shapes: ListOptions['shapes']): Seen | null {
  const fd = openSync(path, OPEN_FLAGS);
  try {
    const stats = fstatSync(fd);
    if (!stats.isFile()) return null;
    const found = foundFile(stats);
    // Files of /proc report the size 0. Some never end, others wait for data that does not exist yet.
    const length = stats.size === 0 ? 0 : readAt(fd, buffer.subarray(0, SIGNATURE_BYTES), 0);
    const binary = sniffBinary(buffer.subarray(0, length));
    if (binary !== null) return { sniffed: binary, head: binary.head, found, isLog: true };
    const more = length === SIGNATURE_BYTES ? readAt(fd, buffer.subarray(length), length) : 0;
    const head = buffer.subarray(0, length + more);
    const sniffed = head.length === 0 ? null : sniff(head);
    const isLog =
      sniffed !== null && (looksLikeEvents(sniffed, shapes) || hasLateEvents(sniffed, (into, at) => readAt(fd, into, at)));
    return { sniffed, head, found, isLog };
  } finally {
    closeSync(fd);
  }
}

interface Walk {
  readonly sources: FoundSource[];
  /** Real paths of the folders above and of those already searched, so that a link back to one is not followed. */
  readonly seen: Set<string>;
  /** The real path of the folder that was given. */
  readonly root: string;
  readonly followLinks: boolean;
  readonly shapes: ListOptions['shapes'];
  readonly isArchive: IsArchive;
  skipped: number;
  /** Links that lead out of the folder. */
  readonly outside: string[];
  readonly images: string[];
  /** Pipes, devices, sockets. */
  readonly special: string[];
  /** Files that look or are named like logs but are none. Each got a diagnostic of its own. */
  named: number;
  /** Files and folders beyond {@link MAX_FILES} and {@link MAX_DEPTH}. */
  beyond: number;
  readonly report: Report;
  /** Room for the head of a file. */
  readonly buffer: Buffer;
}

/** A source and its real path. One file under several names (`logs`, `./logs`, a link) is one source. */
interface FoundSource {
  readonly source: Source;
  readonly real: string;
}

function unreadable(path: string, error: unknown, report: Report): void {
  report({ code: 'input/unreadable', severity: 'error', message: `${reasonOf(error)}.`, place: { file: path } });
}

/** `real` is null when a link may lead elsewhere. */
function walkFile(path: string, real: string | null, walk: Walk): void {
  if (walk.sources.length >= MAX_FILES) {
    walk.beyond++;
    return;
  }
  let seen: Seen | null;
  try {
    seen = look(path, walk.buffer, walk.shapes);
  } catch (error) {
    missingOrUnreadable(path, error, walk);
    return;
  }
  if (seen === null) {
    walk.special.push(path);
    return;
  }
  const { sniffed, head, found, isLog } = seen;
  // The head of a tar archive may look like the log that comes first in it.
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
  } else if (looksLikeDiskImage(head, found.size)) walk.images.push(path);
  else walk.skipped++;
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
  // Sorted by code unit, not by locale, so that the order is the same on every machine.
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

/** True when a link leads out of the folder. A link that leads nowhere does not. */
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

/** A link that leads nowhere is passed over. Everything else that cannot be looked at is reported. */
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
  { followLinks = false, shapes }: ListOptions,
  isArchive: IsArchive,
): readonly FoundSource[] {
  const buffer = Buffer.allocUnsafeSlow(HEAD_BYTES);
  const walk: Walk = {
    sources: [],
    seen: new Set(),
    root: realPathOf(folder),
    followLinks,
    shapes,
    isArchive,
    skipped: 0,
    outside: [],
    images: [],
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
    report({ code: 'input/link', severity: 'warning', message, hint, place, damage: false });
  }
  if (walk.special.length > 0) {
    const message = `${counted(walk.special, 'pipe, device or socket', 'pipes, devices or sockets')} ${was(walk.special)} not read.`;
    const hint = 'A pipe is read when it is named itself.';
    report({ code: 'input/special', severity: 'warning', message, hint, place, damage: false });
  }
  const collection = collectionIn(
    folder,
    walk.sources.map(({ source }) => source.path.slice(folder.length).replaceAll(sep, '/')),
  );
  if (collection !== null) report({ code: 'input/collection', severity: 'info', message: collection, place });
  if (walk.images.length > 0) {
    const message = `${counted(walk.images, 'disk image', 'disk images')} ${was(walk.images)} not read.`;
    report({ code: 'input/disk-image', severity: 'warning', message, hint: 'winnow triage reads them.', place });
  }
  if (walk.sources.length === 0) {
    const files = walk.images.length + walk.skipped + walk.named + walk.outside.length + walk.special.length;
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

/** A count with an example: `3 links lead (the first: logs/a.evtx)`. */
function counted(paths: readonly string[], one: string, many: string): string {
  const first = JSON.stringify(paths[0]);
  return paths.length === 1 ? `1 ${one} (${first})` : `${paths.length} ${many} (the first: ${first})`;
}

function was(paths: readonly string[]): string {
  return paths.length === 1 ? 'was' : 'were';
}
