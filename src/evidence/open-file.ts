/** The only place where evidence is opened: for reading, never for writing. */
import { FileSource } from '../logs/open/byte-source.ts';
import { InputError } from '../model/errors.ts';
import type { ByteSource } from '../model/reader.ts';
import { Region } from './bytes.ts';

/** A file as long as it was when it was opened. Throws InputError when it cannot be opened, or where it cannot be read. */
export function openFile(path: string): ByteSource {
  return new Region(path, new ReadableFile(path));
}

/** Disks that fail and network shares that go away are faults of the input, not of the program. */
class ReadableFile extends FileSource {
  override read(into: Uint8Array, offset: number): number {
    try {
      return super.read(into, offset);
    } catch (cause) {
      const reason = cause instanceof Error ? cause.message : String(cause);
      throw new InputError(`${this.name} cannot be read at 0x${offset.toString(16)} (${reason})`, { cause });
    }
  }
}
