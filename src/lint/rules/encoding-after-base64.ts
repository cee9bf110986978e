import { selectionText } from '../examples.ts';
import { itemName } from '../facts/items.ts';
import type { LintRule } from '../lint-rule.ts';

const ENCODINGS = ['wide', 'utf16', 'utf16le', 'utf16be'];
const BASE64 = ['base64', 'base64offset'];

export const lintRule: LintRule = {
  id: 'encoding-after-base64',
  severity: 'error',
  summary: '`wide` stands behind `base64`.',
  why:
    'Modifiers act from left to right. PowerShell encodes UTF-16 text as Base64; the other way round the Base64 text itself is spread to ' +
    'two bytes a letter, which no log holds.',
  avoid: selectionText("CommandLine|base64offset|wide|contains: 'Invoke-Mimikatz'"),
  prefer: selectionText("CommandLine|wide|base64offset|contains: 'Invoke-Mimikatz'"),
  checkItem(item, report) {
    const base64 = item.modifiers.findIndex((name) => BASE64.includes(name));
    const encoding = item.modifiers.findLastIndex((name) => ENCODINGS.includes(name));
    if (base64 < 0 || encoding < base64) return;
    const name = item.modifiers[encoding]!;
    const others = item.modifiers.filter((_, i) => i !== encoding);
    others.splice(base64, 0, name);
    report({
      at: item.span,
      message: `"${name}" behind "${item.modifiers[base64]}" encodes the Base64 text: no value of "${itemName({ ...item, modifiers: [] })}" holds that.`,
      hint: `Write \`${itemName({ ...item, modifiers: others })}\`.`,
    });
  },
};
