/** Compares numbers, for `lt lte gt gte` and for the parts of a timestamp. Refuses rule values that are not numbers. */
import type { CompareOperator } from '../../../model/rule.ts';
import { compareDecimals, holds, plainDecimal } from '../../../model/values/decimal.ts';
import type { Modifier, ModifierFault } from '../modifier.ts';

/** Argument of every test that compares a number. `eq` becomes another operator when a modifier such as `gt` follows. */
export interface CompareArgument {
  readonly operator: CompareOperator;
  /** The decimal in canonical form, so that equal numbers are equal texts. */
  readonly value: string;
}

/** The number that a rule value stands for. Text that reads as a number is accepted with a warning. */
export function numberOf(
  draft: Parameters<NonNullable<Modifier['apply']>>[0],
  context: Parameters<NonNullable<Modifier['apply']>>[1],
  what: string,
): string | ModifierFault {
  const { pattern } = draft;
  if (pattern.kind === 'number') return pattern.decimal;
  const decimal = pattern.kind === 'text' ? plainDecimal(draft.raw) : null;
  if (decimal === null) return { fault: `"${what}" needs a number, not ${draft.raw === '' ? 'nothing' : `"${draft.raw}"`}.` };
  context.warn('number-text', `"${what}" needs a number; "${draft.raw}" is text.`, `Write ${draft.raw} without quotes.`);
  return decimal;
}

/** A modifier that compares a number with the field, or with the part of a timestamp that an earlier modifier chose. */
export function compareModifier(operator: CompareOperator, summary: string): Modifier {
  return {
    name: operator,
    summary,
    apply(draft, context) {
      const { pattern } = draft;
      if (pattern.kind === 'test' && isComparison(pattern.argument)) {
        if (pattern.argument.operator === 'eq') {
          return { ...draft, pattern: { ...pattern, argument: { ...pattern.argument, operator } } };
        }
        return { fault: `"${operator}" after "${pattern.argument.operator}".`, hint: 'Use two keys of the same field.' };
      }
      const value = numberOf(draft, context, operator);
      if (typeof value !== 'string') return value;
      const argument: CompareArgument = { operator, value };
      return { ...draft, pattern: { kind: 'test', modifier: operator, argument } };
    },
    compileTest(argument) {
      const { operator: how, value } = argument as CompareArgument;
      return (text) => {
        const decimal = plainDecimal(text);
        return decimal !== null && holds[how](compareDecimals(decimal, value));
      };
    },
  };
}

function isComparison(argument: unknown): argument is CompareArgument {
  return typeof argument === 'object' && argument !== null && 'operator' in argument && 'value' in argument;
}
