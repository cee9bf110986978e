/**
 * The JSON Schemas in `schemas/`, which editors complete and check by. Made from the keys that the readers know: a key without a
 * description here fails, and so does one that the readers do not know.
 */
import { lintRules } from '../../src/lint/catalog.ts';
import { IGNORE_KEYS, LINT_KEYS } from '../../src/lint/config.ts';
import { parserExamples } from '../../src/lint/parser-examples.ts';
import { CASE_KEYS, FALSE_POSITIVE_KEYS, FILE_KEYS } from '../../src/testing/test-file.ts';

type Schema = Readonly<Record<string, unknown>>;

const DRAFT = 'http://json-schema.org/draft-07/schema#';
const TEXT = { type: ['string', 'number', 'boolean', 'null'] };
const TEXTS = { anyOf: [TEXT, { type: 'array', items: TEXT }] };
/** At least one text. */
const SOME_TEXTS = { anyOf: [TEXT, { type: 'array', items: TEXT, minItems: 1 }] };
const NUMBER = { type: 'integer', minimum: 0, maximum: 999_999_999 };
const NUMBERS = { anyOf: [NUMBER, { type: 'array', items: NUMBER }] };

/** An object with exactly these keys. */
function only(keys: readonly string[], properties: Readonly<Record<string, Schema>>, more: Schema = {}): Schema {
  const described = Object.keys(properties);
  if ([...described].sort().join() !== [...keys].sort().join())
    throw new Error(`the reader knows the keys ${keys.join(', ')}; described are ${described.join(', ')}`);
  return { type: 'object', properties, additionalProperties: false, ...more };
}

const SUBJECT = {
  name: { ...TEXTS, description: 'A sentence.' },
  events: {
    type: 'array',
    items: { type: 'object' },
    description: 'Flat maps of field names and values, as rules name them; or records as an exporter writes them.',
  },
  log: { ...SOME_TEXTS, description: 'Log files (EVTX, XML, JSON, CSV) instead of events, relative to the test file.' },
  logs: { ...SOME_TEXTS, description: 'The same as `log`.' },
};
const HAS_SUBJECT = { oneOf: [{ required: ['events'] }, { anyOf: [{ required: ['log'] }, { required: ['logs'] }] }] };
const EXPECTS_NONE = { properties: { match: { const: false } }, required: ['match'] };

/** What a test expects must not contradict itself. */
const CONSISTENT = {
  if: EXPECTS_NONE,
  // biome-ignore lint/suspicious/noThenProperty: a keyword of JSON Schema.
  then: { properties: { records: { type: 'array', maxItems: 0 } } },
  else: {
    properties: { records: { anyOf: [{ type: 'integer' }, { type: 'array', minItems: 1 }] }, 'in-log-source': { const: true } },
  },
};
const CONSISTENT_COUNT = {
  // `records` says it as well, and is looked at first.
  if: { required: ['records'] },
  // biome-ignore lint/suspicious/noThenProperty: a keyword of JSON Schema.
  then: {},
  else: {
    if: EXPECTS_NONE,
    // biome-ignore lint/suspicious/noThenProperty: a keyword of JSON Schema.
    then: { properties: { count: { anyOf: [{ const: 0 }, { type: 'array', items: [{ const: 0 }] }] } } },
    else: {
      properties: {
        count: {
          anyOf: [
            { type: 'integer', minimum: 1 },
            { type: 'array', items: [{ minimum: 1 }] },
          ],
        },
      },
    },
  },
};

/** `schemas/test.schema.json`, for `NAME.test.yml`. */
export function testFileSchema(): Schema {
  const test = only(
    CASE_KEYS,
    {
      ...SUBJECT,
      match: { type: 'boolean', default: true, description: 'Whether the rule must match; a correlation, whether it fires.' },
      'in-log-source': {
        type: 'boolean',
        default: true,
        description: 'false, with `match: false`: what is tested is that no event is one of the log source.',
      },
      records: { ...NUMBERS, description: 'Exactly these events, counted from 0.' },
      count: { ...NUMBERS, description: 'Exactly so many matches.' },
    },
    { allOf: [HAS_SUBJECT, CONSISTENT, CONSISTENT_COUNT] },
  );
  const known = only(FALSE_POSITIVE_KEYS, SUBJECT, HAS_SUBJECT);
  return {
    $schema: DRAFT,
    title: 'Tests of Sigma rules for winnow',
    ...only(
      FILE_KEYS,
      {
        rule: { ...SOME_TEXTS, description: 'Rule files, relative to this file.' },
        rules: { ...SOME_TEXTS, description: 'The same as `rule`.' },
        target: { ...TEXTS, description: 'Name, id or title of one rule, where the files hold several.' },
        values: { type: 'object', additionalProperties: TEXTS, description: 'Values for placeholders (`expand`).' },
        'optional-sources': { ...TEXTS, description: 'Sources that are off unless asked for, as wmi_activity_5861.' },
        defaults: { type: 'object', description: 'Fields of every inline event that does not have them itself.' },
        tests: { type: 'array', items: test },
        falsepositives: {
          type: 'array',
          items: known,
          description: 'Events that the rule is known to match and that are accepted: reported, never a failure.',
        },
      },
      {
        allOf: [
          { anyOf: [{ required: ['rule'] }, { required: ['rules'] }] },
          { anyOf: [{ required: ['tests'] }, { required: ['falsepositives'] }] },
        ],
      },
    ),
  };
}

const SEVERITY = { enum: ['error', 'warning', 'info', 'off', 'Error', 'Warning', 'Info', 'Off', false] };

/** `schemas/winnow.schema.json`, for `winnow.yml`. */
export function configSchema(): Schema {
  const names = lintRules.flatMap(({ id, aliases }) => [id, ...aliases]).sort();
  const id = {
    anyOf: [{ enum: names }, { enum: parserExamples.map(({ code }) => `rule/${code}`) }, { type: 'string', pattern: '^rule/' }],
  };
  const ids = { anyOf: [id, { type: 'array', items: id }] };
  const ignored = only(
    IGNORE_KEYS,
    {
      paths: { ...TEXTS, description: 'Globs, relative to the folder of this file.' },
      path: { ...TEXTS, description: 'The same as `paths`.' },
      rules: { ...ids, description: 'What lint finds; everything when left out.' },
      ids: { ...TEXTS, description: 'Ids of Sigma rules.' },
    },
    { anyOf: IGNORE_KEYS.map((key) => ({ required: [key] })) },
  );
  const lint = only(LINT_KEYS, {
    conventions: { enum: ['sigmahq', 'none'], description: 'sigmahq: also ask for the conventions of the SigmaHQ repository.' },
    rules: { type: 'object', propertyNames: id, additionalProperties: SEVERITY, description: 'Id -> severity, or off.' },
    ignore: { type: 'array', items: ignored, description: 'Findings that are left out.' },
    exclude: { ...TEXTS, description: 'Globs of files that are not read.' },
    exclusions: { type: 'object', additionalProperties: TEXTS, description: 'As in pySigma: rule id -> validators.' },
    validators: { ...TEXTS, description: 'As in pySigma: all, names, and -name for those left out.' },
  });
  return { $schema: DRAFT, title: 'Settings of winnow', type: 'object', properties: { lint } };
}
