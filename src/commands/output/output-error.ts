/** What a failed write to stdout, stderr or an output file means. */

/** What was found could not be written, or not all of it. Exit code 4: the results are incomplete, as where a log was not read. */
export class OutputError extends Error {
  override readonly name = 'OutputError';
}

export function outputError(cause: unknown, where = 'the output'): OutputError {
  return new OutputError(`${where} could not be written (${(cause as Error).message}).`, { cause });
}

/** A pipe was closed. */
const READER_GONE = new Set(['EPIPE', 'ECONNRESET', 'ERR_STREAM_DESTROYED']);

/** Whoever read our output has ended. A terminal that hung up says EIO; where it is a file, that is a broken disk. */
export function isReaderGone(cause: unknown, isTTY = false): boolean {
  const { code = '' } = cause as NodeJS.ErrnoException;
  return READER_GONE.has(code) || (isTTY && code === 'EIO');
}
