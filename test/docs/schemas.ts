/**
 * The JSON Schemas in `schemas/`, which editors complete and check by. Made from the keys that the readers know: a key without a
 * description here fails, and so does one that the readers do not know.
 */
import type { Command } from '../../src/commands/command.ts';
import { type Flag, type Flags, longName } from '../../src/commands/flags/flag.ts';
import { commands } from '../../src/commands/registry.generated.ts';
import { lintRules } from '../../src/lint/catalog.ts';
import { IGNORE_KEYS, LINT_KEYS } from '../../src/lint/config.ts';
import { parserExamples } from '../../src/lint/parser-examples.ts';
import { LEVELS, SHORT_LEVELS } from '../../src/model/rule.ts';
import { SECTIONS, SHARED } from '../../src/project/project-file.ts';
import { TUNING_KEYS } from '../../src/project/tuning-file.ts';
import { eventKinds, kindName } from '../../src/scan/event-filter.ts';
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
/** A scalar that is something. */
const WORD = { type: ['string', 'number', 'boolean'], minLength: 1 };
const WORDS = oneOrList(WORD, false);

/** One value, or a list of them; of a flag that takes one value, a list of one is taken as well. */
function oneOrList(value: Schema, isOne: boolean): Schema {
  return { anyOf: [value, { type: 'array', items: value, minItems: 1, ...(isOne ? { maxItems: 1 } : {}) }] };
}

/** What flags take, by their kind. */
const FLAGS: Readonly<Record<Flag['kind'], Schema>> = {
  switch: oneOrList({ enum: [true, false, 'true', 'false'] }, true),
  value: oneOrList(WORD, true),
  list: oneOrList(WORD, false),
};

/** `schemas/winnow.schema.json`, for `winnow.yml`. */
export function projectSchema(): Schema {
  const sections = SECTIONS.map((name): [string, Schema] => {
    const { summary, flags } = commandNamed(name);
    const own = name === 'lint' ? { ...flagSchemas(flags), ...LINT_SETTINGS } : flagSchemas(flags);
    return [name, { type: ['object', 'null'], properties: own, additionalProperties: false, description: sentence(summary) }];
  });
  const shared = {
    rules: { ...WORDS, description: 'Rule files and folders of the verbs that read logs, relative to this file.' },
    values: { ...WORDS, description: 'Files with values for placeholders (`expand`), relative to this file.' },
    logsources: { ...WORDS, description: 'Files with log sources of your own, relative to this file.' },
    tune: { ...WORDS, description: 'Tuning files, relative to this file.' },
  };
  const project = only([...SHARED, ...SECTIONS], { ...shared, ...Object.fromEntries(sections) });
  const older = only(
    [...LINT_KEYS, 'config', 'test'],
    { ...LINT_SETTINGS, test: {} },
    // `test` alone is the section of that verb.
    { anyOf: Object.keys(LINT_SETTINGS).map((key) => ({ required: [key] })) },
  );
  const ofLint = { ...older, description: 'The settings of lint alone, without `lint:`.' };
  const names = lintRules.flatMap(({ id, aliases = [] }) => [id, ...aliases]).sort();
  const lintId = {
    anyOf: [{ enum: names }, { enum: parserExamples.map(({ code }) => `rule/${code}`) }, { type: 'string', pattern: '^rule/' }],
  };
  return { $schema: DRAFT, title: 'Settings of winnow', definitions: { lintId, ...FLAGS }, anyOf: [project, ofLint] };
}

const LINT_ID = { $ref: '#/definitions/lintId' };
const IGNORED = only(
  IGNORE_KEYS,
  {
    paths: { ...TEXTS, description: 'Globs, relative to the folder of this file.' },
    path: { ...TEXTS, description: 'The same as `paths`.' },
    rules: {
      anyOf: [LINT_ID, { type: 'array', items: LINT_ID }],
      description: 'What lint finds; everything when left out.',
    },
    ids: { ...TEXTS, description: 'Ids of Sigma rules.' },
  },
  { anyOf: IGNORE_KEYS.map((key) => ({ required: [key] })) },
);
const LINT_SETTINGS: Readonly<Record<string, Schema>> = {
  conventions: { enum: ['sigmahq', 'none'], description: 'sigmahq: also ask for the conventions of the SigmaHQ repository.' },
  rules: { type: 'object', propertyNames: LINT_ID, additionalProperties: SEVERITY, description: 'Id -> severity, or off.' },
  ignore: { type: 'array', items: IGNORED, description: 'Findings that are left out.' },
  exclude: { ...TEXTS, description: 'Globs of files that are not read.' },
  exclusions: { type: 'object', additionalProperties: TEXTS, description: 'As in pySigma: rule id -> validators.' },
  validators: { ...TEXTS, description: 'As in pySigma: all, names, and -name for those left out.' },
  config: { description: 'As in pySigma; not used.' },
};

function commandNamed(name: string): Command {
  return commands.find((command) => command.name === name)!;
}

/** What a section may set: the flags of its verb, without those that belong to one run. */
function flagSchemas(flags: Flags): Readonly<Record<string, Schema>> {
  return Object.fromEntries(
    Object.entries(flags)
      .filter(([, { perRun }]) => perRun !== true)
      .map(([key, flag]) => [longName(key), { ...flagSchema(flag), description: sentence(flag.description) }]),
  );
}

function flagSchema({ kind, choices, shortChoices }: Flag): Schema {
  if (choices !== undefined) return oneOrList({ enum: withShort(choices, shortChoices) }, kind !== 'list');
  return { allOf: [{ $ref: `#/definitions/${kind}` }] };
}

/** A schema cannot say "in any case"; short forms are in capitals where they are printed. */
function withShort(choices: readonly string[], short: Flag['shortChoices'] = {}): readonly string[] {
  const words = choices.flatMap((choice) => short[choice] ?? []);
  return [...new Set([...choices, ...words, ...words.map((word) => word.toUpperCase())])];
}

const sentence = (text: string): string => `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;

/** `schemas/tuning.schema.json`, for tuning files. */
export function tuningSchema(): Schema {
  const names = only(
    eventKinds.map(kindName),
    {
      computer: { ...WORDS, description: 'Computers, with their domain or without.' },
      channel: { ...WORDS, description: 'Channels, as Security or Sysmon.' },
      'event-id': { ...WORDS, description: 'EventIDs.' },
      user: { ...WORDS, description: 'Users, as name or DOMAIN\\name.' },
    },
    { minProperties: 1 },
  );
  const entry = only(
    TUNING_KEYS,
    {
      rule: { ...WORD, description: 'Id, name, title or file of a rule; * stands for any text.' },
      tag: { ...WORD, description: 'A tag: the entry is about all rules that have it.' },
      off: { enum: [true, 'true'], description: 'The rules raise no alert of their own.' },
      level: { enum: withShort(LEVELS, SHORT_LEVELS), description: 'The level that the rules have here.' },
      only: { ...names, description: 'Matches count in events that fit, and in no others.' },
      except: { ...names, description: 'Matches do not count in events that fit.' },
      reason: { ...WORD, description: 'Why, for who reads the report.' },
      expires: { type: 'string', format: 'date', description: 'The last day on which the entry counts: 2027-03-31.' },
    },
    {
      required: ['reason'],
      allOf: [
        { oneOf: [{ required: ['rule'] }, { required: ['tag'] }] },
        {
          oneOf: [{ required: ['off'] }, { required: ['level'] }, { anyOf: [{ required: ['only'] }, { required: ['except'] }] }],
        },
      ],
    },
  );
  return { $schema: DRAFT, title: 'Tuning of winnow', type: ['array', 'null'], items: entry };
}
