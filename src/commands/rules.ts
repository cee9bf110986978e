/** `winnow rules`: which rules there are, and which of them a scan would use. */
import { defineCommand, EXIT } from './command.ts';
import { rulesFlags } from './flags/rules-flags.ts';

export const command = defineCommand({
  name: 'rules',
  summary: 'count and list rules, and say which of them the filters of a scan would select',
  description:
    'Takes the rules and the filters of a scan and reads no log: how many rules there are by level, status, product, log source and ATT&CK tactic, what each filter leaves out, and which rules cannot be used on event logs and why. Rules of SigmaHQ: https://github.com/SigmaHQ/sigma/releases/latest/download/sigma_all_rules.zip (everything; sigma_core.zip has stable rules of high and critical level only). -r takes the zip as it is, or a folder of a checkout, such as sigma/rules/windows.',
  examples: [
    { line: 'winnow rules', what: 'what a scan without -r would use' },
    { line: 'winnow rules -r sigma/rules --min-level high', what: 'what is left of a checkout with a filter' },
    { line: "winnow rules -r sigma/rules/windows --tag 'attack.t1546*' -f list", what: 'the rules of a technique' },
    { line: 'winnow rules -r sigma/rules -f navigator > layer.json', what: 'ATT&CK coverage for the Navigator' },
  ],
  operands: [],
  flags: rulesFlags,
  settings: 'logs',
  exitCodes: [
    { code: EXIT.done, when: 'the rules were read' },
    { code: EXIT.ruleUnusable, when: 'no rule can be used' },
    { code: EXIT.usage, when: 'the command line or a file that it names is wrong, or a filter selects nothing' },
  ],
  load: async () => (await import('./run/rules/run-rules.ts')).runRules,
});
