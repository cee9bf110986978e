/**
 * Where rule text comes from, one file after the other: files, folders and zip archives as `loadRules` takes them. For those
 * who want the bytes (to hash them) before they are parsed.
 */
import { closeSync, openSync, readFileSync, readSync, statSync } from 'node:fs';
import { ruleFiles, zipRuleFiles } from '../../sigma/files/find.ts';
import { isZip } from '../../sigma/files/zip.ts';

/** Rule files have a few KiB: one buffer serves them all, which is three times as fast as `readFileSync`. */
const SHARED_BYTES = 64 << 10;

/** `bytes` is valid only during the call; text where the file cannot be read. */
export type VisitRuleFile = (path: string, bytes: Buffer | string) => void;

/** A regular file. */
function readInto(shared: Buffer, path: string): Buffer {
  const fd = openSync(path, 'r');
  try {
    const length = readSync(fd, shared, 0, shared.length, 0);
    if (length < shared.length) return shared.subarray(0, length);
  } finally {
    closeSync(fd);
  }
  return readFileSync(path);
}

/** Visits every rule file that `paths` stand for, in the order in which `loadRules` reads them. */
export function visitRuleFiles(paths: readonly string[], visit: VisitRuleFile): void {
  const shared = Buffer.allocUnsafeSlow(SHARED_BYTES);
  // What is found in folders are regular files; what is named itself may be a pipe, which has neither size nor positions.
  const named = new Set(paths);
  for (const path of ruleFiles(paths)) {
    let bytes: Buffer;
    try {
      bytes = named.has(path) ? readFileSync(path) : readInto(shared, path);
    } catch (error) {
      visit(path, `the file cannot be read: ${error instanceof Error ? error.message : String(error)}.`);
      continue;
    }
    if (isZip(bytes)) for (const entry of zipRuleFiles(path, bytes)) visit(entry.path, entry.bytes);
    else visit(path, bytes);
  }
}

/** False where a path is a pipe (`-r <(command)`): what is read once cannot be compared with a cache first. */
export function canReadTwice(paths: readonly string[]): boolean {
  return !paths.some((path) => statSync(path, { throwIfNoEntry: false })?.isFIFO() === true);
}
