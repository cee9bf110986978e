import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { findRuleFiles } from '../../../src/sigma/files/visit-rule-files.ts';
import { parseAnyYaml } from '../../../src/sigma/yaml/yaml.ts';
import { parseCommonYaml } from '../../../src/sigma/yaml/yaml-common.ts';
import { describeShared, shared } from '../../support/shared.ts';

/** True when the fast reader took the text; its answer must be the full parser's. */
function agrees(text: string): boolean {
  const fast = parseCommonYaml(text);
  if (fast === null) return false;
  expect({ text, documents: fast, fault: null }).toEqual({ text, ...parseAnyYaml(text) });
  return true;
}

const RULE = `# a comment
title: Some title
id: 5638f7c0-ac70-491d-8465-2a65075e0d86
description: |
    Several lines
      of text

    and more
author: 'O''Brien'
summary: >-
    folded
    text

    more
references:
    - https://example.com/#anchor
    - "a\\\\b\\n" # why
date: 2024-01-02
level: high
text: plain text
  over two lines

  and a third
detection:
    selection:
        - Image|endswith:
            - '\\a.exe'
            - '\\b.exe'
          EventID: 4624
        - OriginalFileName: x
    '|all':
    - a
    - b
    empty:
    flag: true
    condition: all of selection* and not 1 of filter_*
---
title: two
`;

describe('the fast YAML reader', () => {
  it('reads what rules are made of', () => {
    expect(agrees(RULE)).toBe(true);
  });

  const unusual = [
    'a: [1]',
    'a: &x 1',
    'a: !!str 1',
    '%YAML 1.2\n---\na: 1',
    'a:\t1',
    'a: b: c',
    '- a',
    'a: 1\na: 2',
    'a: |2\n   x\n',
    'a: "x\n  y"',
    'a: 1\n...\n',
    '? a\n: b',
    '<<: x',
  ];
  for (const text of unusual) {
    it(`leaves ${JSON.stringify(text)} to the full parser`, () => {
      expect(parseCommonYaml(text)).toBeNull();
    });
  }

  it('agrees with the full parser on text put together from pieces of YAML', () => {
    const piece = fc.constantFrom(
      'a',
      'b: ',
      'c:',
      '- ',
      '-',
      '\n',
      '\n  ',
      '\n    ',
      "'x'",
      "'",
      '"',
      '"y\\n"',
      ' # c',
      '#',
      ': ',
      '|',
      '|-',
      '>',
      '>-',
      ' ',
      'é',
      '1',
      'null',
      '---',
      '\n---\n',
      'k|all: v',
      '\\',
      '..',
      '\n\n',
      'a: 1\n',
      '\n- a: 2\n  b: 3',
      '*',
      '~',
      '.5',
      '- - ',
      '%',
      '?',
    );
    let taken = 0;
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 12 }), (pieces) => {
        if (agrees(`a: ${pieces.join('')}`) || agrees(pieces.join(''))) taken++;
      }),
      { numRuns: 20_000 },
    );
    expect(taken).toBeGreaterThan(1000);
  });

  it('agrees with the full parser on damaged rules', () => {
    const damage = fc.tuple(
      fc.nat(RULE.length),
      fc.nat(4),
      fc.constantFrom('', ' ', '\n', ':', '- ', '#', ' #', "'", '"', '|', '\n  ', 'x: '),
    );
    fc.assert(
      fc.property(fc.array(damage, { minLength: 1, maxLength: 3 }), (damages) => {
        let text = RULE;
        for (const [at, cut, put] of damages) text = text.slice(0, at) + put + text.slice(at + cut);
        agrees(text);
      }),
      { numRuns: 4000 },
    );
  });
});

describeShared('the fast YAML reader on SigmaHQ', () => {
  it('takes nearly every file and agrees with the full parser', () => {
    const files = findRuleFiles([shared('corpus', 'sigmahq', 'rules')]).files;
    const taken = files.filter((file) => agrees(readFileSync(file, 'utf8'))).length;
    expect(taken / files.length).toBeGreaterThan(0.95);
  });
});
