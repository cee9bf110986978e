import type { YamlList, YamlNode } from '../../sigma/yaml/yaml.ts';
import type { LintDocument } from '../document.ts';
import { ruleText } from '../examples.ts';
import type { LintRule } from '../lint-rule.ts';

/** JSON schemas of the specification (rules, correlations, filters): what each key holds. */
const SHAPES: Readonly<Record<string, 'text' | 'texts' | 'map' | 'maps'>> = {
  title: 'text',
  id: 'text',
  name: 'text',
  taxonomy: 'text',
  status: 'text',
  description: 'text',
  license: 'text',
  author: 'text',
  date: 'text',
  modified: 'text',
  level: 'text',
  references: 'texts',
  fields: 'texts',
  falsepositives: 'texts',
  tags: 'texts',
  scope: 'texts',
  related: 'maps',
  logsource: 'map',
  detection: 'map',
  correlation: 'map',
  filter: 'map',
};

const WORDS = { text: 'text', texts: 'a list of texts', map: 'a map', maps: 'a list of maps' } as const;

export const lintRule: LintRule = {
  id: 'schema-type',
  severity: 'error',
  summary: 'A key holds another kind of value than the JSON schema of the specification says.',
  why: 'A list where text is expected (or the other way round) is dropped or misread by tools that rely on the schema.',
  avoid: ruleText('references: https://example.org/reports/whoami'),
  prefer: ruleText('references:\n    - https://example.org/reports/whoami'),
  check(document, report) {
    if (document.root.kind !== 'map') return;
    for (const { key, value } of document.root.entries) {
      const shape = Object.hasOwn(SHAPES, key.text) ? SHAPES[key.text] : undefined;
      if (shape === undefined || fits(value, shape) || parserSaysSo(document, key.text)) continue;
      report({
        at: placeOf(key, value, shape),
        message: `"${key.text}" must be ${WORDS[shape]}.`,
        hint: hintFor(key.text, shape, value),
      });
    }
  },
};

/** True when the parser has already refused the document for this key. */
function parserSaysSo(document: LintDocument, key: string): boolean {
  return (
    document.rule === null &&
    (key === 'logsource' || key === 'detection' || key === 'correlation' || key === 'filter' || key === 'title')
  );
}

function fits(value: YamlNode, shape: keyof typeof WORDS): boolean {
  if (shape === 'text') return value.kind === 'scalar';
  if (shape === 'map') return value.kind === 'map';
  // An empty list is often written as a key without a value, which is fine.
  if (value.kind === 'scalar') return value.text === '' && value.style === 'plain';
  return value.kind === 'list' && wrongItem(value, shape) === undefined;
}

/** The first item of the wrong type. A dash without a value is not text. */
function wrongItem({ items }: YamlList, shape: keyof typeof WORDS): YamlNode | undefined {
  if (shape !== 'texts') return items.find((item) => item.kind !== 'map');
  return items.find((item) => item.kind !== 'scalar' || (item.text === '' && item.style === 'plain'));
}

/** The wrong item of a list, if it has any text to point at; else the key. */
function placeOf(key: YamlNode, value: YamlNode, shape: keyof typeof WORDS): YamlNode {
  const item = value.kind === 'list' ? wrongItem(value, shape) : undefined;
  return item === undefined || (item.kind === 'scalar' && item.text === '') ? key : item;
}

function hintFor(key: string, shape: keyof typeof WORDS, value: YamlNode): string | undefined {
  if (shape === 'texts' && value.kind === 'scalar')
    return `Write it as a list: \`${key}:\` and below it \`- ${value.text.slice(0, 40)}\`.`;
  if (shape === 'texts' && value.kind === 'list') {
    return wrongItem(value, shape)?.kind === 'map' ? 'Put text with a colon in it in quotes.' : 'Leave the empty item out.';
  }
  return undefined;
}
