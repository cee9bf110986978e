/** `winnow triage`: runs rules over every event log record in a disk image, and writes the report. */
import { defineCommand, matchExits } from './command.ts';
import { triageFlags } from './flags/triage-flags.ts';

export const command = defineCommand({
  name: 'triage',
  summary: 'evaluate rules over every event log record in a disk image',
  description:
    'Opens disk images (raw, split, E01, QCOW2, VMDK, VHD, VHDX) read-only and without mounting them, finds the Windows event logs on their NTFS volumes, in volume shadow copies, among deleted files and in slack space, and evaluates rules over each record once. The report says where each record was, and what was not read. Folders and logs are read as by scan.',
  examples: [
    { line: 'winnow triage disk.E01', what: 'the story of a disk' },
    { line: 'winnow triage disk.E01 --hash --carve -o disk.html', what: 'everything, with the hashes verified, as a page' },
    { line: 'winnow triage vm.vmdk -r sigma/rules/windows --min-level high --shadow newest', what: 'rules of your own' },
    { line: 'winnow triage disk.raw --extract found --all-files', what: 'logs of any name, and the logs themselves' },
  ],
  operands: [
    { name: 'images', description: 'disk images (of several files: the first), folders, logs', required: true, variadic: true },
  ],
  flags: triageFlags,
  settings: 'logs',
  reportsSettings: true,
  exitCodes: matchExits('an image, a part of it or a log could not be read, or no event was read'),
  load: async () => (await import('./run/triage/run-triage.ts')).runTriage,
});
