/**
 * Where a report goes, in parts or at once. In: text or its bytes in pieces. Out: stdout, or a file that appears whole or not at all.
 * Refuses to replace an existing file unless told to.
 */
import { rmSync } from 'node:fs';
import { type FileHandle, link, mkdtemp, open, rename, rm, stat } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { UsageError } from '../../model/errors.ts';
import type { CommandContext, TextOutput } from '../command.ts';
import { outputError } from './output-error.ts';

/** Pieces are gathered to about this many characters per write. */
const WRITE_LENGTH = 64 * 1024;

type Piece = string | Uint8Array;

/** Gathers small pieces of text into large writes. The next piece is made while one is being written. */
class PieceWriter {
  readonly #write: (piece: Piece) => Promise<unknown>;
  #writing: Promise<unknown> = Promise.resolve();
  #gathered = '';

  constructor(write: (piece: Piece) => Promise<unknown>) {
    this.#write = write;
  }

  async write(pieces: Iterable<Piece>): Promise<void> {
    for (const piece of pieces) {
      if (typeof piece === 'string') {
        this.#gathered += piece;
        if (this.#gathered.length >= WRITE_LENGTH) await this.#flush();
      } else {
        await this.#flush();
        await this.#next(piece);
      }
    }
  }

  async end(): Promise<void> {
    await this.#flush();
    await this.#writing;
  }

  async #flush(): Promise<void> {
    const text = this.#gathered;
    this.#gathered = '';
    if (text !== '') await this.#next(text);
  }

  async #next(piece: Piece): Promise<void> {
    await this.#writing;
    this.#writing = this.#write(piece);
    // Awaited before the next write; until then a failure must not count as unhandled.
    this.#writing.catch(() => {});
  }
}

/** What can be written to, opened. */
interface Target {
  write(piece: Piece): Promise<unknown>;
  /** After the last write, also a failed one. `whole`: everything has been written. */
  close(whole: boolean): Promise<void>;
}

/** An output that may be written in parts: `write` any number of times, then `end`, or `abandon` when something went wrong. */
export class Output {
  readonly #open: () => Promise<Target>;
  #opened: { readonly target: Target; readonly writer: PieceWriter } | null = null;

  /** `open` is called once there is something to write. */
  constructor(open: () => Promise<Target>) {
    this.#open = open;
  }

  async write(pieces: Iterable<Piece>): Promise<void> {
    await (await this.#writer()).write(pieces);
  }

  /** Waits for all writes; a file appears. */
  async end(): Promise<void> {
    await (await this.#writer()).end();
    await this.#close(true);
  }

  /** A file does not appear. What failed before is what the user is to see: refuses nothing. */
  async abandon(): Promise<void> {
    await this.#opened?.writer.end().catch(() => {});
    await this.#close(false).catch(() => {});
  }

  /** The whole output at once. */
  async save(pieces: Iterable<Piece>): Promise<void> {
    try {
      await this.write(pieces);
      await this.end();
    } catch (error) {
      await this.abandon();
      throw error;
    }
  }

  async #writer(): Promise<PieceWriter> {
    if (this.#opened === null) {
      const target = await this.#open();
      this.#opened = { target, writer: new PieceWriter((piece) => target.write(piece)) };
    }
    return this.#opened.writer;
  }

  async #close(whole: boolean): Promise<void> {
    const opened = this.#opened;
    this.#opened = null;
    await opened?.target.close(whole);
  }
}

/** `-`, and where no file is named. */
export function streamOutput(stream: TextOutput): Output {
  return new Output(async () => ({ write: (piece) => stream.write(piece), close: async () => {} }));
}

/** What `--output` and `--force` say; null and `-` are stdout. Refuses as {@link openOutputFile}. */
export async function openOutput(
  { stdout, cwd }: Pick<CommandContext, 'stdout' | 'cwd'>,
  { output, force }: { readonly output: string | null; readonly force: boolean },
): Promise<Output> {
  return isStdout(output) ? streamOutput(stdout) : openOutputFile(output, cwd, force);
}

export function isStdout(output: string | null): output is '-' | null {
  return output === null || output === '-';
}

/** Checks at once, before any work is done, that the file may be written. */
export async function openOutputFile(path: string, cwd: string, force: boolean): Promise<Output> {
  if (path === '') throw new UsageError('--output needs the name of a file.');
  const target = resolve(cwd, path);
  const found = await stat(target).catch(() => null);
  if (found?.isDirectory()) throw new UsageError(`--output ${path} is a folder. Name a file in it.`);
  // A device or a pipe (/dev/stdout, a named pipe) is written through: replacing it would destroy it.
  if (found !== null && !found.isFile()) return new Output(() => written(target, path));
  if (found !== null && !force) throw new UsageError(`--output ${path} exists. Add --force to replace it.`);
  const folder = dirname(target);
  if (!(await stat(folder).catch(() => null))?.isDirectory())
    throw new UsageError(`--output ${path}: there is no folder ${dirname(path)}.`);
  return new Output(() => replaced(target, path, force));
}

/** A file written where it is. */
async function written(target: string, path: string): Promise<Target> {
  // Errors of writing, not those of making the pieces.
  const failed = (cause: unknown): never => {
    throw outputError(cause, `--output ${path}`);
  };
  const file = await open(target, 'w').catch(failed);
  return {
    write: (piece) => writePiece(file, piece).catch(failed),
    // A network share may tell only now that it is full.
    close: () => file.close().catch(failed),
  };
}

/** A device may take less than it is given. */
async function writePiece(file: FileHandle, piece: Piece): Promise<void> {
  const bytes = typeof piece === 'string' ? Buffer.from(piece) : piece;
  for (let done = 0; done < bytes.length; ) done += (await file.write(bytes, done)).bytesWritten;
}

/** Folders with what is not yet whole. */
const unfinished = new Set<string>();

/** For a process that is about to end in the middle of its work. */
export function removeUnfinished(): void {
  for (const folder of unfinished) rmSync(folder, { recursive: true, force: true });
}

/** A file that is written elsewhere and takes its place when it is whole. */
async function replaced(target: string, path: string, force: boolean): Promise<Target> {
  // A folder of its own beside the target: same file system, a name that nobody else has.
  const folder = await mkdtemp(join(dirname(target), '.winnow-')).catch((cause: unknown) => {
    throw new UsageError(`--output ${path}: the folder cannot be written to (${errorText(cause)}).`, { cause });
  });
  unfinished.add(folder);
  const remove = async (): Promise<void> => {
    await rm(folder, { recursive: true, force: true });
    unfinished.delete(folder);
  };
  const temporary = join(folder, basename(target));
  try {
    const file = await written(temporary, path);
    return {
      write: file.write,
      close: async (whole) => {
        try {
          await file.close(whole);
          if (whole) await (force ? replace(temporary, target, path) : appear(temporary, target, path));
        } finally {
          await remove();
        }
      },
    };
  } catch (error) {
    await remove();
    throw error;
  }
}

async function replace(temporary: string, target: string, path: string): Promise<void> {
  await rename(temporary, target).catch((cause: unknown) => {
    throw outputError(cause, `--output ${path}`);
  });
}

/** Gives the file its name, unless the name has been taken in the meantime. */
async function appear(temporary: string, target: string, path: string): Promise<void> {
  try {
    await link(temporary, target);
  } catch (cause) {
    // Some file systems have no hard links (FAT, some network shares): look again, then rename.
    if ((await stat(target).catch(() => null)) !== null)
      throw new UsageError(`--output ${path} exists by now. Add --force to replace it.`, { cause });
    await replace(temporary, target, path);
  }
}

function errorText(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
