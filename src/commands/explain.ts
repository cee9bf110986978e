/** `winnow explain`: why a rule matches an event, or does not. */
import { defineCommand, EXIT } from './command.ts';
import { explainFlags } from './flags/explain-flags.ts';

export const command = defineCommand({
  name: 'explain',
  summary: 'say why a rule matches an event, or does not',
  description:
    'Shows the log source first, then the condition as a tree with true or false per part, the value seen against the value wanted, and for a miss the smallest reason (log source, field absent, case, value, filter, window). Without a record it shows the matches and the nearest misses of a log; for a correlation it says which of its rules found nothing, or how far apart they were.',
  examples: [
    { line: 'winnow explain rules/whoami.yml Security.evtx', what: 'the matches and the nearest misses of a log' },
    { line: 'winnow explain rules/whoami.yml Security.evtx --record 41837', what: 'one record by its EventRecordID' },
    { line: 'winnow explain -r sigma/rules 79aa2218-2851-4fa5-87ee-c5d7b288711b logs', what: 'a rule by its id' },
    { line: 'winnow explain rules/wmi_subscription_sequence.yml Sysmon.evtx', what: 'why a correlation did not fire' },
    {
      line: 'winnow explain rules/whoami.yml Security.evtx --index 3 --format json',
      what: 'one record by its position, for other programs',
    },
    {
      line: 'winnow explain rules/whoami.yml logs --near 10 --color --logsources logsources.yml',
      what: 'ten of the nearest misses, with log sources of your own',
    },
  ],
  operands: [
    { name: 'rule', description: 'rule file, or with -r the id, name or title of a rule', required: true, variadic: false },
    { name: 'logs', description: 'log files, folders of them, disk images', required: true, variadic: true },
  ],
  flags: explainFlags,
  settings: 'logs',
  exitCodes: [
    { code: EXIT.done, when: 'explained, whether the rule matches or not' },
    { code: EXIT.ruleUnusable, when: 'the rule was refused' },
    { code: EXIT.usage, when: 'the command line or a file that it names is wrong, or there is no such rule' },
    { code: EXIT.input, when: 'a log could not be read, no event was read, or there is no such record' },
    { code: EXIT.interrupted, when: 'interrupted' },
  ],
  load: async () => (await import('./run/run-explain.ts')).runExplain,
});
