/**
 * The flags of `winnow show`: its own, and those of `winnow scan` and `winnow triage` that decide which alerts and incidents there
 * are.
 */
import { choiceFlag, valueFlag } from './flag.ts';
import { findingFlags } from './scan-flags.ts';
import { colourFlags, configFlags, FORMAT } from './shared/shared-flags.ts';
import { triageFlags } from './triage-flags.ts';

const { shadow, carve, allFiles } = triageFlags;

export const showFlags = {
  report: valueFlag({
    group: 'Ids',
    placeholder: 'FILE',
    description:
      'look ids up in this report (.html, .jsonl or .json) instead of scanning again; logs are then those that it names',
    examples: ['case.html'],
  }),
  shadow,
  carve,
  allFiles,
  ...findingFlags,
  ...colourFlags,
  ...configFlags,
  format: choiceFlag({
    ...FORMAT,
    choices: ['text', 'xml', 'json'],
    fallback: 'text',
    description: 'for reading, with what belongs to it; or the records alone',
  }),
};

export type ShowFlags = typeof showFlags;
