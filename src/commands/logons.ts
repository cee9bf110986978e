/** `winnow logons`: who logged on, from where. */
import { defineCommand, LOGS, logExits } from './command.ts';
import { logonsFlags } from './flags/logons-flags.ts';

export const command = defineCommand({
  name: 'logons',
  knownAs: ['logon-summary'],
  summary: 'say who logged on where, from where and how, and what failed before',
  description:
    'Counts the logons of Security logs (4624, 4625) by account, address, computer and type. Accounts that failed several times and then succeeded from the same place come first. A session ends with 4634 or 4647 of the same logon id.',
  examples: [
    { line: 'winnow logons logs', what: 'who logged on' },
    { line: 'winnow logons Security.evtx --sessions --from 2019-05-11 --top 5', what: 'with each session; five of each' },
    { line: 'winnow logons logs --user m.haller', what: 'of one account' },
    { line: 'winnow logons logs -f jsonl', what: 'for other programs' },
  ],
  operands: [LOGS],
  flags: logonsFlags,
  settings: 'logs',
  exitCodes: logExits(),
  load: async () => (await import('./run/run-logons.ts')).runLogons,
});
