/** What one file under `families/` says about log sources: mostly data, and functions only where a value must be computed. */
import type { FieldValue } from '../../model/event.ts';
import type { FieldGate, FieldMapping } from '../../model/logsource.ts';

/**
 * Computes a rule field from event fields. `values` are the values of the fields in the mapping's `from`, in that order.
 * `argument` is the part of the id after the colon (`blob-line:HostName`). Pure, so that callers may keep its results.
 * Undefined means that there is no such field.
 */
export type Derivation = (values: readonly (FieldValue | undefined)[], argument: string) => FieldValue | undefined;

/** One kind of event that serves a category, as a family writes it: names in their usual case, defaults left out. */
export interface SourceDefinition {
  readonly via: string;
  /** True: used only when the caller asks for it by `via`. */
  readonly optional?: boolean | undefined;
  readonly channels: readonly string[];
  readonly providers: readonly string[];
  /** An empty list accepts every EventID. */
  readonly eventIds: readonly number[];
  readonly when?: readonly FieldGate[] | undefined;
  /** Rule field -> where its value comes from. When absent, rule fields are the event's own. */
  readonly fields?: Readonly<Record<string, FieldMapping>> | undefined;
  /** EventID -> field names that such events have been seen with. */
  readonly observed?: Readonly<Record<number, readonly string[]>> | undefined;
}

/** Channels have every name in use: the one that configurations write, and the real one where that differs. */
export type ServiceDefinition = Pick<SourceDefinition, 'channels'> & Partial<Omit<SourceDefinition, 'via' | 'optional'>>;

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
   * Fields that a rule may ask of any event, made from other fields: a part of their value, or its usual spelling. An event
   * without those other fields does not get them. There is one map for all sources, so that rules with and without a category
   * read events the same way.
   */
  readonly commonFields?: Readonly<Record<string, FieldMapping>> | undefined;
  /** Derivation id (without argument) -> function. */
  readonly derivations?: Readonly<Record<string, Derivation>> | undefined;
}
