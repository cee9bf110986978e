/** `winnow scan`: rules over logs, and the report. */
import { defineCommand, EXIT } from './command.ts';
import { scanFlags } from './flags/scan-flags.ts';

export const command = defineCommand({
  name: 'scan',
  aliases: ['hunt'],
  summary: 'evaluate rules over logs and report what matched',
  description:
    'Reads exported Windows event logs (EVTX, Event XML, JSON and CSV of the usual exporters, gzip and archives of these; chosen by content, not by name), evaluates Sigma rules over them, and reports each match with what happened on that computer in the nine minutes before. Folders are searched; - is standard input.',
  examples: [
    { line: 'winnow scan Security.evtx', what: 'the rules that come with winnow, over one log' },
    {
      line: 'winnow scan -r sigma/rules/windows C/Windows/System32/winevt/Logs --min-level high',
      what: 'a folder of rules over a folder of logs',
    },
    { line: 'winnow scan logs -o report.html', what: 'a page to hand on' },
    {
      line: `winnow scan logs --format jsonl | jq -c 'select(.kind == "match") | [.event.TimeCreated, .rule.title]'`,
      what: 'into a pipeline',
    },
    { line: 'winnow scan -r rules logs --fail-on high --quiet', what: 'in a CI job' },
  ],
  operands: [
    {
      name: 'paths',
      description: 'log files and folders of them; - for standard input',
      required: true,
      variadic: true,
      knownAs: ['d', 'directory', 'file', 'e', 'events', 'evtx'],
    },
  ],
  flags: scanFlags,
  exitCodes: [
    { code: EXIT.done, when: 'done' },
    { code: EXIT.findings, when: 'a rule at or above --fail-on matched' },
    { code: EXIT.ruleUnusable, when: 'a rule was refused, with --strict; or no rule could be used' },
    { code: EXIT.usage, when: 'the command line or a file that it names is wrong' },
    {
      code: EXIT.input,
      when: 'a log could not be read, or no event was read; a log was damaged, with --fail-on-damage; the report could not be written',
    },
    { code: EXIT.interrupted, when: 'interrupted; what was written is valid' },
  ],
  async run(context, args) {
    const [{ runScan }, { scanEngine }] = await Promise.all([
      import('./run/scan/run-scan.ts'),
      import('./run/scan/scan-engine.ts'),
    ]);
    return runScan(context, args, scanEngine);
  },
});
