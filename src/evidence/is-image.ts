/** Decides by content whether a file is a disk image. In: a path. Out: true for images, and for files that are nothing else known. */
import { statSync } from 'node:fs';
import { archiveKindOf } from '../logs/archives/archive-cursor.ts';
import { isBinary, isDiskImage, isOtherFile, LEAST_DISK_BYTES, sniff } from '../logs/open/sniff.ts';
import { readHead } from '../logs/open/sources.ts';

/** True for a folder, and for an archive. */
export function holdsFiles(path: string): boolean {
  try {
    return statSync(path).isDirectory() || archiveKindOf(readHead(path).head) !== null;
  } catch {
    return false;
  }
}

/**
 * True for a file that the user has named and that is no log, because nothing identifies half of all raw images. False for text,
 * for a file too small for a disk, and for one that cannot be opened, so that the reader of logs says why.
 */
export function isImage(path: string): boolean {
  try {
    const stats = statSync(path);
    if (!stats.isFile()) return false;
    const { head } = readHead(path);
    if (sniff(head) !== null || archiveKindOf(head) !== null) return false;
    return isDiskImage(head) || (stats.size >= LEAST_DISK_BYTES && isBinary(head) && !isOtherFile(head));
  } catch {
    return false;
  }
}
