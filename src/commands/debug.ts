/** `winnow debug`: shows how a rule is compiled and how a record is read, for people who work on winnow. */
import { defineCommand, EXIT } from './command.ts';
import { debugFlags } from './flags/debug-flags.ts';

export const command = defineCommand({
  name: 'debug',
  auxiliary: true,
  summary: 'show a compiled rule, a record as each stage sees it, or the times of the stages',
  description:
    'With `plan` it prints what became of rules: their event sources, what rules them out early, and their programs. `record` prints one record of a log: its fields, the event sources whose gate it passes, the rules that hold. `stages` times loading, reading, matching and a whole scan, each by itself, on one thread.',
  examples: [
    { line: 'winnow debug plan rules/wmi_suspicious_consumer.yml', what: 'a rule as the matcher runs it' },
    { line: 'winnow debug record Sysmon.evtx --index 12 -r rules', what: 'one record as each stage sees it' },
    { line: 'winnow debug stages Sysmon.evtx -r rules', what: 'where the time of a scan goes' },
  ],
  operands: [
    { name: 'what', description: 'plan, record or stages', required: true, variadic: false },
    { name: 'paths', description: 'of plan: rules; of the others: logs', required: true, variadic: true },
  ],
  flags: debugFlags,
  exitCodes: [
    { code: EXIT.done, when: 'it was printed' },
    { code: EXIT.usage, when: 'the command line is wrong' },
    { code: EXIT.input, when: 'there is no such record' },
  ],
  load: async () => (await import('./run/run-debug.ts')).runDebug,
});
