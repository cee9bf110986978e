/** CSV: tables of events with a header, separated by commas, semicolons or tabs. `tables.ts` lists those of known tools. */
import type { LogFormat } from '../log-format.ts';
import { CsvDecoder } from './decoder.ts';
import { readHeader } from './header.ts';

export const format: LogFormat = {
  name: 'csv',
  priority: 40,
  text: true,
  isWhole: true,
  // The head may end in the middle of a row.
  sniff: (head) => readHeader(head, true) !== null,
  decoder: (name, sink, { shapes }, thread) => new CsvDecoder(name, sink, thread, shapes),
  // One range only: whether a line break is inside quotes depends on all quotes before it.
  ranges: (size) => [{ start: 0, end: size }],
};
