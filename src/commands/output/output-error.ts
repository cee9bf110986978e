/** What a failed write to stdout, stderr or an output file means. */
import { UsageError } from '../../model/errors.ts';
import { OutputClosed } from '../command.ts';

/** Whoever read our output has ended: a pipe was closed, a terminal hung up. */
const READER_GONE = new Set(['EPIPE', 'ECONNRESET', 'EIO', 'ERR_STREAM_DESTROYED']);

/** A reader that has gone is no error; anything else (a full disk) has lost output, and must not look like success. */
export function outputError(cause: unknown, where = 'the output'): OutputClosed | UsageError {
  const { code, message } = cause as NodeJS.ErrnoException;
  if (code !== undefined && READER_GONE.has(code)) return new OutputClosed('the reader of the output has gone', { cause });
  return new UsageError(`${where} could not be written (${message}).`, { cause });
}
