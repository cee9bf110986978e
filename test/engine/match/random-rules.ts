/** Random rules whose patterns meet random values often: for tests that compare the matcher with the interpreter. */
import fc from 'fast-check';
import type { SigmaRule } from '../../../src/model/rule.ts';
import { parseRules } from '../../../src/sigma/rule/parse-rules.ts';

// Few letters, so that values and patterns meet often; those that case folding treats specially; both halves of a pair.
const LETTERS = ['a', 'A', 'b', 'B', '\\', '-', ' ', '.', '/', 'é', 'É', 'Σ', 'σ', 'ς', 'İ', 'i', '\u212a', 'k', '😀', '\n', '1'];
const letters = fc.array(fc.constantFrom(...LETTERS), { maxLength: 9 }).map((parts) => parts.join(''));
const words = fc.constantFrom(
  'cmd.exe',
  'C:\\Windows\\',
  'powershell',
  ' -enc ',
  'true',
  '4688',
  '-1.50',
  '10.1.2.3',
  '0x3e7',
  '',
);
export const value = fc.oneof(
  { weight: 4, arbitrary: letters },
  { weight: 2, arbitrary: words },
  { weight: 2, arbitrary: fc.tuple(letters, words, letters).map((parts) => parts.join('')) },
  { weight: 1, arbitrary: fc.constantFrom('-1.5', '0', '00', '4624', '999', '::1', 'fe80::1%3', '2020-02-03T04:05:06Z') },
);
export const FIELDS = [
  'A',
  'B',
  'Image',
  'ParentImage',
  'CommandLine',
  'NewProcessName',
  'ProcessId',
  'User',
  'Channel',
  'EventID',
];
export const field = fc.constantFrom(...FIELDS);

const MODIFIERS = [
  '',
  'contains',
  'startswith',
  'endswith',
  'contains|all',
  'cased',
  'contains|cased',
  'endswith|cased',
  'contains|neq',
  'neq',
  'windash|contains',
  'base64offset|contains',
  'wide|base64offset|contains',
];
const wild = fc
  .array(fc.oneof({ weight: 3, arbitrary: value }, { weight: 2, arbitrary: fc.constantFrom('*', '?', '\\*', '\\\\') }), {
    maxLength: 4,
  })
  .map((parts) => parts.join(''));
const textItem = fc.tuple(
  fc.constantFrom(...MODIFIERS),
  fc.array(fc.oneof({ weight: 3, arbitrary: value }, { weight: 2, arbitrary: wild }), { minLength: 1, maxLength: 4 }),
);
const plainItem = fc.tuple(
  fc.constant(''),
  fc.array(fc.oneof(value, fc.constantFrom(null, true, false, 0, 4688, 4624, -1.5, 1)), { minLength: 1, maxLength: 3 }),
);
const testItem = fc.constantFrom<[string, unknown]>(
  ['re', 'a+b'],
  ['re|i', '(cmd|powershell)\\.exe'],
  ['re', '^[a-c\\\\]*$'],
  ['re', ''],
  ['cidr', '10.0.0.0/8'],
  ['gt', 1],
  ['lte', 4624],
  ['hour', 4],
  ['exists', true],
  ['exists', false],
  ['fieldref', 'A'],
  ['fieldref', 'B'],
  ['fieldref|cased', 'Image'],
  ['fieldref|neq', 'ParentImage'],
  ['fieldref|contains', 'A'],
  ['fieldref|endswith|cased', 'Image'],
);
const item = fc
  .tuple(
    field,
    fc.oneof({ weight: 5, arbitrary: textItem }, { weight: 2, arbitrary: plainItem }, { weight: 2, arbitrary: testItem }),
  )
  .map(([name, [modifiers, values]]) => [modifiers === '' ? name : `${name}|${modifiers}`, values] as const);
const map = fc.array(item, { minLength: 1, maxLength: 3 }).map((items) => Object.fromEntries(items));
const keywords = fc.array(fc.oneof(value, wild), { minLength: 1, maxLength: 3 });
const selection = fc.oneof(
  { weight: 6, arbitrary: map },
  { weight: 2, arbitrary: fc.array(map, { minLength: 1, maxLength: 2 }) },
  { weight: 1, arbitrary: keywords },
  { weight: 1, arbitrary: keywords.map((list) => ({ '|all': list })) },
);
const rule = fc.record({
  title: fc.constant('random'),
  logsource: fc.constantFrom(
    { product: 'windows' },
    { product: 'windows', category: 'process_creation' },
    { product: 'windows', service: 'security' },
    { product: 'windows', category: 'registry_set' },
  ),
  detection: fc.record({
    a: selection,
    b: selection,
    c: selection,
    condition: fc.constantFrom(
      'a',
      'a and not b',
      'not a',
      'a and b or c',
      '1 of them',
      'all of them',
      'a and not (b or not c)',
      'not 1 of *',
      '(a or b) and (a or c)',
      'not not a',
    ),
  }),
});
/** JSON is YAML. Rules that are refused (a fault in what chance put together) are left out. */
export const rules = fc
  .array(rule, { minLength: 1, maxLength: 6 })
  .map((list): readonly SigmaRule[] => parseRules(list.map((one) => JSON.stringify(one)).join('\n---\n')).rules);
