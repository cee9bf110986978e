/**
 * The flags of `winnow triage`: its own for evidence, and those of `winnow scan` except --recover, which is always on, and
 * --keep-copies, because each record counts once.
 */
import { choiceFlag, inGroup, switchFlag, valueFlag } from './flag.ts';
import { scanFlags } from './scan-flags.ts';

const { recover: _recover, keepCopies: _keepCopies, ...ofScan } = scanFlags;

export const triageFlags = {
  ...inGroup('Evidence', {
    shadow: choiceFlag({
      placeholder: 'WHICH',
      choices: ['all', 'newest', 'none'],
      fallback: 'all',
      description: 'which volume shadow copies to read',
    }),
    carve: switchFlag({
      description: 'also search the whole image for event log chunks and records that are in no file',
    }),
    allFiles: switchFlag({
      description: 'look into every file, whatever it is called; also for XML and JSON',
    }),
    hash: switchFlag({
      description: 'compute hashes of the whole disk and hold them against those that the image names',
    }),
    extract: valueFlag({
      perRun: true,
      placeholder: 'DIR',
      description: 'write the logs that were found into this new folder, with a manifest of their hashes',
      examples: ['logs-of-wks07'],
    }),
  }),
  ...ofScan,
};

export type TriageFlags = typeof triageFlags;
