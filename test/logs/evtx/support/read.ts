/** Reading helpers of the EVTX tests. */

import { closeSync, openSync, readSync } from 'node:fs';
import { format } from '../../../../src/logs/evtx/format.ts';
import type { Diagnostic } from '../../../../src/model/diagnostic.ts';
import type { EventRecord } from '../../../../src/model/event.ts';
import type { ByteRange, ReadOptions } from '../../../../src/model/reader.ts';
import { thread } from '../../../../src/thread.ts';

export const PLAIN: ReadOptions = { recover: false, verify: false };
export const RECOVER: ReadOptions = { recover: true, verify: false };
export const VERIFY: ReadOptions = { recover: false, verify: true };

/** Pushes `bytes` through a decoder in blocks of `blockBytes`. */
export function decodeBytes(
  bytes: Buffer,
  options: ReadOptions,
  onEvent: (event: EventRecord) => void,
  blockBytes = bytes.length,
  range?: ByteRange,
) {
  const diagnostics: Diagnostic[] = [];
  const sink = { event: onEvent, diagnostic: (diagnostic: Diagnostic) => void diagnostics.push(diagnostic) };
  const decoder = format.decoder('test.evtx', sink, options, thread, range);
  const end = range?.end ?? bytes.length;
  for (let at = range?.start ?? 0; at < end; at += blockBytes) decoder.push(bytes.subarray(at, Math.min(at + blockBytes, end)));
  decoder.end();
  return { stats: decoder.stats, diagnostics };
}

const block = Buffer.allocUnsafeSlow(1 << 20);

/** The same for a file, in blocks of 1 MiB. */
export function decodeFile(path: string, options: ReadOptions, onEvent: (event: EventRecord) => void) {
  const diagnostics: Diagnostic[] = [];
  const sink = { event: onEvent, diagnostic: (diagnostic: Diagnostic) => void diagnostics.push(diagnostic) };
  const decoder = format.decoder(path, sink, options, thread);
  const file = openSync(path, 'r');
  for (let length = readSync(file, block); length > 0; length = readSync(file, block)) decoder.push(block.subarray(0, length));
  closeSync(file);
  decoder.end();
  return { stats: decoder.stats, diagnostics };
}
