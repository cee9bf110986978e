/** What belongs to no source in particular: derivations that any field map may use, and names that are not Windows events. */
import type { LogSourceFamily } from '../family.ts';

export const family: LogSourceFamily = {
  name: 'windows',
  derivations: {
    /** The first of the fields that the event has. */
    'first-present': (values) => values.find((value) => value !== undefined),
    /** Its argument, whatever the event holds. */
    constant: (_values, argument) => argument,
  },
};
