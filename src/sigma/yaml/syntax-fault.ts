/** What is wrong with YAML, and where. In: an error of the parser, and the text that it read. Out: a fault that says what to do. */
import type { YAMLException } from 'js-yaml';

export interface YamlFault {
  readonly code: string;
  readonly message: string;
  readonly hint?: string | undefined;
  readonly at: number;
}

/** The usual cause of a syntax error, by js-yaml's message. */
const SYNTAX_HINTS: readonly (readonly [RegExp, string])[] = [
  [/escape sequence|hexadecimal character/, 'In double quotes a backslash begins an escape: use single quotes.'],
  [
    /mapping entry|mapping key|mapping separator|a multiline key/,
    'Put text that holds ": " in quotes, and indent the keys of one map alike.',
  ],
  [/sequence entry/, 'Indent the items of one list alike.'],
  [/tabs? /, 'Indent with blanks.'],
  [/cannot start any token|node content|directive|document separator/, 'Put a value that begins with %, @, `, & or * in quotes.'],
  [/quoted scalar/, "A quotation mark is not closed. In single quotes write it twice: it''s."],
  [/flow collection/, 'A bracket or brace is not closed. Put a value that begins with one in quotes.'],
];

/** How many characters before an error are looked at. */
const LONGEST_LEAD = 100;
/** The start of a value, which begins with a character that YAML keeps for itself. */
const RESERVED_START = /[:[{,-][ \t]*\r?\n?[ \t]*([%@`])$/;

/** Characters below this are control characters. YAML uses tabs and line breaks, so these are never reported as such. */
const FIRST_PRINTABLE = 0x20;
const DELETE = 0x7f;
const OF_YAML = '\t\r\n';

/** `text` is what the parser read. */
export function syntaxFault({ reason, mark }: YAMLException, text: string): YamlFault {
  const at = mark?.position ?? 0;
  const reserved = RESERVED_START.exec(text.slice(Math.max(0, at - LONGEST_LEAD), at + 1))?.[1];
  if (reserved !== undefined)
    return { code: 'rule/yaml', message: `not valid YAML: no value begins with ${reserved}.`, hint: 'Put it in quotes.', at };
  const letter = text.charCodeAt(at);
  if ((letter < FIRST_PRINTABLE && !OF_YAML.includes(text.charAt(at))) || letter === DELETE) {
    const code = letter.toString(16).padStart(2, '0');
    return {
      code: 'rule/yaml',
      message: `not valid YAML: the text holds the control character U+00${code.toUpperCase()}.`,
      hint: `Leave it out, or write it as "\\x${code}" in double quotes.`,
      at,
    };
  }
  const hint = SYNTAX_HINTS.find(([pattern]) => pattern.test(reason))?.[1];
  return { code: 'rule/yaml', message: `not valid YAML: ${reason}.`, hint, at };
}
