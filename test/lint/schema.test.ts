/** What the JSON schemas of the specification refuse, lint refuses too, and the other way round. */
import { readFileSync } from 'node:fs';
import { Validator } from '@cfworker/json-schema';
import { beforeAll, expect, it } from 'vitest';
import { correlationText, filterText, ruleText } from '../../src/lint/examples.ts';
import { lintTexts } from '../../src/lint/lint.ts';
import { findRuleFiles } from '../../src/sigma/files/visit-rule-files.ts';
import { parseYaml, yamlToData } from '../../src/sigma/yaml/yaml.ts';
import { describeShared, shared } from '../support/shared.ts';

/** Findings that say more than a schema can. */
const BEYOND_SCHEMA = new Set(['field-not-in-log-source', 'rule/unknown-rule', 'rule/taxonomy', 'rule/placeholder']);

/** A correlation with other parts, or without them. */
function correlation(other: Readonly<Record<string, string | null>>): string {
  const count = { type: 'event_count', rules: '[whoami]', 'group-by': '[Computer]', timespan: '10m', condition: '{gte: 5}' };
  const parts = Object.entries({ ...count, ...other }).filter(([, value]) => value !== null);
  return correlationText(`correlation:${parts.map(([key, value]) => `\n    ${key}: ${value}`).join('')}`);
}

const WRONG: readonly (readonly [string, string])[] = [
  ['a title that is a list', ruleText('title: [Whoami]')],
  ['no title', ruleText('-title')],
  ['a title of 300 characters', ruleText(`title: ${'Whoami '.repeat(43)}`)],
  ['an id that is no UUID', ruleText('id: whoami')],
  ['a name of 300 characters', ruleText(`name: ${'w'.repeat(300)}`)],
  ['an unknown status', ruleText('status: testing')],
  ['a date with slashes', ruleText('date: 2026/01/15')],
  ['a month 13', ruleText('modified: 2026-13-01')],
  ['references that are text', ruleText('references: https://example.org')],
  ['a reference twice', ruleText('references:\n    - https://example.org\n    - https://example.org')],
  ['a map among references', ruleText('references:\n    - a: b')],
  ['related that is a map', ruleText('related:\n    id: 7e6d5c4b-3a29-4817-8695-a4b3c2d1e0f9')],
  ['related without a type', ruleText('related:\n    - id: 7e6d5c4b-3a29-4817-8695-a4b3c2d1e0f9')],
  ['related of an unknown type', ruleText('related:\n    - id: 7e6d5c4b-3a29-4817-8695-a4b3c2d1e0f9\n      type: copied')],
  ['no log source', ruleText('-logsource')],
  ['a log source that is text', ruleText('logsource: windows')],
  ['a category that is a list', ruleText('logsource:\n    category: [process_creation]\n    product: windows')],
  ['no detection', ruleText('-detection')],
  ['no condition', ruleText("detection:\n    selection:\n        Image: 'a'")],
  ['a false positive twice', ruleText('falsepositives:\n    - Unknown\n    - Unknown')],
  ['a false positive of one letter', ruleText('falsepositives:\n    - x')],
  ['an unknown level', ruleText('level: severe')],
  ['a tag in upper case', ruleText('tags:\n    - attack.T1033')],
  ['a tag without a namespace', ruleText('tags:\n    - discovery')],
  ['a tag twice', ruleText('tags:\n    - attack.t1033\n    - attack.t1033')],
  ['a correlation without type', correlation({ type: null })],
  ['a correlation of an unknown type', correlation({ type: 'counted' })],
  ['a correlation without timespan', correlation({ timespan: null })],
  ['a correlation without rules', correlation({ rules: null })],
  ['a count without condition', correlation({ condition: null })],
  ['a correlation without group-by', correlation({ 'group-by': null })],
  ['a filter without rules', filterText("filter:\n    selection:\n        Image: 'a'\n    condition: not selection")],
  [
    'a filter without condition',
    filterText("filter:\n    rules:\n        - 5c2f1a0e-8d3b-4a56-9f7e-2b1c3d4e5f60\n    selection:\n        Image: 'a'"),
  ],
];

describeShared('against the JSON schemas of the specification', () => {
  let schemas: Record<'detection' | 'correlation' | 'filter', Validator>;

  // Not while tests are collected: that happens even where all of them are skipped.
  beforeAll(() => {
    const schema = (name: string): Validator =>
      // Draft 2020-12; `format` asserts.
      new Validator(JSON.parse(readFileSync(shared('corpus/schemas', name), 'utf8')), '2020-12', false);
    schemas = {
      detection: schema('sigma-detection-rule-schema.json'),
      correlation: schema('sigma-correlation-rules-schema.json'),
      filter: schema('sigma-filters-schema.json'),
    };
  });

  function fitsSchema(text: string): boolean {
    return parseYaml(text).documents.every(({ root }) => {
      if (root?.kind !== 'map') return true;
      const kind =
        (['correlation', 'filter'] as const).find((key) => root.entries.some((entry) => entry.key.text === key)) ?? 'detection';
      // Through JSON: the validator wants objects with a prototype.
      return schemas[kind].validate(JSON.parse(JSON.stringify(yamlToData(root)))).valid;
    });
  }

  function hasFault(text: string, path: string, least: 'error' | 'warning'): boolean {
    return lintTexts([{ path, text }]).findings.some(
      ({ severity, code }) => (severity === 'error' || severity === least) && !BEYOND_SCHEMA.has(code),
    );
  }

  it.each(WRONG)('%s is refused by the schema and found by lint', (_, text) => {
    expect({ schema: fitsSchema(text), lint: hasFault(text, 'rules/a.yml', 'warning') }).toEqual({ schema: false, lint: true });
  });

  it('the examples of lint rules that say nothing fit the schema', () => {
    for (const text of [ruleText(), correlationText(), filterText()]) expect(fitsSchema(text)).toBe(true);
  });

  it('lint has an error for exactly those files of SigmaHQ that the schema refuses or the parser cannot use', () => {
    // Every fourth of four thousand: enough to see a difference, and quick.
    const files = findRuleFiles([shared('corpus/sigmahq')]).files.filter((_, i) => i % 4 === 0);
    const differing = files.filter((path) => {
      const text = readFileSync(path, 'utf8');
      return fitsSchema(text) === hasFault(text, path, 'error');
    });
    expect(differing).toEqual([]);
  });
});
