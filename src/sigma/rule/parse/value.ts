/** Turns one YAML scalar into a rule value, before any modifier. Gives null for numbers too large to write out. */
import type { Pattern } from '../../../model/rule.ts';
import { plainDecimal } from '../../../model/values/decimal.ts';
import type { Draft } from '../../modifiers/modifier.ts';
import { parseText } from '../../modifiers/support/text-parts.ts';
import type { YamlScalar } from '../../yaml/yaml.ts';

/** Limit on the digits that an exponent may add: `1e999999999` would need a gigabyte. */
const MAX_EXPONENT = 400;
const FLOAT = /^([-+]?)(\d*)(?:\.(\d*))?(?:[eE]([-+]?\d+))?$/;

/** The exact number that a YAML scalar stands for; null when its exponent is above the limit. */
export function yamlDecimal(text: string): string | null {
  if (text.startsWith('0x') || text.startsWith('0o')) return BigInt(text).toString();
  const parts = FLOAT.exec(text);
  if (parts === null) return null;
  const [, sign, whole = '', fraction = '', exponentText = '0'] = parts;
  const exponent = Number(exponentText);
  if (Math.abs(exponent) > MAX_EXPONENT) return null;
  const point = whole.length + exponent;
  const digits = whole + fraction;
  const padded = point < 0 ? '0'.repeat(-point) + digits : digits.padEnd(point, '0');
  const split = Math.max(0, point);
  return plainDecimal(`${sign === '-' ? '-' : ''}${padded.slice(0, split) || '0'}.${padded.slice(split) || '0'}`);
}

/** null when the scalar is a number too large to write out. */
export function draftOf(scalar: YamlScalar): Draft | null {
  const raw = scalar.text;
  switch (scalar.type) {
    case 'null':
      return { raw: 'null', pattern: { kind: 'null' } };
    case 'boolean':
      return { raw, pattern: { kind: 'boolean', value: raw.toLowerCase() === 'true' } };
    case 'number': {
      const decimal = yamlDecimal(raw);
      return decimal === null ? null : { raw, pattern: { kind: 'number', decimal, source: raw } };
    }
    default:
      return { raw, pattern: { kind: 'text', parts: parseText(raw), cased: false } };
  }
}

/**
 * What a number without modifiers matches. A number written with an exponent also matches its own text, because most rules were
 * written for YAML 1.1, where `1e3` is text.
 */
export function numberPattern(pattern: Extract<Pattern, { kind: 'number' }>): Pattern {
  if (!/[eE]/.test(pattern.source) || pattern.source.startsWith('0x')) return pattern;
  return { kind: 'any', of: [pattern, { kind: 'text', parts: [pattern.source], cased: false }] };
}
