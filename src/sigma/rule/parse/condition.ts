/**
 * Parses the text of a condition into a `Condition` and replaces selectors (`1 of x*`) by the selections that they name. Spec,
 * Condition: from weakest to strongest, `or`, `and`, `not`, selectors, parentheses; words are in lower case. Refuses
 * aggregations (`| count() ...`), `near`, unknown selections, and selectors that name nothing.
 */
import type { Condition } from '../../../model/rule.ts';
import type { Faults } from '../faults.ts';
import { didYouMean, nearest } from '../suggest.ts';

/** Limits: characters of a condition, and the depth of parentheses and `not`. */
const MAX_LENGTH = 65_536;
const MAX_DEPTH = 100;

const OPERATORS = ['and', 'or', 'not'];
const KEYWORDS = [...OPERATORS, 'of', 'them', 'all', 'any'];
const TOKEN = /\s*(?:([()])|([\w*-]+)|(&&|\|\||\S))/y;
/** Operators of other languages, and what to write instead. */
const SYMBOLS: Readonly<Record<string, string>> = { '&&': 'and', '&': 'and', '||': 'or', '!': 'not', '~': 'not' };

interface Token {
  readonly text: string;
  readonly kind: 'paren' | 'word' | 'other' | 'end';
  /** Offset in the condition. */
  readonly at: number;
}

export interface ConditionScope {
  /** The names that the condition may use, in the order of the document. */
  readonly names: readonly string[];
  /** What such a name is called in messages: `selection`, `rule`. */
  readonly noun: string;
  /** True when selectors such as `1 of x*` are allowed. */
  readonly selectors: boolean;
  readonly faults: Faults;
  /** Offset of the condition in the file. */
  readonly at: number;
}

/** null after a fault. */
export function parseCondition(text: string, scope: ConditionScope): Condition | null {
  if (text.length > MAX_LENGTH) {
    scope.faults.error('too-large', scope.at, `the condition has more than ${MAX_LENGTH} characters.`);
    return null;
  }
  if (text.trim() === '') {
    scope.faults.error('condition', scope.at, 'the condition is empty.', `Name a ${scope.noun}.`);
    return null;
  }
  return new ConditionParser(text, scope).parse();
}

/** Ends the parser after a fault has been reported; caught in `parse`. */
class Refused extends Error {}

class ConditionParser {
  readonly #text: string;
  readonly #scope: ConditionScope;
  readonly #tokens: readonly Token[];
  #next = 0;
  #depth = 0;
  #negated = false;

  constructor(text: string, scope: ConditionScope) {
    this.#text = text;
    this.#scope = scope;
    this.#tokens = tokenize(text);
  }

  parse(): Condition | null {
    try {
      const condition = this.#or();
      const token = this.#token();
      if (token.kind !== 'end') this.#unexpected(token);
      return condition;
    } catch (error) {
      if (error instanceof Refused) return null;
      throw error;
    }
  }

