/** What is said of the values of a field: one entry for each form, with the words of its message. */

export const DIGITS = {
  decimal: /^-?\d*$/,
  hexadecimal: /^(?:0x[\da-f]+|-|)$/i,
  // Some rules add the number without 0x, as some products show it.
  'not decimal': /^(?!\d+$)/,
};

export interface ValueForm {
  readonly fields: readonly string[];
  /** Sigma texts. Every value of the field matches at least one of them. */
  readonly forms?: readonly string[];
  /** Sigma texts that no value of the field matches. */
  readonly not?: readonly string[];
  /** Every value is a decimal number, or hexadecimal with `0x`, or is at least not decimal. */
  readonly digits?: keyof typeof DIGITS;
  /** Matches texts that cannot be a whole value, the beginning or the end of one. */
  readonly neverWhole?: RegExp;
  readonly neverFirst?: RegExp;
  readonly neverLast?: RegExp;
  /** Matches literals of a pattern that no value holds, wherever they stand. */
  readonly neverInside?: RegExp;
  /** Matches the source of regular expressions that no value satisfies. */
  readonly neverRegex?: RegExp;
  /** True when the form has rare exceptions. A finding is then never an error. */
  readonly usual?: true;
  /** Set where a value may be what the atom asks for after all, and when: then it is worth a note. */
  readonly unless?: string;
  /** True when it is no mistake in a rule about events of other logs alone: there it is the log's own form. */
  readonly withSysmon?: true;
  /** True when it holds for Sysmon's events only: other events that appear under this field name have a spelling of their own. */
  readonly sysmonOnly?: true;
  /** It holds for these events of the log only. */
  readonly eventIds?: ReadonlySet<number>;
  readonly says: string;
  /** True when `says` names the events of which it holds. */
  readonly there?: true;
  readonly hint?: string;
}

export const WITH_PORT = /^(?:\d+\.\d+\.\d+\.\d+|\[[\da-f:.]+\]):\d+$/i;
