import { describe, expect, it } from 'vitest';
import { cursorAt, documentAround, keysBelow, scalarBelow } from '../../src/lsp/outline.ts';

/** The place of `^` in a text. */
function cursor(text: string) {
  const offset = text.indexOf('^');
  const { path, at, word, quote } = cursorAt(text.replace('^', ''), offset);
  return [path.join('/'), at, word, quote];
}

describe('where a place in an unfinished text is', () => {
  it.each([
    ['ti^', ['', 'key', 'ti', '']],
    ['title: Who^', ['title', 'value', 'Who', '']],
    ['level: ^', ['level', 'value', '', '']],
    ['detection:\n    selection:\n        Image|en^', ['detection/selection', 'key', 'Image|en', '']],
    [
      "detection:\n    selection:\n        Image|endswith: '\\who^ami.exe'",
      ['detection/selection/Image|endswith', 'value', '\\who', "'"],
    ],
    [
      "detection:\n    selection:\n        Image|endswith:\n            - '^",
      ['detection/selection/Image|endswith', 'item', '', "'"],
    ],
    [
      "detection:\n    selection:\n        Image|endswith:\n        - '\\a.exe'\n        - ^",
      ['detection/selection/Image|endswith', 'item', '', ''],
    ],
    ['detection:\n    selection:\n        - Image: a\n          Comm^', ['detection/selection', 'key', 'Comm', '']],
    ['detection:\n    selection:\n    - Image: a\n      Comm^', ['detection/selection', 'key', 'Comm', '']],
    ['detection:\n    a:\n        Image: b\n\n    # c\n    cond^', ['detection', 'key', 'cond', '']],
    ['title: a\n---\ntags:\n- att^', ['tags', 'item', 'att', '']],
    ['title: a\r\nlogsource:\r\n    product: w^\r\n', ['logsource/product', 'value', 'w', '']],
    ['a:\n\t- b: ^', ['a/b', 'value', '', '']],
    ['^', ['', 'key', '', '']],
  ])('%j', (text, expected) => {
    expect(cursor(text)).toEqual(expected);
  });

  it('reads names from a document that is no valid YAML yet, and from its own document only', () => {
    const text =
      'logsource: {product: linux}\n---\nlogsource:\n    product: windows\n    category: "dns_query"\ndetection:\n    sel:\n        Image|\n    filter_a:\n        B: c\n';
    const document = documentAround(text, text.indexOf('Image'));
    expect([scalarBelow(document, 'logsource', 'product'), scalarBelow(document, 'logsource', 'category')]).toEqual([
      'windows',
      'dns_query',
    ]);
    expect(scalarBelow(documentAround(text, 5), 'logsource', 'product')).toBe('linux');
    expect(keysBelow(document, 'detection')).toEqual(['sel', 'filter_a']);
  });

  it('answers for every place of any text, one that begins with an empty line too', () => {
    for (const text of ["a: {b: [c, 'd]}\n- - x:\n   ''' :\n\"\\\n---\n : :\n", '\n    a', '\n\n- b', '']) {
      for (let i = 0; i <= text.length; i++) {
        expect(cursorAt(text, i).start).toBeLessThanOrEqual(i);
        expect(documentAround(text, i).length).toBeLessThanOrEqual(text.length);
      }
    }
  });
});
