/** The flags of `winnow show`. */
import { choiceFlag } from './flag.ts';

export const showFlags = {
  format: choiceFlag({
    group: 'Output',
    short: 'f',
    placeholder: 'FORMAT',
    choices: ['text', 'xml', 'json'],
    fallback: 'text',
    description: 'for reading, with what belongs to it; or the record alone',
  }),
};

export type ShowFlags = typeof showFlags;
