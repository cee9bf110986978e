/** The only place where evidence is opened: for reading, never for writing. */
import { FileSource } from '../logs/open/byte-source.ts';
import type { ByteSource } from '../model/reader.ts';
import { Region } from './bytes.ts';

/** A file as long as it was when it was opened. Throws InputError when it cannot be. */
export function openFile(path: string): ByteSource {
  return new Region(path, new FileSource(path));
}
