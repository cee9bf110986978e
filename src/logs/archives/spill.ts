/**
 * Keeps an archive that is itself a member of an archive, because such an archive is not read strictly from beginning to end.
 * In: its bytes. Out: a `ByteSource`: in memory when it is small, else in a temporary file without a name. Refuses an archive
 * that is larger than any real one.
 */
import { randomUUID } from 'node:crypto';
import { closeSync, openSync, readSync, rmSync, writeSync } from 'node:fs';
import { platform, tmpdir } from 'node:os';
import { join } from 'node:path';
import { InputError } from '../../model/errors.ts';
import type { ByteSource } from '../../model/reader.ts';
import { MemorySource, readFully } from '../open/byte-source.ts';

const MEMORY_BYTES = 32 << 20;
const MAX_BYTES = 64 * 2 ** 30;

export async function spill(name: string, blocks: AsyncIterable<Uint8Array>, memoryBytes = MEMORY_BYTES): Promise<ByteSource> {
  let held: Uint8Array[] = [];
  let size = 0;
  let file: SpillFile | null = null;
  try {
    for await (const block of blocks) {
      size += block.length;
      if (size > MAX_BYTES) throw new InputError(`it is an archive of more than ${MAX_BYTES} bytes inside of another one.`);
      if (file !== null) {
        file.append(block);
        continue;
      }
      held.push(Uint8Array.prototype.slice.call(block));
      if (size <= memoryBytes) continue;
      file = new SpillFile(name);
      for (const part of held) file.append(part);
      held = [];
    }
  } catch (error) {
    file?.close();
    throw error;
  }
  return file ?? new MemorySource(name, Buffer.concat(held));
}

class SpillFile implements ByteSource {
  readonly name: string;
  size = 0;
  readonly #fd: number;
  readonly #path = join(tmpdir(), `winnow-archive-${randomUUID()}`);

  constructor(name: string) {
    this.name = name;
    this.#fd = openSync(this.#path, 'wx+', 0o600);
    // A file without a name disappears with the process, however that ends. On Windows the file is removed when it is closed.
    if (platform() !== 'win32') rmSync(this.#path);
  }

  append(block: Uint8Array): void {
    for (let at = 0; at < block.length; ) at += writeSync(this.#fd, block, at, block.length - at, this.size + at);
    this.size += block.length;
  }

  read(into: Uint8Array, offset: number): number {
    return readFully((part, at) => readSync(this.#fd, part, 0, part.length, at), into, offset);
  }

  close(): void {
    closeSync(this.#fd);
    rmSync(this.#path, { force: true });
  }
}
