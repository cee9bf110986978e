/** Flags that several verbs have, with one meaning. */
import { choiceFlag, inGroup, listFlag, switchFlag, valueFlag } from '../flag.ts';
import { parseCount } from './flag-values.ts';

/** What `--format` has in common wherever it is: the choices are the verb's own. */
export const FORMAT = { group: 'Output', short: 'f', placeholder: 'FORMAT' };

/** What `--rules` has in common wherever rules are used. */
export const RULES = { group: 'Rules', short: 'r', placeholder: 'PATH', aliases: ['sigma', 's'] };

/** For verbs that write to a file on request. `openOutput` reads them. */
export function outputFlags(example: string, description = 'write to this file') {
  return inGroup('Output', {
    output: valueFlag({
      perRun: true,
      short: 'o',
      placeholder: 'FILE',
      description,
      knownAs: ['outfile'],
      examples: [example],
    }),
    force: switchFlag({ perRun: true, description: 'replace the output file if it exists', knownAs: ['clobber'] }),
  });
}

/** For verbs that evaluate rules: the files that say what rules mean. `rule-context.ts` reads them. */
export const ruleContextFlags = {
  ...inGroup('Rules', {
    values: listFlag({
      placeholder: 'FILE',
      description: 'YAML file of values (name: list) for placeholders of the expand modifier',
      examples: ['values.yml'],
    }),
    logsources: listFlag({
      placeholder: 'FILE',
      description: 'YAML file that adds or overrides log sources and field maps',
      examples: ['logsources.yml'],
    }),
    optionalSource: listFlag({
      placeholder: 'NAME',
      description:
        'also let this event serve its category: security_4657 (registry), security_5156 (network), wmi_activity_5861 (WMI)',
      examples: ['security_4657'],
    }),
  }),
};

/** For verbs that print tables of what they have counted. */
export function tableFlags(top: number, most: number, description: string) {
  return {
    top: valueFlag<number>({
      group: 'Output',
      placeholder: 'N',
      fallback: top,
      description,
      examples: ['100'],
      rejects: ['0'],
      parse: parseCount(most),
    }),
    format: choiceFlag({
      ...FORMAT,
      choices: ['text', 'jsonl'],
      fallback: 'text',
      description: 'tables for reading, or all of it as JSON Lines',
    }),
  };
}

/** For verbs that print for people. `coloured` in `terminal.ts` decides with these. */
export const colourFlags = {
  color: switchFlag({ group: 'Output', description: 'colour even if the output is no terminal' }),
  noColor: switchFlag({ group: 'Output', description: 'no colour (NO_COLOR in the environment does the same)' }),
};

/** For verbs that take defaults from a project file. `settings.ts` reads it. */
export const configFlags = {
  config: valueFlag({
    perRun: true,
    group: 'Settings',
    placeholder: 'FILE',
    description: 'take defaults from this project file',
    fallbackText: 'winnow.yml here or above in the repository, never from a folder of logs',
    examples: ['winnow.yml'],
  }),
  noConfig: switchFlag({
    perRun: true,
    group: 'Settings',
    description: 'no project file, no winnow.yml of the user, no WINNOW_RULES',
  }),
};
