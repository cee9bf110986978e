import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { findRuleFiles } from '../../../src/sigma/files/visit-rule-files.ts';
import { parseYaml, type YamlNode } from '../../../src/sigma/yaml/yaml.ts';
import { describeShared, shared } from '../../support/shared.ts';

function rootOf(text: string): YamlNode {
  const root = parseYaml(text).documents[0]?.root;
  if (!root) throw new Error('no document');
  return root;
}

/** Every node with the text that it stands in. */
function spans(text: string, node = rootOf(text)): unknown {
  const written = text.slice(node.start, node.end);
  if (node.kind === 'scalar') return [node.type, node.style, node.text, written];
  const inner =
    node.kind === 'list'
      ? node.items.map((item) => spans(text, item))
      : node.entries.map(({ key, value }) => [text.slice(key.start, key.end), spans(text, value)]);
  return { [node.flow ? `flow ${node.kind}` : node.kind]: inner, written };
}

test('scalars know their type, their style and where they stand, quotes included', () => {
  for (const [text, expected] of [
    ['a: x y # c', ['string', 'plain', 'x y', 'x y']],
    ["a: 'it''s'", ['string', 'single', "it's", "'it''s'"]],
    ['a: "\\n"', ['string', 'double', '\n', '"\\n"']],
    ['a: 007', ['number', 'plain', '007', '007']],
    ['a: true', ['boolean', 'plain', 'true', 'true']],
    ['a: ~', ['null', 'plain', '~', '~']],
    ["a: '1'", ['string', 'single', '1', "'1'"]],
    ['a: !!str 1', ['string', 'plain', '1', '1']],
    ['a: x\n  y\n', ['string', 'plain', 'x y', 'x\n  y']],
    ['a: |\n  x\n  y\n', ['string', 'block', 'x\ny\n', '  x\n  y\n']],
  ] as const) {
    const root = rootOf(text);
    expect([text, root.kind === 'map' && spans(text, root.entries[0]!.value)]).toEqual([text, expected]);
  }
});

test('maps and lists span what they hold, in blocks and in braces', () => {
  const text = 'a:\n  - x\n  - {b: 1, c: [d]}\n"e": 2\n';
  expect(spans(text)).toEqual({
    map: [
      [
        'a',
        {
          list: [
            ['string', 'plain', 'x', 'x'],
            {
              'flow map': [
                ['b', ['number', 'plain', '1', '1']],
                ['c', { 'flow list': [['string', 'plain', 'd', 'd']], written: '[d' }],
              ],
              written: '{b: 1, c: [d',
            },
          ],
          written: '- x\n  - {b: 1, c: [d',
        },
      ],
      ['"e"', ['number', 'plain', '2', '2']],
    ],
    written: text.trimEnd(),
  });
});

test('a value that is not written stands behind its key', () => {
  expect(spans('a: 1\nb:\nc: 2')).toMatchObject({
    map: [['a', expect.anything()], ['b', ['null', 'plain', '', '']], expect.anything()],
  });
  const root = rootOf('a: 1\nb:\nc: 2');
  expect(root.kind === 'map' && root.entries[1]!.value.start).toBe(6);
});

test('an alias is the node that it names; only that costs the right to correct', () => {
  const { documents, hasAliases } = parseYaml('a: &x {b: 1}\nc: *x\nd: {<<: *x, e: 2}\n');
  const root = documents[0]!.root!;
  if (root.kind !== 'map') throw new Error('no map');
  const [a, c, d] = root.entries.map(({ value }) => value);
  expect([c === a, d?.kind === 'map' && d.entries.map(({ key }) => key.text), hasAliases]).toEqual([true, ['e', 'b'], true]);
  expect(parseYaml('a: &x 1\n').hasAliases).toBe(false);
});

test('what is wrong has its place', () => {
  for (const [text, at, message] of [
    ['a: 1\na: 2', 5, 'the key "a" stands twice in one map.'],
    ['a: *x', 3, 'the alias *x has no anchor before it.'],
    ['[a]: 1', 0, 'a map key must be text.'],
    ['a: !x 1', 3, 'the YAML tag !x does not fit here.'],
    ['<<: [1]', 5, 'only maps can be merged with "<<".'],
  ] as const) {
    const [fault] = parseYaml(text).documents[0]!.faults;
    expect([text, fault?.at, fault?.message]).toEqual([text, at, message]);
  }
});

test('a value with a reserved first character: says which, and to quote it', () => {
  for (const [text, at, seen] of [
    ['a: %x%', 3, '%'],
    ['a:\n  - @x\n  - b', 7, '@'],
    ['a: [b, `x`]', 7, '`'],
    ['a:\r\n  %x%', 6, '%'],
  ] as const) {
    const message = `not valid YAML: no value begins with ${seen}.`;
    expect(parseYaml(text).fault).toEqual({ code: 'rule/yaml', message, hint: 'Put it in quotes.', at });
  }
  for (const text of ['a: b: @c', 'a: "x" %y']) expect(parseYaml(text).fault?.message).not.toContain('begins with');
  for (const text of ['a: b%', 'a: b @c', 'a: "%x%"']) expect(parseYaml(text).fault).toBeNull();
});

describeShared('the YAML of SigmaHQ', () => {
  test('is read from its places: each scalar on one line, read alone, gives the same text', () => {
    let compared = 0;
    const check = (text: string, node: YamlNode): void => {
      if (node.kind === 'list') for (const item of node.items) check(text, item);
      if (node.kind === 'map') {
        for (const { key, value } of node.entries) {
          check(text, key);
          check(text, value);
        }
      }
      const written = text.slice(node.start, node.end);
      if (node.kind !== 'scalar' || node.style === 'block' || written.includes('\n') || written === '') return;
      const alone = rootOf(`- ${written}`);
      expect(alone).toMatchObject({ items: [{ text: node.text, type: node.type, style: node.style }] });
      compared++;
    };
    for (const file of findRuleFiles([shared('corpus', 'sigmahq', 'rules')]).files.filter((_, i) => i % 8 === 0)) {
      const text = readFileSync(file, 'utf8');
      for (const { root } of parseYaml(text).documents) if (root !== null) check(text, root);
    }
    expect(compared).toBeGreaterThan(10_000);
  });
});
