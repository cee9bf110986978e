/** `winnow show`: one event, whole. */
import { defineCommand, EXIT } from './command.ts';
import { showFlags } from './flags/show-flags.ts';

export const command = defineCommand({
  name: 'show',
  aliases: [],
  summary: 'show one event whole, with its processes, its logon and decoded payloads',
  description:
    'Prints every field of a record, what decodes from base64 in it (UTF-16 and compressed scripts too, layer by layer), the processes above and below it and the logon of its session, as far as the same log has them. FILE:RECORD names it by its EventRecordID, FILE:#INDEX by its position in the log, from 0.',
  examples: [
    { line: 'winnow show Sysmon.evtx:4711', what: 'a record by its EventRecordID' },
    { line: "winnow show 'Security.jsonl:#41'", what: 'a record by its position' },
    { line: 'winnow show Sysmon.evtx:4711 -f xml', what: 'as Windows renders it' },
  ],
  operands: [{ name: 'record', description: 'FILE:RECORD or FILE:#INDEX', required: true, variadic: true }],
  flags: showFlags,
  exitCodes: [
    { code: EXIT.done, when: 'it was shown' },
    { code: EXIT.usage, when: 'the command line is wrong' },
    { code: EXIT.input, when: 'the log could not be read, or has no such record' },
    { code: EXIT.interrupted, when: 'interrupted' },
  ],
  async run(context, args) {
    const { runShow } = await import('./run/run-show.ts');
    return runShow(context, args);
  },
});
