/** Tables on terminals of some width. */
import { expect, test } from 'vitest';
import { textTable } from '../../src/events/text-table.ts';

const table = (width?: number): string =>
  [
    ...textTable(
      ['user', 'from', 'ok', 'why'],
      [
        ['CORP\\bob', '10.0.0.1', 1200, ''],
        ['eve', '10.0.0.22', 3, 'no'],
      ],
      width,
    ),
  ].join('');

test('a row that fits is one line', () => {
  const whole = '  user      from          ok  why\n  CORP\\bob  10.0.0.1   1,200\n  eve       10.0.0.22      3  no\n';
  expect([table(), table(34)]).toEqual([whole, whole]);
});

test('columns that do not fit stand below, one below the other; an empty end has no line', () => {
  expect(table(30)).toBe(
    '  user      from          ok\n      why\n  CORP\\bob  10.0.0.1   1,200\n  eve       10.0.0.22      3\n      no\n',
  );
  expect(table(15).split('\n').slice(0, 4)).toEqual(['  user', '      from', '         ok', '      why']);
});
