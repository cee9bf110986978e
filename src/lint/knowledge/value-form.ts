/** Defines what lint knows about the values of fields: an entry for each form, with the words of its message. */

export const DIGITS = {
  decimal: /^-?\d*$/,
  hexadecimal: /^(?:0x[\da-f]+|-|)$/i,
  // Some rules also list the number without 0x, as some products show it.
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
  /** When a value may be what the atom asks for after all. The finding is then only a note that says so. */
  readonly unless?: string;
  /**
   * True when only rules that may match events of Sysmon are checked. In events of other logs, the excluded value is the usual
   * one.
   */
  readonly withSysmon?: true;
  /**
   * True when the form holds for Sysmon's events only. Other events whose field is mapped to this name spell values differently.
   */
  readonly sysmonOnly?: true;
  /** The form holds for these events of the log only. */
  readonly eventIds?: ReadonlySet<number>;
  readonly says: string;
  /** True when `says` names the events that the form holds for. */
  readonly there?: true;
  readonly hint?: string;
}

export const WITH_PORT = /^(?:\d+\.\d+\.\d+\.\d+|\[[\da-f:.]+\]):\d+$/i;
