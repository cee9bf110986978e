/** The only place where evidence files are opened: for reading, never for writing. In: a path. Out: its bytes. */
import { FileSource } from '../logs/open/byte-source.ts';
import { InputError, messageOf } from '../model/errors.ts';
import type { ByteSource } from '../model/reader.ts';
import { Region } from './bytes.ts';

/** A file with the length that it had when opened. Throws InputError when it cannot be opened or read. */
export function openFile(path: string): ByteSource {
  return new Region(path, new ReadableFile(path));
}

/** A failing disk or a lost network share is a fault of the input, not of the program. */
class ReadableFile extends FileSource {
  override read(into: Uint8Array, offset: number): number {
    try {
      return super.read(into, offset);
    } catch (cause) {
      throw new InputError(`${this.name} cannot be read at 0x${offset.toString(16)} (${messageOf(cause)})`, { cause });
    }
  }
}
