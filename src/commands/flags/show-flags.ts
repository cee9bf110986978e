/**
 * The flags of `winnow show`: its own, and those of `winnow scan` and `winnow triage` that decide which alerts and incidents there
 * are.
 */
import { choiceFlag, valueFlag } from './flag.ts';
import { scanFlags } from './scan-flags.ts';
import { triageFlags } from './triage-flags.ts';

const {
  format: _format,
  full: _full,
  brief: _brief,
  by: _by,
  output: _output,
  force: _force,
  noProgress: _noProgress,
  quiet: _quiet,
  failOn: _failOn,
  failOnDamage: _failOnDamage,
  strict: _strict,
  ...ofScan
} = scanFlags;

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
  ...ofScan,
  format: choiceFlag({
    group: 'Output',
    short: 'f',
    placeholder: 'FORMAT',
    choices: ['text', 'xml', 'json'],
    fallback: 'text',
    description: 'for reading, with what belongs to it; or the records alone',
  }),
};

export type ShowFlags = typeof showFlags;
