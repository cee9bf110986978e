/** The flags of `winnow metrics`. */

import { eventFlags } from './shared/event-flags.ts';
import { configFlags, tableFlags } from './shared/shared-flags.ts';

const MAX_TOP = 100_000;

export const metricsFlags = {
  ...eventFlags,
  ...tableFlags(30, MAX_TOP, 'show so many EventIDs and computers, the most frequent first'),
  ...configFlags,
};

export type MetricsFlags = typeof metricsFlags;
