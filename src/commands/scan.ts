/** `winnow scan`: rules over logs, and the report. */
import { defineCommand, matchExits } from './command.ts';
import { scanFlags } from './flags/scan-flags.ts';

export const command = defineCommand({
  name: 'scan',
  aliases: ['hunt'],
  knownAs: ['detect'],
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
    { line: 'winnow scan logs --tune tuning.yml', what: 'without what is known to be noise here, each with its reason' },
    { line: 'winnow scan logs --config team.yml', what: 'with the settings of this file' },
    { line: 'winnow scan logs --no-config', what: 'with none' },
    {
      line: `winnow scan logs --format jsonl | jq -c 'select(.kind == "match") | [.event.TimeCreated, .rule.title]'`,
      what: 'into a pipeline',
    },
    { line: 'winnow scan -r rules logs --fail-on high --quiet', what: 'in a CI job' },
    { line: 'winnow scan logs --full --color | less -R', what: 'all that the report for reading has, page by page' },
    { line: 'winnow scan logs --brief --no-color', what: 'its head, and the worst rules' },
    {
      line: 'winnow scan logs --by host --incident-gap 2h --lookback 30m',
      what: 'by computer; long pauses belong to an incident, half an hour to the look-back',
    },
    {
      line: "winnow scan logs --from 2026-03-05 --to 2026-03-05 --computer 'WKS-*' --exclude-computer 'SRV-*' --user m.haller --exclude-user svc-backup",
      what: 'one day, some computers, an account',
    },
    {
      line: 'winnow scan logs --channel Sysmon --exclude-channel System --event-id 20 --event-id 21 --exclude-event-id 5156',
      what: 'some kinds of events',
    },
    { line: "winnow scan logs --path '*Security*' --path '*Sysmon*' --exclude-path '*backup*'", what: 'some files of a folder' },
    {
      line: "winnow scan -r rules logs --tag 'attack.*' --exclude-tag attack.discovery --rule '*WMI*' --exclude-rule 'Two Of Three*'",
      what: 'some rules',
    },
    {
      line: 'winnow scan logs --level medium --level high --status experimental --exclude-status deprecated --exclude-level informational',
      what: 'by level and status',
    },
    {
      line: 'winnow scan logs --id 9efea1bc-da32-4e59-835f-1d43dca53bf5 --exclude-rule 4fc8280b-a862-40c1-8e1b-23fca536836f',
      what: 'rules by id',
    },
    {
      line: 'winnow scan -r rules logs --values values.yml --logsources logsources.yml --optional-source wmi_activity_5861',
      what: 'values for placeholders, own log sources, a further source of WMI events',
    },
    {
      line: 'winnow scan evidence.zip --archive-password infected --recover --verify',
      what: 'a protected archive; also what is left in slack space, and checksums',
    },
    {
      line: 'winnow scan logs backup --keep-copies --follow-links --threads 2 --no-cache',
      what: 'copies count, links are followed',
    },
    {
      line: 'winnow scan -r rules logs --strict --fail-on-damage --no-progress -o report.jsonl --force',
      what: 'every refused rule and every damaged log fails',
    },
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
  settings: 'logs',
  reportsSettings: true,
  exitCodes: matchExits(
    'a log could not be read, or no event was read; a log was damaged, with --fail-on-damage; the report could not be written',
  ),
  async load() {
    const [{ runScan }, { scanEngine }] = await Promise.all([
      import('./run/scan/run-scan.ts'),
      import('./run/scan/scan-engine.ts'),
    ]);
    return (context, args) => runScan(context, args, scanEngine);
  },
});
