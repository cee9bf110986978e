/** `winnow dump`: writes events in a form that other programs read. */
import { defineCommand, LOGS, logExits } from './command.ts';
import { dumpFlags } from './flags/dump-flags.ts';

export const command = defineCommand({
  name: 'dump',
  summary: 'write events as JSON Lines, XML or CSV',
  description:
    'Writes every event, or those that the flags choose, in the order of the logs. EVTX records come as Windows has them, in the shape of `evtx_dump -o jsonl` or as Event XML; events of other logs are written anew from their fields in the same shape. Characters that act on a terminal are escaped, which changes nothing of what they mean.',
  examples: [
    { line: 'winnow dump Security.evtx', what: 'JSON Lines' },
    { line: 'winnow dump logs --event-id 4624 --event-id 4625 -f csv -o logons.csv', what: 'a table of logons' },
    { line: "winnow dump logs --channel 'Microsoft-Windows-Sysmon*' --from 2019-05-11 -f xml", what: 'Event XML' },
    {
      line: "winnow dump logs --computer 'WKS-*' --to 2026-03-05 -o events.jsonl --force",
      what: 'of some computers, until the end of a day',
    },
  ],
  operands: [LOGS],
  flags: dumpFlags,
  settings: 'logs',
  exitCodes: logExits(undefined, 'a log could not be read, or the output could not be written'),
  load: async () => (await import('./run/run-dump.ts')).runDump,
});
