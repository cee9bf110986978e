/**
 * Raw images. In: one file with the bytes of a disk, or its parts `.001`, `.002` and so on. Out: the disk. Refuses a set of
 * parts with a gap.
 */
import { existsSync, readdirSync } from 'node:fs';
import { basename, dirname } from 'node:path';
import { InputError } from '../../model/errors.ts';
import { Joined } from '../bytes.ts';
import { openFile } from '../open-file.ts';
import type { Container, OpenedImage } from './container.ts';

/** `x.001` or `x.000`. A name such as `x.1` is not a part. */
const FIRST_PART = /^(.*\.)(0+[01])$/s;
const MAX_PARTS = 10_000;

export const container: Container = {
  priority: 100,
  recognise: () => true,
  open(file): OpenedImage {
    const parts = partsOf(file.path);
    if (parts.length < 2) return { format: 'raw', disk: file.bytes, files: [file.path], hashes: {} };
    const rest = parts.slice(1).map((path) => openFile(path));
    return { format: 'raw (split)', disk: new Joined(file.path, [file.bytes, ...rest]), files: parts, hashes: {} };
  },
};

/** All parts. Refuses a set with a missing part, because later parts would lie at the wrong place. */
function partsOf(path: string): string[] {
  const match = FIRST_PART.exec(path);
  if (match === null) {
    if (/\.\d{3}$/.test(path) && existsSync(path.replace(/\d{3}$/, '001'))) {
      throw new InputError(`it is a later part of a split image: name the first, ${basename(path.replace(/\d{3}$/, '001'))}`);
    }
    return [path];
  }
  const [, stem, number] = match as unknown as [string, string, string];
  const nth = (i: number): string => stem + String(i).padStart(number.length, '0');
  const parts: string[] = [];
  for (let i = Number(number); parts.length < MAX_PARTS && existsSync(nth(i)); i++) parts.push(nth(i));
  const prefix = basename(stem);
  const later = readdirSync(dirname(path)).filter(
    (name) => name.startsWith(prefix) && /^\d+$/.test(name.slice(prefix.length)) && name.length === prefix.length + number.length,
  ).length;
  if (later > parts.length && parts.length > 0) {
    const missing = basename(nth(Number(number) + parts.length));
    throw new InputError(`its part ${missing} is missing. Copy all parts into the folder of the first`);
  }
  return parts;
}
