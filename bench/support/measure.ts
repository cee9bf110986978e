/** Reading a log without the tool around it, and what that costs. */
import { closeSync, openSync, readSync } from 'node:fs';
import { readBuffer } from '../../src/bytes/read-buffer.ts';
import { format } from '../../src/logs/evtx/format.ts';
import type { EventSink } from '../../src/model/event.ts';
import { thread } from '../../src/thread.ts';

/** As the tool reads: what lies in the second-level cache is looked at at once. */
const BLOCK_BYTES = 256 << 10;

/** One for good, as the tool has: there is room for a few only. */
let block: Buffer | null = null;

export function readEvtx(path: string, sink: EventSink): void {
  const decoder = format.decoder(path, sink, { recover: false, verify: false }, thread);
  const fd = openSync(path, 'r');
  block ??= thread.accelerator?.memory(BLOCK_BYTES) ?? readBuffer(BLOCK_BYTES);
  for (let length = readSync(fd, block); length > 0; length = readSync(fd, block)) decoder.push(block.subarray(0, length));
  decoder.end();
  closeSync(fd);
}

/** Processor time in microseconds: other programs on the machine disturb it less than they do the clock. */
export function cpuUs(run: () => void): number {
  const start = process.cpuUsage();
  run();
  const { user, system } = process.cpuUsage(start);
  return user + system;
}