  #token(ahead = 0): Token {
    return this.#tokens[Math.min(this.#next + ahead, this.#tokens.length - 1)]!;
  }

  #isWord(text: string, ahead = 0): boolean {
    const token = this.#token(ahead);
    return token.kind === 'word' && token.text === text;
  }

  #or(): Condition {
    return this.#chain('or', () => this.#chain('and', () => this.#not()));
  }

  #chain(kind: 'and' | 'or', part: () => Condition): Condition {
    const of = [part()];
    while (this.#isWord(kind)) {
      this.#next++;
      of.push(part());
    }
    return of.length === 1 ? of[0]! : { kind, of };
  }

  #not(): Condition {
    if (!this.#isWord('not')) return this.#primary();
    this.#enter();
    this.#next++;
    this.#negated = !this.#negated;
    const of = this.#not();
    this.#negated = !this.#negated;
    this.#depth--;
    return { kind: 'not', of };
  }

  #primary(): Condition {
    const token = this.#token();
    if (token.text === '(' && token.kind === 'paren') {
      this.#enter();
      this.#next++;
      const inner = this.#or();
      const close = this.#token();
      if (close.text !== ')') {
        if (close.kind === 'end') this.#fault('condition', token, 'this parenthesis is never closed.');
        this.#unexpected(close);
      }
      this.#next++;
      this.#depth--;
      return inner;
    }
    if (token.kind !== 'word') this.#unexpected(token);
    if (this.#scope.selectors && this.#isWord('of', 1)) return this.#selector(token);
    const next = this.#token(1);
    if (this.#scope.selectors && next.text.toLowerCase() === 'of' && !this.#scope.names.includes(token.text))
      this.#unexpected(next);
    return this.#selection(token);
  }

  #selection(token: Token): Condition {
    const { names, noun } = this.#scope;
    if (names.includes(token.text)) {
      this.#next++;
      return { kind: 'selection', name: token.text };
    }
    if (KEYWORDS.includes(token.text.toLowerCase())) this.#unexpected(token);
    const hint = token.text.includes('*') ? `Write "1 of ${token.text}" or "all of ${token.text}".` : this.#hintFor(token);
    return this.#fault('unknown-selection', token, `"${token.text}" is not a ${noun} of this document.`, hint);
  }

  #hintFor({ text, at }: Token): string | undefined {
    const { names } = this.#scope;
    const written = names.find((name) => /\s/.test(name) && this.#text.startsWith(name, at));
    if (written !== undefined) return `A name holds no blanks: call it "${written.replaceAll(/\s+/g, '_')}" here and there.`;
    const modified = names.find((name) => name.startsWith(`${text}|`));
    if (modified !== undefined)
      return `A selection takes no modifier: write "${text}" for "${modified}", and the modifier behind a field.`;
    return didYouMean(text, names);
  }

  #selector(token: Token): Condition {
    if (token.text !== '1' && token.text !== 'all' && token.text !== 'any') {
      const wrongCase = nearest(token.text, ['all', 'any']);
      const hint = wrongCase === undefined ? 'Only "1 of", "any of" and "all of" are defined.' : `Write "${wrongCase} of".`;
      this.#fault('condition', token, `"${token.text} of" is not a quantifier.`, hint);
    }
    const target = this.#token(2);
    if (target.kind !== 'word') this.#unexpected(target);
    this.#next += 3;
    const pattern = target.text;
    const names = selectNames(pattern, this.#scope.names);
    if (names.length === 0) return this.#dangling(token, target);
    return { kind: 'selector', quantifier: token.text === 'all' ? 'all' : 'any', pattern, names };
  }

  /** pySigma drops a selector that names nothing. Under `not` that is harmless; elsewhere it could invert what the rule means. */
  #dangling(token: Token, target: Token): Condition {
    const what = `"${token.text} of ${target.text}" names no selection`;
    if (!this.#negated) {
      const hint = didYouMean(target.text.replaceAll('*', ''), this.#scope.names) ?? 'Name a selection of this rule.';
      this.#fault('dangling-selector', token, `${what}.`, hint);
    }
    this.#scope.faults.warn('dangling-selector', this.#scope.at, `${what}; "not" of it is true.`, 'Leave it out.');
    return { kind: 'selector', quantifier: 'any', pattern: target.text, names: [] };
  }

  #enter(): void {
    if (++this.#depth > MAX_DEPTH) this.#fault('too-large', this.#token(), `more than ${MAX_DEPTH} levels of nesting.`);
  }

  #unexpected(token: Token): never {
    if (token.text === '|') {
      const rest = this.#text.slice(token.at).replace(/\s+/g, ' ').trim();
      const near = /^\|\s*near\b/.test(rest);
      const what = near ? '"near"' : 'aggregation';
      const message = `${what} in a condition ("${rest.slice(0, 80)}") is not part of Sigma 2.`;
      this.#fault(
        'aggregation',
        token,
        message,
        `Write a correlation rule of type ${near ? 'temporal' : 'event_count or value_count'}; "winnow migrate" does it.`,
      );
    }
    const lower = token.text.toLowerCase();
    if (token.text !== lower && KEYWORDS.includes(lower)) {
      this.#fault('operator-case', token, `"${token.text}" must be written in lower case.`, `Write "${lower}".`);
    }
    const word = SYMBOLS[token.text];
    if (word !== undefined) this.#fault('condition', token, `"${token.text}" is no operator.`, `Write "${word}".`);
    const seen = token.kind === 'end' ? 'the condition ends too early' : `"${token.text}" is not expected here`;
    const hint = token.kind === 'word' ? 'Put "and" or "or" between selections.' : undefined;
    this.#fault('condition', token, `${seen}.`, hint);
  }

  #fault(code: string, token: Token, message: string, hint?: string): never {
    const { faults, at } = this.#scope;
    // The column is exact for a condition on one line. In a quoted one it is one further to the right.
    const quoted = /['"]/.test(faults.source.text[at] ?? '') ? 1 : 0;
    const exact = faults.source.text.startsWith(this.#text, at + quoted);
    faults.error(code, exact ? at + quoted + token.at : at, message, hint);
    throw new Refused();
  }
}

function tokenize(text: string): Token[] {
  const tokens: Token[] = [];
  TOKEN.lastIndex = 0;
  for (let match = TOKEN.exec(text); match !== null; match = TOKEN.exec(text)) {
    const word = (match[1] ?? match[2] ?? match[3])!;
    const kind = match[1] !== undefined ? 'paren' : match[2] !== undefined ? 'word' : 'other';
    tokens.push({ text: word, kind, at: TOKEN.lastIndex - word.length });
  }
  tokens.push({ text: '', kind: 'end', at: text.length });
  return tokens;
}

/** The selections that the pattern of a selector names. Names that begin with `_` need a pattern that begins with `_`. */
export function selectNames(pattern: string, names: readonly string[]): readonly string[] {
  if (pattern === 'them') return names.filter((name) => !name.startsWith('_'));
  if (!pattern.includes('*')) return names.filter((name) => name === pattern);
  const pieces = pattern.split('*');
  return names.filter((name) => (pattern.startsWith('_') || !name.startsWith('_')) && fits(name, pieces));
}

/**
 * True when the name consists of the pieces in order, with any text between them. Taking the leftmost place for each piece
 * never misses a fit.
 */
function fits(name: string, pieces: readonly string[]): boolean {
  const last = pieces.length - 1;
  let at = pieces[0]!.length;
  if (!name.startsWith(pieces[0]!)) return false;
  for (let i = 1; i < last; i++) {
    const found = name.indexOf(pieces[i]!, at);
    if (found < 0) return false;
    at = found + pieces[i]!.length;
  }
  return name.length - at >= pieces[last]!.length && name.endsWith(pieces[last]!);
}
