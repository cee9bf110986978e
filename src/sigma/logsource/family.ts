/** What one file under `families/` says about log sources. Data first; functions only where a value must be computed. */
import type { FieldValue } from '../../model/event.ts';
import type { FieldGate, FieldMapping } from '../../model/logsource.ts';

/**
 * Computes a rule field from event fields: `values` are those of the mapping's `from`, in that order; `argument` is what
 * follows the colon in the id (`blob-line:HostName`). Pure, so that callers may keep its answers. Undefined: no such field.
 */
export type Derivation = (values: readonly (FieldValue | undefined)[], argument: string) => FieldValue | undefined;

/** One kind of event that serves a category, as its family writes it: names in their usual case, defaults left out. */
export interface SourceDefinition {
  readonly via: string;
  /** True: used only when the caller asks for it by `via`. */
  readonly optional?: boolean | undefined;
  readonly channels: readonly string[];
  readonly providers: readonly string[];
  /** Empty: any. */
  readonly eventIds: readonly number[];
  readonly when?: readonly FieldGate[] | undefined;
  /** Rule field -> where it comes from. Absent: rule fields are the event's own. */
  readonly fields?: Readonly<Record<string, FieldMapping>> | undefined;
  /** EventID -> field names that such events have been seen with. */
  readonly observed?: Readonly<Record<number, readonly string[]>> | undefined;
}

export interface ServiceDefinition {
  /** Every name in use: the one in configurations, and the real one where that differs. */
  readonly channels: readonly string[];
  readonly providers?: readonly string[] | undefined;
  readonly eventIds?: readonly number[] | undefined;
  readonly when?: readonly FieldGate[] | undefined;
  readonly fields?: Readonly<Record<string, FieldMapping>> | undefined;
  readonly observed?: Readonly<Record<number, readonly string[]>> | undefined;
}

/** A category that several families serve gets the sources of all of them. */
export interface LogSourceFamily {
  readonly name: string;
  readonly categories?: Readonly<Record<string, readonly SourceDefinition[]>> | undefined;
  readonly services?: Readonly<Record<string, ServiceDefinition>> | undefined;
  /** Other name -> the name used here. */
  readonly categoryAliases?: Readonly<Record<string, string>> | undefined;
  readonly serviceAliases?: Readonly<Record<string, string>> | undefined;
  /** Category or service -> why no Windows event log holds it. */
  readonly notApplicable?:
    | { readonly categories?: Readonly<Record<string, string>>; readonly services?: Readonly<Record<string, string>> }
    | undefined;
  /**
   * Fields that rules may ask of any event, made of others where the event has those: what a value holds inside, or its usual
   * spelling. One map for all sources, so that rules with and without a category read events the same way.
   */
  readonly commonFields?: Readonly<Record<string, FieldMapping>> | undefined;
  /** Derivation id (without argument) -> function. */
  readonly derivations?: Readonly<Record<string, Derivation>> | undefined;
}
