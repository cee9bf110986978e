/**
 * In: text or its bytes in pieces. Out: a file that appears whole or not at all. Refuses to replace an existing file unless told to.
 */
import { type FileHandle, link, mkdtemp, open, rename, rm, stat } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { UsageError } from '../model/errors.ts';
import { outputError } from './output-error.ts';

/** Pieces are gathered to about this many characters per write. */
const WRITE_LENGTH = 64 * 1024;

/** Gathers small pieces of text into large writes. The next piece is made while one is being written. */
export async function writeAll(
  pieces: Iterable<string | Uint8Array>,
  write: (piece: string | Uint8Array) => Promise<unknown>,
): Promise<void> {
  let writing: Promise<unknown> = Promise.resolve();
  const next = async (piece: string | Uint8Array): Promise<void> => {
    await writing;
    writing = write(piece);
    // Awaited before the next write; until then a failure must not count as unhandled.
    writing.catch(() => {});
  };
  let gathered = '';
  for (const piece of pieces) {
    if (typeof piece === 'string') {
      gathered += piece;
      if (gathered.length < WRITE_LENGTH) continue;
    }
    if (gathered !== '') await next(gathered);
    gathered = '';
    if (typeof piece !== 'string') await next(piece);
  }
  if (gathered !== '') await next(gathered);
  await writing;
}

export interface OutputFile {
  /** Writes everything, then lets the file appear. */
  save(pieces: Iterable<string | Uint8Array>): Promise<void>;
}

/** Checks at once, before any work is done, that the file may be written. */
export async function openOutputFile(path: string, cwd: string, force: boolean): Promise<OutputFile> {
  if (path === '') throw new UsageError('--output needs the name of a file.');
  const target = resolve(cwd, path);
  const found = await stat(target).catch(() => null);
  if (found?.isDirectory()) throw new UsageError(`--output ${path} is a folder. Name a file in it.`);
  // A device or a pipe (/dev/stdout, a named pipe) is written through: replacing it would destroy it.
  if (found !== null && !found.isFile()) return { save: (pieces) => writeThrough(target, path, pieces) };
  if (found !== null && !force) throw new UsageError(`--output ${path} exists. Add --force to replace it.`);
  const folder = dirname(target);
  if (!(await stat(folder).catch(() => null))?.isDirectory())
    throw new UsageError(`--output ${path}: there is no folder ${dirname(path)}.`);
  return { save: (pieces) => replaceWhole(target, path, force, pieces) };
}

async function writeThrough(target: string, path: string, pieces: Iterable<string | Uint8Array>): Promise<void> {
  // Errors of writing, not those of making the pieces.
  const failed = (cause: unknown): never => {
    throw outputError(cause, `--output ${path}`);
  };
  const file = await open(target, 'w').catch(failed);
  try {
    await writeAll(pieces, (piece) => writePiece(file, piece).catch(failed));
  } finally {
    // A network share may tell only now that it is full.
    await file.close().catch(failed);
  }
}

/** A device may take less than it is given. */
async function writePiece(file: FileHandle, piece: string | Uint8Array): Promise<void> {
  const bytes = typeof piece === 'string' ? Buffer.from(piece) : piece;
  for (let done = 0; done < bytes.length; ) done += (await file.write(bytes, done)).bytesWritten;
}

async function replaceWhole(target: string, path: string, force: boolean, pieces: Iterable<string | Uint8Array>): Promise<void> {
  // A folder of its own beside the target: same file system, a name that nobody else has.
  const folder = await mkdtemp(join(dirname(target), '.winnow-')).catch((cause: unknown) => {
    throw new UsageError(`--output ${path}: the folder cannot be written to (${errorText(cause)}).`, { cause });
  });
  try {
    const temporary = join(folder, basename(target));
    await writeThrough(temporary, path, pieces);
    if (force)
      await rename(temporary, target).catch((cause: unknown) => {
        throw outputError(cause, `--output ${path}`);
      });
    else await appear(temporary, target, path);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Gives the file its name, unless the name has been taken in the meantime. */
async function appear(temporary: string, target: string, path: string): Promise<void> {
  try {
    await link(temporary, target);
  } catch (cause) {
    // Some file systems have no hard links (FAT, some network shares): look again, then rename.
    if ((await stat(target).catch(() => null)) !== null)
      throw new UsageError(`--output ${path} exists by now. Add --force to replace it.`, { cause });
    await rename(temporary, target).catch((later: unknown) => {
      throw outputError(later, `--output ${path}`);
    });
  }
}

function errorText(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
