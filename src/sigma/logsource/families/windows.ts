/** What no single source owns: derivations that any field map may use, and names of log sources that are not Windows events. */
import type { LogSourceFamily } from '../family.ts';
import { derive, eachText } from '../values.ts';

export const family: LogSourceFamily = {
  name: 'windows',
  commonFields: {
    /** What older rules call `Computer`. */
    ComputerName: derive('first-present', 'ComputerName', 'Computer'),
  },
  derivations: {
    /** The first of the fields that the event has. */
    'first-present': (values) => values.find((value) => value !== undefined),
    /** As logged, and without the blanks that Windows pads the value with. */
    unpadded: ([value]) => eachText(value, (text) => [text, text.trimEnd()]),
    /** The argument itself, whatever the event holds. */
    constant: (_values, argument) => argument,
  },
};
