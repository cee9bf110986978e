/** `winnow config`: which settings count, and where each comes from. */
import { defineCommand, EXIT } from './command.ts';
import { switchFlag } from './flags/flag.ts';
import { configFlags } from './flags/shared/shared-flags.ts';

export const command = defineCommand({
  name: 'config',
  auxiliary: true,
  summary: 'print which settings count for a verb, and why',
  description:
    "Lists the files and variables that settings may come from, whether each is used, and for every verb (or the one that is named, as it would run on these paths) the flags that they set, with the place. What counts, the first first: the command line, the project file (winnow.yml or .winnow.yml in the working directory or above it in the repository; for lint and test beside what is checked), the user's winnow.yml, WINNOW_RULES, what is built in.",
  examples: [
    { line: 'winnow config', what: 'all verbs' },
    { line: 'winnow config scan logs', what: 'a scan of these logs' },
    { line: 'winnow config --json', what: 'for other programs' },
  ],
  operands: [
    { name: 'verb', description: 'the verb; all when it is left out', required: false, variadic: false },
    { name: 'paths', description: 'what the verb would be given', required: false, variadic: true },
  ],
  flags: {
    json: switchFlag({ group: 'Output', description: 'one JSON object' }),
    ...configFlags,
  },
  exitCodes: [
    { code: EXIT.done, when: 'the settings were printed' },
    { code: EXIT.usage, when: 'the command line or a file of settings is wrong' },
  ],
  load: async () => (await import('./run/run-config.ts')).runConfig,
});
