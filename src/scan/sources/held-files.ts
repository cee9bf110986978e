/**
 * What becomes of files while they are scanned. In: files as they were found. Out: those that are read in parts kept open, so that
 * all threads read the same file whatever stands under its name by then; and for each file that changed, one diagnostic.
 */
import { closeSync, fstatSync, openSync, type Stats, statSync } from 'node:fs';
import { type FoundFile, foundFile, isSameFile } from '../../logs/open/byte-source.ts';
import type { Diagnostic } from '../../model/diagnostic.ts';

/** Files kept open; more are opened by their names, part by part. A process may have no more than 256 on some systems. */
const MAX_HELD = 128;

export class HeldFiles {
  readonly #held: number[] = [];

  /** The file with an open descriptor, where one can be had. */
  hold(name: string, found: FoundFile): FoundFile {
    if (this.#held.length >= MAX_HELD) return found;
    try {
      const fd = openSync(name, 'r');
      this.#held.push(fd);
      // It is another file by now, which its reader will report.
      return isSameFile(foundFile(fstatSync(fd)), found) ? { ...found, fd } : found;
    } catch {
      return found;
    }
  }

  close(): void {
    for (const fd of this.#held.splice(0)) closeSync(fd);
  }
}

/** What happened to a file since it was found; null: nothing. `read`: how many bytes were read of it, null when nobody knows. */
export function changeOf(name: string, found: FoundFile, read: number | null): Diagnostic | null {
  const place = { file: name };
  const named = statOf(name);
  const now = found.fd === null ? named : foundFile(fstatSync(found.fd));
  if (now !== null && isSameFile(now, found)) {
    if (read === null ? now.size < found.size : read < found.size) {
      const of = read === null ? `has ${now.size} bytes left of ${found.size}` : `gave ${read} of its ${found.size} bytes`;
      const message = `the file became shorter while it was read: it ${of}.`;
      return { code: 'input/changed', severity: 'error', message, hint: 'What stood behind is lost to this scan.', place };
    }
    if (now.size > found.size) {
      const message = `the file became longer while it was read: of the ${now.size - found.size} bytes that were added at most one record was read.`;
      return { code: 'input/changed', severity: 'warning', message, hint: 'Scan a copy of it, or scan again.', place };
    }
    if (now.mtimeMs !== found.mtimeMs) {
      const message = 'the file was written to while it was read: records may be missing or damaged.';
      return { code: 'input/changed', severity: 'warning', message, hint: 'Scan a copy of it, or scan again.', place };
    }
  }
  if (named === null || isSameFile(named, found)) return null;
  const message = 'another file was put in its place while it was read. The one that was found first was read.';
  return { code: 'input/changed', severity: 'warning', message, hint: 'Scan again for the new one.', place };
}

function statOf(name: string): FoundFile | null {
  try {
    const stats: Stats = statSync(name);
    return foundFile(stats);
  } catch {
    return null;
  }
}
