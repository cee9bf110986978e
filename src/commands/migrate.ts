/** `winnow migrate`: rules of Sigma 1 that count or relate events, written as correlations of Sigma 2. */
import { defineCommand, EXIT } from './command.ts';
import { migrateFlags } from './flags/migrate-flags.ts';

export const command = defineCommand({
  name: 'migrate',
  summary: 'write old rules that count events as correlations',
  description:
    'Turns conditions of Sigma 1 such as "selection | count() by User > 5" and "selection | near other", with their timeframe, into a base rule and a correlation that find the same. Prints a diff; --write rewrites the files. All other text stays as it is, comments included. The rule keeps its id and no longer reports by itself; the correlation behind it has an id of its own, the same each time. What Sigma 2 cannot say is left as it is, with the reason.',
  examples: [
    { line: 'winnow migrate sigma/rules', what: 'show what would change, as a diff' },
    { line: 'winnow migrate sigma/rules --timespan 1h', what: 'and rules without a timeframe, which count over one hour then' },
    { line: 'winnow migrate sigma/rules --write', what: 'rewrite the files' },
  ],
  operands: [{ name: 'rules', description: 'rule files and folders of them', required: true, variadic: true }],
  flags: migrateFlags,
  exitCodes: [
    { code: EXIT.done, when: 'everything old was rewritten, or there was nothing' },
    { code: EXIT.findings, when: 'an old rule has no equivalent and is left as it is' },
    { code: EXIT.usage, when: 'the command line is wrong' },
    { code: EXIT.input, when: 'a file could not be read or written' },
  ],
  load: async () => (await import('./run/run-migrate.ts')).runMigrate,
});
