/**
 * Turns the paths that were given into sources. In: paths. Out: sources in a fixed order, each once. Refuses paths that do not
 * exist: they are reported and left out.
 */

import { closeSync, fstatSync, openSync, type Stats, statSync } from 'node:fs';
import { archiveKindOf } from '../archives/archive-cursor.ts';
import { listMembers } from '../archives/list-members.ts';
import { type FoundFile, foundFile, readAt } from './byte-source.ts';
import type { IsArchive } from './folder.ts';
import { listFolder } from './folder.ts';
import { HEAD_BYTES } from './sniff.ts';
import { type ListOptions, type Report, realPathOf, reasonOf, type Source } from './source.ts';

/** Reads the first bytes of a file into a new buffer, and identifies the file. */
export function readHead(path: string): { readonly head: Buffer; readonly found: FoundFile } {
  const head = Buffer.allocUnsafeSlow(HEAD_BYTES);
  const fd = openSync(path, 'r');
  try {
    const found = foundFile(fstatSync(fd));
    return { head: head.subarray(0, readAt(fd, head, 0)), found };
  } finally {
    closeSync(fd);
  }
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

/** The sources that `paths` name, in the order given, folders in sorted order. `-` is standard input. Archives are not opened. */
export function listSources(paths: readonly string[], report: Report, options: ListOptions = {}): readonly Source[] {
  return filesAndFolders(paths, report, options, options.isContainer ?? (() => false));
}

/** As {@link listSources}, but with the logs inside archives instead of the archives. */
export async function listLogs(paths: readonly string[], report: Report, options: ListOptions = {}): Promise<readonly Source[]> {
  const sources: Source[] = [];
  const named = new Set(paths);
  for (const source of filesAndFolders(paths, report, options, (head) => archiveKindOf(head) !== null)) {
    const found = source.kind === 'file' && source.sniffed === undefined ? archiveAt(source.path) : null;
    if (found === null) sources.push(source);
    else {
      const { archivePassword: password = null, shapes, signal } = options;
      sources.push(
        ...(await listMembers(source.path, found, report, { password, named: named.has(source.path), shapes, signal })),
      );
    }
  }
  return sources;
}

/**
 * Identifies the file if it is an archive. Null also for a file that cannot be read; that is reported when it is opened as a
 * log.
 */
function archiveAt(path: string): FoundFile | null {
  try {
    const { head, found } = readHead(path);
    return archiveKindOf(head) === null ? null : found;
  } catch {
    return null;
  }
}

function filesAndFolders(
  paths: readonly string[],
  report: Report,
  options: ListOptions,
  isArchive: IsArchive,
): readonly Source[] {
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
    if (stats.isDirectory()) for (const { source, real } of listFolder(path, report, options, isArchive)) add(source, real);
    else if (stats.isFile()) add({ path, kind: 'file', size: stats.size }, realPathOf(path));
    // Named pipes and character devices, such as `<(zcat ...)` and /dev/stdin.
    else add({ path, kind: 'stream', size: null }, path);
  }
  return [...first.values()];
}
