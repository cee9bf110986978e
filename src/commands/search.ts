/** `winnow search`: finds the events that contain a text. */
import { defineCommand, LOGS, logExits } from './command.ts';
import { searchFlags } from './flags/search-flags.ts';

export const command = defineCommand({
  name: 'search',
  summary: 'find events by a text, a regular expression or the value of a field',
  description:
    'Looks at every value of every event, whatever rules say, and prints the events that hold what is searched for, in the order of the logs, with the field that holds it. Case does not matter. Of an EVTX log only those parts are read in which the text stands; damage elsewhere is then not noticed.',
  examples: [
    { line: 'winnow search wmic logs', what: 'a text, in any field' },
    { line: "winnow search -F 'Image=*\\wmic.exe' logs --from 2019-05-11", what: 'the value of a field, from a day on' },
    {
      line: "winnow search -e '[A-Z]:.*[.]cmd' Sysmon.evtx -C 2",
      what: 'a regular expression, with two records before and after',
    },
    { line: 'winnow search 127.0.0.1 logs --event-id 4624 -f jsonl', what: 'as JSON Lines' },
    { line: 'winnow search PowerShell logs --case-sensitive --color | less -R', what: 'with its case, what was found in colour' },
  ],
  operands: [{ name: 'what', description: 'a text, or as --regex and --field say', required: true, variadic: false }, LOGS],
  flags: searchFlags,
  settings: 'logs',
  exitCodes: logExits('the logs were read, whether there was a hit or not'),
  load: async () => (await import('./run/run-search.ts')).runSearch,
});
