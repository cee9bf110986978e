/** The flags of `winnow test`. */
import { UsageError } from '../../model/errors.ts';
import { testFormatNames } from '../../testing/formats/names.generated.ts';
import { choiceFlag, listFlag, switchFlag, valueFlag } from './flag.ts';
import { colourFlags, ruleContextFlags } from './shared-flags.ts';

const MAX_HITS = 1_000_000;

export const testFlags = {
  rules: listFlag({
    group: 'Rules',
    short: 'r',
    placeholder: 'PATH',
    description: 'rule file, folder or zip archive of rules that tests name by id, and that correlations refer to',
    fallbackText: 'the rules beside the tests',
    aliases: ['sigma', 's'],
    examples: ['rules/windows'],
  }),
  ...ruleContextFlags,

  baseline: valueFlag({
    group: 'Baseline',
    placeholder: 'DIR',
    description: 'logs without an attack; a rule that hits more often than --max-hits fails',
    examples: ['goodlogs'],
  }),
  maxHits: valueFlag({
    group: 'Baseline',
    placeholder: 'N',
    fallback: 0,
    description: 'hits that each rule may have in the baseline',
    examples: ['0', '3'],
    rejects: ['-1', 'many'],
    parse: parseHits,
  }),

  format: choiceFlag({
    group: 'Output',
    short: 'f',
    placeholder: 'FORMAT',
    choices: testFormatNames,
    fallback: 'text',
    description: 'how outcomes are written',
    knownAs: ['output-format'],
  }),
  output: valueFlag({
    group: 'Output',
    short: 'o',
    placeholder: 'FILE',
    description: 'write to this file',
    examples: ['tests.xml'],
  }),
  force: switchFlag({ group: 'Output', description: 'replace the output file if it exists', knownAs: ['clobber'] }),
  coverage: switchFlag({ group: 'Output', description: 'list rules without a test and selections that held in none' }),
  verbose: switchFlag({ group: 'Output', short: 'v', description: 'also list the tests that passed' }),
  ...colourFlags,

  requireTests: switchFlag({ group: 'Exit code', description: 'exit with 1 if a rule has no test' }),
};

export type TestFlags = typeof testFlags;

/** A whole number from 0. */
function parseHits(text: string): number {
  const hits = Number(text);
  if (!/^\d+$/.test(text) || hits > MAX_HITS) throw new UsageError(`Write a whole number from 0 to ${MAX_HITS}.`);
  return hits;
}
