/** The flags of `winnow timeline`: those of `winnow scan`, except for how its report is divided, and its own forms. */
import { choiceFlag } from './flag.ts';
import { scanFlags } from './scan-flags.ts';
import { FORMAT } from './shared/shared-flags.ts';

const { full: _full, brief: _brief, by: _by, format: _format, ...ofScan } = scanFlags;

export const timelineFlags = {
  ...ofScan,
  format: choiceFlag({
    ...FORMAT,
    choices: ['text', 'csv', 'jsonl'],
    fallbackText: 'by the ending of --output, else text',
    description: 'lines for reading, a table, or an object per event; Timesketch imports both',
  }),
};

export type TimelineFlags = typeof timelineFlags;
