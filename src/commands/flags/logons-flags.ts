/** The flags of `winnow logons`. */

import { switchFlag } from './flag.ts';
import { eventFlags } from './shared/event-flags.ts';
import { configFlags, tableFlags } from './shared/shared-flags.ts';

const MAX_TOP = 1_000_000;

export const logonsFlags = {
  from: eventFlags.from,
  to: eventFlags.to,
  computer: eventFlags.computer,
  user: eventFlags.user,
  sessions: switchFlag({ group: 'Output', description: 'also list each session, with its length where its end was logged' }),
  ...tableFlags(50, MAX_TOP, 'show so many lines of each table'),
  ...configFlags,
};

export type LogonsFlags = typeof logonsFlags;
