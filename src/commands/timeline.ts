/** `winnow timeline`: what happened, by time. */
import { defineCommand } from './command.ts';
import { timelineFlags } from './flags/timeline-flags.ts';
import { command as scan } from './scan.ts';

export const command = defineCommand({
  name: 'timeline',
  knownAs: ['csv-timeline', 'json-timeline', 'dfir-timeline'],
  summary: 'list matched events and what happened around them by time, over all computers',
  description:
    'Scans as winnow scan does, with the same rules and filters, and prints one line for each event that a rule matched and for each one that the look-back ties to a match, by time over all computers, each record once. `·` marks events that no rule matched, and what ties them stands in brackets. winnow show has the whole event of an id.',
  examples: [
    { line: 'winnow timeline logs -r sigma/rules/windows', what: 'what happened on all computers' },
    {
      line: "winnow timeline logs --from 2019-05-11 --computer 'WKS-*' --min-level high",
      what: 'of some computers, from a day on',
    },
    { line: 'winnow timeline logs -o timeline.csv', what: 'a table, also for Timesketch' },
    {
      line: "winnow timeline logs --lookback 0 -f jsonl | jq -r '[.datetime, .message] | @tsv'",
      what: 'matched events only, into a pipeline',
    },
  ],
  operands: scan.operands,
  flags: timelineFlags,
  settings: 'logs',
  reportsSettings: true,
  exitCodes: scan.exitCodes,
  load: async () => (await import('./run/run-timeline.ts')).runTimeline,
});
