/** One change anywhere costs the record that it is in, or the two that it joins; never the rest of the log. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { format as json } from '../../src/logs/json/format.ts';
import { format as xml } from '../../src/logs/xml/format.ts';
import { tries } from '../support/random.ts';
import { decode, eventXml } from './support.ts';

const ids = [1, 2, 3, 4, 5, 6];
const records = ids.map((id) => ({
  EventRecordID: id,
  EventID: 1,
  Channel: 'c',
  Nested: { a: ['x', { b: 'y' }] },
  Text: 'C:\\a "b"\r\n',
}));
const logs = [
  ['XML on one line', xml, `<Events>${ids.map((id) => eventXml(id)).join('')}</Events>`],
  ['XML, pretty-printed', xml, ids.map((id) => eventXml(id).replace(/></g, '>\r\n  <')).join('\r\n')],
  ['JSON lines', json, records.map((record) => JSON.stringify(record)).join('\n')],
  ['a pretty-printed array', json, JSON.stringify(records, null, 2)],
  ['an array on one line', json, JSON.stringify(records)],
] as const;
/** Where the log has not yet shown what its records look like. */
const FIRST_KEY_BYTES = 24;

const change = fc.record({
  place: fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
  removed: fc.nat({ max: 60 }),
  added: fc.constantFrom('', '<', '>', '"', '{', '}', '[', ']', ',', ':', '\\', '\n', '\0', '</Event>', '<Event>', '<!', 'null'),
});

describe('one change', () => {
  test.each(logs)('%s', (name, format, text) => {
    fc.assert(
      fc.property(change, ({ place, removed, added }) => {
        // A line feed makes an array on one line one of several lines: what stands on the next may look like a record.
        fc.pre(added !== '\n' || name !== 'an array on one line');
        const at = FIRST_KEY_BYTES + Math.floor(place * (text.length - FIRST_KEY_BYTES));
        const { events } = decode(format, text.slice(0, at) + added + text.slice(at + removed));
        const found = new Set(events.map(({ EventRecordID }) => EventRecordID));
        expect(ids.filter((id) => !found.has(id)).length).toBeLessThanOrEqual(2);
      }),
      { numRuns: tries(100) },
    );
  });
});
