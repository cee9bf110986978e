/** How Windows event logs serve a Sigma log source. Plain data; the tables are in `src/sigma/logsource/`. */

/** Where a rule field's value comes from in one kind of event. */
export type FieldMapping =
  /** The value of another event field. */
  | { readonly kind: 'rename'; readonly from: string }
  /** Computed from event fields by the derivation with that id (`src/sigma/logsource/`). It may give several values. */
  | { readonly kind: 'derive'; readonly derivation: string; readonly from: readonly string[] }
  /** The event has no such field, even if it has another one of that name. */
  | { readonly kind: 'absent' };

/** The event's own field (never mapped) must hold one of the values, compared case-insensitively. */
export interface FieldGate {
  readonly field: string;
  /** Empty: any value is accepted. */
  readonly values: readonly string[];
  /** True: an event without the field is refused. Otherwise it passes, because older versions of an event lack fields. */
  readonly required?: boolean | undefined;
}

/** One kind of event that serves a log source: a gate that events must pass, and what rule fields mean there. */
export interface EventSource {
  /** Shown as `via`: `sysmon`, `security_4688`, `windows_defender`, `channel`. */
  readonly via: string;
  /** True when rule fields are the event's own fields. */
  readonly native: boolean;
  /**
   * Channel names in lower case, one of which must equal System/Channel (see `gateChannel`). When this and `providers` are
   * empty, any event passes.
   */
  readonly channels: readonly string[];
  /** Provider names in lower case, which decide for an event without a Channel. When empty, such events never pass. */
  readonly providers: readonly string[];
  /** System/EventID must be one of these. Empty: any EventID. */
  readonly eventIds: readonly number[];
  /** Further gates on event fields; all must hold. */
  readonly when: readonly FieldGate[];
  /** Rule field -> where its value comes from. Fields that are not listed are the event's own. */
  readonly fields: Readonly<Record<string, FieldMapping>>;
}

export type LogSourceResolution =
  | { readonly kind: 'sources'; readonly sources: readonly EventSource[] }
  /** No Windows event log holds what the rule asks for: the reason goes to the report. */
  | { readonly kind: 'not-applicable'; readonly reason: string };
