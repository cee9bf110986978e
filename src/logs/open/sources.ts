/** Paths as given -> the sources to read, in a fixed order, each once. What cannot be found is reported and left out. */
import { closeSync, fstatSync, openSync, type Stats, statSync } from 'node:fs';
import { type FoundFile, foundFile, readAt } from './byte-source.ts';
import { listFolder } from './folder.ts';
import { HEAD_BYTES } from './sniff.ts';
import { type ListOptions, type Report, realPathOf, reasonOf, type Source } from './source.ts';

/** The first bytes of a file, in a buffer of their own, and which file it is. */
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

/** The sources that `paths` name, in the order given, folders in sorted order. `-` is standard input. */
export function listSources(paths: readonly string[], report: Report, options: ListOptions = {}): readonly Source[] {
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
    if (stats.isDirectory()) for (const { source, real } of listFolder(path, report, options)) add(source, real);
    else if (stats.isFile()) add({ path, kind: 'file', size: stats.size }, realPathOf(path));
    // Named pipes and character devices: `<(zcat ...)`, /dev/stdin.
    else add({ path, kind: 'stream', size: null }, path);
  }
  return [...first.values()];
}
