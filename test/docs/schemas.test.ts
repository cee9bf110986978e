/** The schemas are those of the readers: what one takes the other takes. `npx vitest run test/docs -u` writes them. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Validator } from '@cfworker/json-schema';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { findFiles } from '../../src/files/find-files.ts';
import { parseLintConfig } from '../../src/lint/config.ts';
import { UsageError } from '../../src/model/errors.ts';
import { parseYaml, yamlToData } from '../../src/sigma/yaml/yaml.ts';
import { parseTestFile } from '../../src/testing/test-file.ts';
import { projectRoot } from '../support/shared.ts';
import { configSchema, testFileSchema } from './schemas.ts';

const testSchema = new Validator(testFileSchema() as object, '7', true);
const settingsSchema = new Validator(configSchema() as object, '7', true);

function takesTest(data: unknown): boolean {
  return parseTestFile(JSON.stringify(data), 'a.test.yml').file !== null;
}

function takesConfig(data: unknown): boolean {
  try {
    parseLintConfig(JSON.stringify(data), 'winnow.yml');
    return true;
  } catch (error) {
    if (error instanceof UsageError) return false;
    throw error;
  }
}

/** A map of some of the keys, mostly with values of the right form. */
function map(keys: Readonly<Record<string, fc.Arbitrary<unknown>>>, more = 'misspelt'): fc.Arbitrary<object> {
  const entries = Object.entries(keys).map(([key, value]) =>
    fc.option(
      value.map((one) => [key, one] as const),
      { nil: null },
    ),
  );
  const odd = fc.oneof({ weight: 30, arbitrary: fc.constant(null) }, { weight: 1, arbitrary: fc.constant([more, 1] as const) });
  return fc.tuple(odd, ...entries).map((pairs) => Object.fromEntries(pairs.filter((pair) => pair !== null)));
}

const text = fc.constantFrom('a', '', 5, true, null);
const texts = fc.oneof(
  { weight: 8, arbitrary: text },
  fc.array(text, { maxLength: 2 }),
  fc.constant([[1]]),
  fc.constant({ a: 1 }),
);
const numbers = fc.oneof(
  { weight: 9, arbitrary: fc.constantFrom(0, 1, 3) },
  { weight: 5, arbitrary: fc.array(fc.nat(2), { maxLength: 2 }) },
  fc.constantFrom(1.5, -1, 'x', true),
);
const booleans = fc.oneof({ weight: 9, arbitrary: fc.boolean() }, fc.constantFrom('yes', 1));
const events = fc.oneof({ weight: 9, arbitrary: fc.constantFrom([], [{}], [{ A: [1, null] }]) }, fc.constantFrom([1], {}, 'a'));
// An empty list of logs is none for the reader; the schema asks for one.
const logs = texts.filter((one) => !Array.isArray(one) || one.length > 0);
const subject = { name: texts, events, log: logs, logs };
const testCase = map({ ...subject, match: booleans, 'in-log-source': booleans, records: numbers, count: numbers });
const testFile = map({
  rule: fc.constantFrom('a', ['a', 'b'], []),
  target: texts,
  values: fc.constantFrom({}, { A: 'b' }, { A: ['b', 1] }, {}, { A: {} }),
  'optional-sources': texts,
  defaults: fc.constantFrom({}, { A: 1 }, {}, 'a'),
  tests: fc.oneof({ weight: 20, arbitrary: fc.array(testCase, { maxLength: 2 }) }, fc.constant({})),
  falsepositives: fc.oneof({ weight: 20, arbitrary: fc.array(map(subject), { maxLength: 2 }) }, fc.constant('a')),
});

const id = fc.constantFrom('date-format', 'all_of_them_condition', 'rule/regex', 'date-formt');
const ids = fc.oneof(id, fc.array(id, { maxLength: 2, minLength: 1 }));
const severity = fc.constantFrom('error', 'off', 'Off', 'warn', 1);
const settings = map({
  lint: map(
    {
      conventions: fc.constantFrom('sigmahq', 'none', 'all'),
      rules: fc.dictionary(id, severity, { maxKeys: 2 }),
      ignore: fc.array(map({ paths: fc.constant('a/**'), rules: ids, ids: fc.constant('x') }), { maxLength: 2 }),
      exclude: fc.constantFrom('a', ['a', 'b']),
    },
    'rulez',
  ),
}).filter((one) => 'lint' in one);

describe('the schema of tests', () => {
  it('is the file that the package has', async () => {
    await expect(`${JSON.stringify(testFileSchema(), null, 2)}\n`).toMatchFileSnapshot(
      join(projectRoot, 'schemas', 'test.schema.json'),
    );
  });
  it('takes what the reader takes, and refuses what it refuses', () => {
    let taken = 0;
    fc.assert(
      fc.property(testFile, (data) => {
        const { valid, errors } = testSchema.validate(data);
        if (valid) taken++;
        expect([JSON.stringify(data), valid, valid ? [] : errors]).toEqual([
          JSON.stringify(data),
          takesTest(data),
          valid ? [] : errors,
        ]);
      }),
      { numRuns: 3000, seed: 17 },
    );
    expect(taken).toBeGreaterThan(100);
  });
  it('takes the tests of the rules that come with winnow', () => {
    const files = findFiles([join(projectRoot, 'rules')], 'test', (name) => name.endsWith('.test.yml'));
    expect(files.length).toBeGreaterThan(5);
    for (const { path } of files) {
      const root = parseYaml(readFileSync(path, 'utf8')).documents[0]!.root!;
      expect([path, testSchema.validate(yamlToData(root))]).toEqual([path, { valid: true, errors: [] }]);
    }
  });
});

describe('the schema of settings', () => {
  it('is the file that the package has', async () => {
    await expect(`${JSON.stringify(configSchema(), null, 2)}\n`).toMatchFileSnapshot(
      join(projectRoot, 'schemas', 'winnow.schema.json'),
    );
  });
  it('takes what the reader takes, and refuses what it refuses', () => {
    let taken = 0;
    fc.assert(
      fc.property(settings, (data) => {
        const { valid } = settingsSchema.validate(data);
        if (valid) taken++;
        expect([JSON.stringify(data), valid]).toEqual([JSON.stringify(data), takesConfig(data)]);
      }),
      { numRuns: 2000, seed: 17 },
    );
    expect(taken).toBeGreaterThan(100);
  });
});
