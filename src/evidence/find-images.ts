/**
 * Finds disk images in folders, by content. In: folders. Out: the first file of each image, in sorted order. Further segments,
 * parts and extents belong to an image that is named itself.
 */
import { existsSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { isDiskImage, looksLikeDiskImage } from '../logs/open/sniff.ts';
import { listSources, readHead } from '../logs/open/sources.ts';

const SEGMENT_NUMBER = 9;
const DESCRIPTOR = '# Disk DescriptorFile';

export function findImages(folders: readonly string[]): string[] {
  const found: { readonly path: string; readonly head: Buffer }[] = [];
  for (const { path, size } of listSources(folders, () => {}, { isContainer: isDiskImage })) {
    const head = headOf(path);
    if (head !== null && looksLikeDiskImage(head, size ?? 0)) found.push({ path, head });
  }
  const extents = new Set(found.flatMap(({ path, head }) => (isDescriptor(head) ? extentsOf(path, head) : [])));
  return found.filter(({ path, head }) => !isLaterPart(path, head) && !extents.has(path)).map(({ path }) => path);
}

function headOf(path: string): Buffer | null {
  try {
    return readHead(path).head;
  } catch {
    return null;
  }
}

function isDescriptor(head: Buffer): boolean {
  return head.toString('latin1', 0, DESCRIPTOR.length) === DESCRIPTOR;
}

function extentsOf(path: string, head: Buffer): string[] {
  const names = head.toString('utf8').matchAll(/^(?:RW|RDONLY|NOACCESS)\s+\d+\s+\w+\s+"([^"]*)"/gm);
  return [...names].map(([, name]) => join(dirname(path), basename(name!.replace(/^.*\\/s, ''))));
}

/** A segment of an E01 other than the first, or `.002` beside a `.001`. */
function isLaterPart(path: string, head: Buffer): boolean {
  if (/^EVF[\t2]/.test(head.toString('latin1', 0, 4))) return head.readUInt16LE(SEGMENT_NUMBER) > 1;
  const first = path.replace(/\d{3}$/, '001');
  return first !== path && /\.\d{3}$/.test(path) && existsSync(first);
}
