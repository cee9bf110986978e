/** The schemas are those of the readers: what one takes the other takes. `npx vitest run test/docs -u` writes them. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Validator } from '@cfworker/json-schema';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { type Flag, longName } from '../../src/commands/flags/flag.ts';
import { commands } from '../../src/commands/registry.generated.ts';
import { projectFaults } from '../../src/commands/run/project-faults.ts';
import { findFiles } from '../../src/files/find-files.ts';
import { UsageError } from '../../src/model/errors.ts';
import { SECTIONS } from '../../src/project/project-file.ts';
import { parseTuning } from '../../src/project/tuning-file.ts';
import { parseYaml, yamlToData } from '../../src/sigma/yaml/yaml.ts';
import { parseTestFile } from '../../src/testing/test-file.ts';
import { tries } from '../support/random.ts';
import { projectRoot } from '../support/shared.ts';
import { projectSchema, testFileSchema, tuningSchema } from './schemas.ts';

const testSchema = new Validator(testFileSchema() as object, '7', true);
const settingsSchema = new Validator(projectSchema() as object, '7', true);
const tuning = new Validator(tuningSchema() as object, '7', true);

function takesTest(data: unknown): boolean {
  return parseTestFile(JSON.stringify(data), 'a.test.yml').file !== null;
}

function takesProject(data: unknown): boolean {
  return projectFaults(JSON.stringify(data), 'winnow.yml', commands).length === 0;
}

function takesTuning(data: unknown): boolean {
  try {
    parseTuning(JSON.stringify(data), 'tuning.yml');
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
const exclude = fc.constantFrom('a', ['a', 'b']);
const lintKeys = {
  conventions: fc.constantFrom('sigmahq', 'none', 'all'),
  rules: fc.dictionary(id, severity, { maxKeys: 2 }),
  ignore: fc.array(map({ paths: fc.constant('a/**'), rules: ids, ids: fc.constant('x') }), { maxLength: 2 }),
  exclude,
};

/** A value that the flag takes, mostly; which texts it takes is known to its parser only. */
function flagValue({ kind, choices, examples }: Flag): fc.Arbitrary<unknown> {
  const odd = fc.constantFrom(null, '', {}, [], [null]);
  if (kind === 'switch')
    return fc.oneof(
      { weight: 20, arbitrary: fc.constantFrom(true, 'false', [true]) },
      odd,
      fc.constantFrom('yes', [true, true], 1),
    );
  const good = fc.constantFrom(...examples);
  const many = fc.array(good, { minLength: 1, maxLength: 2 });
  const wrong = choices === undefined ? odd : fc.oneof(odd, fc.constantFrom('no-such-choice', true));
  return fc.oneof({ weight: 20, arbitrary: good }, { weight: kind === 'list' ? 10 : 1, arbitrary: many }, wrong);
}

const sections = SECTIONS.map((name): [string, fc.Arbitrary<unknown>] => {
  const flags = Object.entries(commands.find((command) => command.name === name)!.flags);
  const settable = flags
    .filter(([, { perRun }]) => perRun !== true)
    .map(([key, flag]): [string, fc.Arbitrary<unknown>] => [longName(key), flagValue(flag)]);
  const some = fc.shuffledSubarray(settable, { maxLength: 4 }).chain((own) => map(Object.fromEntries(own)));
  const perRun = flags.filter(([, flag]) => flag.perRun === true).map(([key]) => ({ [longName(key)]: 'a' }));
  const section = name === 'lint' ? fc.tuple(some, map(lintKeys, 'rulez')).map(([a, b]) => ({ ...a, ...b })) : some;
  return [name, fc.oneof({ weight: 30, arbitrary: section }, fc.constantFrom(null, [], 'a', {}, ...perRun))];
});
const someSections = fc.shuffledSubarray(sections, { maxLength: 2 }).chain((own) => map(Object.fromEntries(own)));
const words = fc.oneof({ weight: 20, arbitrary: fc.constantFrom('a', 5, ['a', 'b']) }, fc.constantFrom('', null, [], {}));
const shared = map({ values: words, logsources: words, tune: words, rules: words });
const project = fc.oneof(
  { weight: 9, arbitrary: fc.tuple(shared, someSections).map(([a, b]) => ({ ...a, ...b })) },
  map({ ...lintKeys, test: fc.constant({ a: 1 }) }, 'rulez'),
);

const names = fc.oneof(
  { weight: 9, arbitrary: map({ computer: words, 'event-id': words, channel: words, user: words }, 'host') },
  fc.constantFrom({}, 'a', null),
);
const entry = map({
  rule: fc.constantFrom('a', 'b', 5, ''),
  tag: fc.constantFrom('attack.t1059'),
  off: fc.constantFrom(true, 'true', false, 1),
  level: fc.constantFrom('low', 'high', 'CRIT', 'med', 'hihg'),
  only: names,
  except: names,
  expires: fc.constantFrom('2027-03-31', '2028-02-29', '2027-02-29', 'soon', 20270331),
}).chain((one) => fc.constantFrom({ ...one, reason: 'r' }, { ...one, reason: 'r' }, one, { ...one, reason: '' }));
const tuningFile = fc.oneof({ weight: 20, arbitrary: fc.array(entry, { maxLength: 2 }) }, fc.constantFrom({}, null, 'a', [1]));

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
      { numRuns: tries(1000), seed: 17 },
    );
    expect(taken).toBeGreaterThan(30);
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
    await expect(`${JSON.stringify(projectSchema(), null, 2)}\n`).toMatchFileSnapshot(
      join(projectRoot, 'schemas', 'winnow.schema.json'),
    );
  });
  it('takes what the readers take, and refuses what they refuse', () => {
    let taken = 0;
    fc.assert(
      fc.property(project, (data) => {
        const { valid } = settingsSchema.validate(data);
        if (valid) taken++;
        const faults = projectFaults(JSON.stringify(data), 'winnow.yml', commands);
        expect([JSON.stringify(data), valid, faults]).toEqual([JSON.stringify(data), takesProject(data), faults]);
      }),
      { numRuns: tries(1000), seed: 17, examples: [[{ test: { a: 1 } }], [{ test: { a: 1 }, config: 1 }]] },
    );
    expect(taken).toBeGreaterThan(200);
    expect(taken).toBeLessThan(3500);
  });
});

describe('the schema of tuning files', () => {
  it('is the file that the package has', async () => {
    await expect(`${JSON.stringify(tuningSchema(), null, 2)}\n`).toMatchFileSnapshot(
      join(projectRoot, 'schemas', 'tuning.schema.json'),
    );
  });
  it('takes what the reader takes, and refuses what it refuses', () => {
    let taken = 0;
    fc.assert(
      fc.property(tuningFile, (data) => {
        const { valid } = tuning.validate(data);
        if (valid) taken++;
        expect([JSON.stringify(data), valid]).toEqual([JSON.stringify(data), takesTuning(data)]);
      }),
      { numRuns: tries(1500), seed: 17 },
    );
    expect(taken).toBeGreaterThan(60);
  });
});
