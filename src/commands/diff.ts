/** `winnow diff`: what a change of rules changes in their meaning and in what they find. */
import { defineCommand, EXIT } from './command.ts';
import { diffFlags } from './flags/diff-flags.ts';

export const command = defineCommand({
  name: 'diff',
  summary: 'say what a change of rules changes',
  description:
    'Compares two versions of rules: what was added, removed or changed, and of each changed rule whether it finds the same, more or less, as far as that can be proven without an event. With logs also the matches that each changed rule, and each correlation over one, has gained and lost. Rules are told by id, else by name, title or file name.',
  examples: [
    { line: 'winnow diff old/whoami.yml new/whoami.yml', what: 'one rule' },
    { line: 'winnow diff old/rules rules goodlogs', what: 'two folders, and the matches gained and lost on logs' },
    { line: 'winnow diff old/rules rules --format markdown -o diff.md --force', what: 'for a pull request' },
    { line: 'winnow diff old/whoami.yml new/whoami.yml --exit-code', what: 'in a script: 1 where it may find something else' },
  ],
  operands: [
    { name: 'old', description: 'rule file, folder or zip archive before the change', required: true, variadic: false },
    { name: 'new', description: 'the same after it', required: true, variadic: false },
    { name: 'logs', description: 'log files and folders of them', required: false, variadic: true },
  ],
  flags: diffFlags,
  settings: 'logs',
  exitCodes: [
    { code: EXIT.done, when: 'compared' },
    { code: EXIT.findings, when: 'with --exit-code: a rule may find something else, or does on the logs' },
    { code: EXIT.ruleUnusable, when: 'a rule of the new version was refused' },
    { code: EXIT.usage, when: 'the command line or a file that it names is wrong' },
    { code: EXIT.input, when: 'no rule or no event was read, a log is damaged, or the output could not be written' },
    { code: EXIT.interrupted, when: 'interrupted' },
  ],
  load: async () => (await import('./run/run-diff.ts')).runDiff,
});
