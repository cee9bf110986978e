/**
 * Writes a report, at once or in parts. In: pieces of text or bytes. Out: stdout, or a file that appears only when it is
 * complete. Refuses to replace an existing file without --force, and to replace a file that the command reads even with it.
 */
import { type BigIntStats, statSync, write } from 'node:fs';
import { type FileHandle, open, stat } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { promisify } from 'node:util';
import { AtomicFile } from '../../files/atomic-file.ts';
import { UsageError } from '../../model/errors.ts';
import type { CommandContext, TextOutput } from '../command.ts';
import { isReaderGone, outputError } from './output-error.ts';

/** About this many characters are gathered for each write. */
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
    // It is awaited before the next write. Until then, a failure must not count as unhandled.
    this.#writing.catch(() => {});
  }
}

/** What can be written to, opened. */
interface Target {
  write(piece: Piece): Promise<unknown>;
  /** Called after the last write, also a failed one. `whole`: everything has been written. */
  close(whole: boolean): Promise<void>;
}

/** An output that can be written in parts: `write` any number of times, then `end`, or `abandon` after an error. */
export class Output {
  readonly #open: () => Promise<Target>;
  readonly #isClosed: () => boolean;
  #opened: { readonly target: Target; readonly writer: PieceWriter } | null = null;

  /** `open` is called once there is something to write. */
  constructor(open: () => Promise<Target>, isClosed: () => boolean = () => false) {
    this.#open = open;
    this.#isClosed = isClosed;
  }

  /** Reads all of `pieces`, even when the reader of the output has gone. */
  async write(pieces: Iterable<Piece>): Promise<void> {
    await (await this.#writer()).write(pieces);
  }

  /** Writes the rest and waits for all writes. A file then appears. When the reader has gone, the rest is not made. */
  async end(pieces: Iterable<Piece> = []): Promise<void> {
    await this.write(this.#wanted(pieces));
    await (await this.#writer()).end();
    await this.#close(true);
  }

  /** Drops the output, so that a file does not appear. It never throws, so that the user sees the first error. */
  async abandon(): Promise<void> {
    await this.#opened?.writer.end().catch(() => {});
    await this.#close(false).catch(() => {});
  }

  /** The whole output at once. */
  async save(pieces: Iterable<Piece>): Promise<void> {
    try {
      await this.end(pieces);
    } catch (error) {
      await this.abandon();
      throw error;
    }
  }

  *#wanted(pieces: Iterable<Piece>): Iterable<Piece> {
    for (const piece of pieces) {
      if (this.#isClosed()) return;
      yield piece;
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

/** For `-`, and when no file is named. */
export function streamOutput(stream: TextOutput): Output {
  return new Output(
    async () => ({ write: (piece) => stream.write(piece), close: async () => {} }),
    () => stream.closed,
  );
}

/**
 * The files that the command reads. Called only when a file would be replaced, because finding them may mean walking through
 * folders.
 */
export type FilesRead = () => Iterable<string> | Promise<Iterable<string>>;

/** What `--output` and `--force` mean. null and `-` are stdout. Refuses like {@link openOutputFile}. */
export async function openOutput(
  { stdout, cwd }: Pick<CommandContext, 'stdout' | 'cwd'>,
  { output, force }: { readonly output: string | null; readonly force: boolean },
  filesRead: FilesRead,
): Promise<Output> {
  return isStdout(output) ? streamOutput(stdout) : openOutputFile(output, cwd, force, filesRead);
}

export function isStdout(output: string | null): output is '-' | null {
  return output === null || output === '-';
}

/** Checks at once, before any work is done, that the file may be written. */
export async function openOutputFile(
  path: string,
  cwd: string,
  force: boolean,
  filesRead: FilesRead = () => [],
): Promise<Output> {
  if (path === '') throw new UsageError('--output needs the name of a file.');
  const target = resolve(cwd, path);
  const found = await stat(target, { bigint: true }).catch(() => null);
  if (found?.isDirectory()) throw new UsageError(`--output ${path} is a folder. Name a file in it.`);
  // A device or pipe (/dev/stdout, a named pipe) is written directly. Replacing it would destroy it.
  if (found !== null && !found.isFile()) return new Output(() => writtenThrough(target, path));
  if (found !== null) {
    refuseInput(path, found, await filesRead(), cwd);
    if (!force) throw new UsageError(`--output ${path} exists. Add --force to replace it.`);
  }
  const folder = dirname(target);
  if (!(await stat(folder).catch(() => null))?.isDirectory())
    throw new UsageError(`--output ${path}: there is no folder ${dirname(path)}.`);
  return new Output(() => replaced(target, path, force));
}

/**
 * Evidence and rules are never replaced, even with `--force`. Files are compared by device and number, because several links
 * may name one file.
 */
function refuseInput(path: string, output: BigIntStats, filesRead: Iterable<string>, cwd: string): void {
  for (const file of filesRead) {
    const read = identityOf(resolve(cwd, file));
    if (read !== undefined && read.ino === output.ino && read.dev === output.dev)
      throw new UsageError(`--output ${path} is ${file}, which is to be read. It is never replaced: name another file.`);
  }
}

function identityOf(path: string): BigIntStats | undefined {
  try {
    return statSync(path, { bigint: true, throwIfNoEntry: false });
  } catch {
    return undefined;
  }
}

/** A device or a pipe, which is written directly. */
async function writtenThrough(target: string, path: string): Promise<Target> {
  let closed = false;
  const failed = (cause: unknown): void => {
    if (!isReaderGone(cause)) throw outputError(cause, `--output ${path}`);
    closed = true;
  };
  const file: FileHandle = await open(target, 'w').catch((cause: unknown) => {
    throw outputError(cause, `--output ${path}`);
  });
  return {
    // A device may accept fewer bytes than it is given.
    write: async (piece) => {
      if (!closed) await writeAll(piece, async (bytes, from) => (await file.write(bytes, from)).bytesWritten).catch(failed);
    },
    close: () => file.close().catch(failed),
  };
}

async function writeAll(piece: Piece, write: (bytes: Uint8Array, from: number) => Promise<number>): Promise<void> {
  const bytes = typeof piece === 'string' ? Buffer.from(piece) : piece;
  for (let done = 0; done < bytes.length; ) done += await write(bytes, done);
}

const writeTo = promisify(write);

/** Whether the user may not write there. Anything else is a fault of the disk. */
const REFUSED = new Set(['EACCES', 'EPERM', 'EROFS', 'ENOENT', 'ENOTDIR']);

/** A file that is written under another name and gets its own when it is complete. */
async function replaced(target: string, path: string, force: boolean): Promise<Target> {
  // Errors of writing, not of making the pieces.
  const failed = (cause: unknown): never => {
    throw outputError(cause, `--output ${path}`);
  };
  let file: AtomicFile;
  try {
    file = new AtomicFile(target);
  } catch (cause) {
    const { code = '', message } = cause as NodeJS.ErrnoException;
    if (!REFUSED.has(code)) return failed(cause);
    throw new UsageError(`--output ${path}: the folder cannot be written to (${message}).`, { cause });
  }
  return {
    write: (piece) =>
      writeAll(piece, async (bytes, from) => (await writeTo(file.fd, bytes, from, bytes.length - from, null)).bytesWritten).catch(
        failed,
      ),
    close: async (whole) => {
      try {
        if (whole) file.finish({ replace: force });
      } catch (cause) {
        if ((cause as NodeJS.ErrnoException).code !== 'EEXIST') failed(cause);
        throw new UsageError(`--output ${path} exists by now. Add --force to replace it.`, { cause });
      } finally {
        file.abandon();
      }
    },
  };
}
