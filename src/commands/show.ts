/** `winnow show`: events whole. */
import { defineCommand, EXIT } from './command.ts';
import { showFlags } from './flags/show-flags.ts';

export const command = defineCommand({
  name: 'show',
  summary: 'show one event whole, with its processes, its logon and decoded payloads; or those of an alert or incident',
  description:
    'Prints every field of a record, what decodes from base64 in it (UTF-16 and compressed scripts too, layer by layer), the processes above and below it and the logon of its session, as far as the logs have them. FILE:RECORD names a record by its EventRecordID, FILE:#INDEX by its position in the log, from 0. An id is one that a report printed, or at least its first seven digits: of an event, an alert or an incident. Events are found in the logs by their id alone. For alerts and incidents the logs are scanned again, so that rules and filters have to be those of the scan or triage that printed the id; or its report is named with --report. An event that is in no log of a disk image is carved from it.',
  examples: [
    { line: 'winnow show Sysmon.evtx:41831', what: 'a record by its EventRecordID' },
    { line: "winnow show 'Security.jsonl:#12'", what: 'a record by its position' },
    { line: 'winnow show Sysmon.evtx:41831 -f xml', what: 'as Windows renders it' },
    { line: 'winnow show b7adda0 logs', what: 'an event by its id' },
    { line: 'winnow show 00e6316 logs -r sigma/rules/windows', what: 'an incident by its id: all of its events' },
    { line: 'winnow show 23aee67 disk.E01', what: 'an event of a disk image, in whatever state: live, deleted, carved' },
    { line: 'winnow show 00e6316 --report case.html', what: 'the same, looked up in the report of the scan' },
  ],
  operands: [
    {
      name: 'what',
      description:
        'FILE:RECORD, FILE:#INDEX, ids, and the logs that ids are in; each may be a disk image, or a log in one as reports name it',
      required: true,
      variadic: true,
    },
  ],
  flags: showFlags,
  settings: 'logs',
  exitCodes: [
    { code: EXIT.done, when: 'it was shown' },
    { code: EXIT.usage, when: 'the command line is wrong, or several ids begin with what was given' },
    { code: EXIT.input, when: 'a log could not be read, or has no such record; no such id was found' },
    { code: EXIT.interrupted, when: 'interrupted' },
  ],
  load: async () => (await import('./run/show/run-show.ts')).runShow,
});
