/**
 * Single EVTX records that were carved from a disk and put together into chunks by `evidence/carving/carved-records.ts`. No file
 * is of this format: only a locator of such records names it.
 */
import { EvtxDecoder } from '../evtx/decoder.ts';
import { format as evtx } from '../evtx/format.ts';
import type { LogFormat } from '../log-format.ts';

export const format: LogFormat = {
  name: 'evtx-records',
  priority: 100,
  text: false,
  sniff: () => false,
  decoder: (name, sink, options, thread, range) =>
    new EvtxDecoder(name, sink, { ...options, recover: true, single: true }, thread, range),
  ranges: evtx.ranges,
};
