/** Decides what a failed write to stdout, stderr or an output file means. */

/** The results could not be written completely. Exit code 4, as when a log could not be read. */
export class OutputError extends Error {
  override readonly name = 'OutputError';
}

export function outputError(cause: unknown, where = 'the output'): OutputError {
  return new OutputError(`${where} could not be written (${(cause as Error).message}).`, { cause });
}

/** A pipe was closed. */
const READER_GONE = new Set(['EPIPE', 'ECONNRESET', 'ERR_STREAM_DESTROYED']);

/** True when the reader of our output has gone. A terminal that hung up gives EIO; for a file, EIO means a broken disk. */
export function isReaderGone(cause: unknown, isTTY = false): boolean {
  const { code = '' } = cause as NodeJS.ErrnoException;
  return READER_GONE.has(code) || (isTTY && code === 'EIO');
}
