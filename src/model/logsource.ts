/** How a Sigma log source is served by Windows event logs. Plain data; the tables are in `src/logsource/`. */

/** Where a rule field's value comes from in one kind of event. */
export type FieldMapping =
  /** The value of another event field. */
  | { readonly kind: 'rename'; readonly from: string }
  /** Computed from event fields by the derivation of that id (`src/logsource/`); may give several values. */
  | { readonly kind: 'derive'; readonly derivation: string; readonly from: readonly string[] }
  /** The event has no such field, whatever it may hold under that name. */
  | { readonly kind: 'absent' };

/** The event's own field (never mapped) must hold one of the values, compared case-insensitively. */
export interface FieldGate {
  readonly field: string;
  /** Empty: any value will do. */
  readonly values: readonly string[];
  /** True: an event without the field does not pass. Otherwise it does: older event versions lack fields. */
  readonly required?: boolean | undefined;
}

/** One kind of event that serves a log source: a gate, and what rule fields mean there. */
export interface EventSource {
  /** Shown as `via`: `sysmon`, `security_4688`, `windows_defender`, `channel`. */
  readonly via: string;
  /** True when rule fields are the event's own fields. */
  readonly native: boolean;
  /** Lower-cased channel names; one must equal System/Channel (see `gateChannel`). Empty, with no providers either: any event. */
  readonly channels: readonly string[];
  /** Lower-cased provider names: the gate for an event that has no Channel. Empty: such events never pass. */
  readonly providers: readonly string[];
  /** System/EventID must be one of these. Empty: any EventID. */
  readonly eventIds: readonly number[];
  /** Further gates on event fields; all must hold. */
  readonly when: readonly FieldGate[];
  /** Rule field -> where it comes from; fields not named are the event's own. */
  readonly fields: Readonly<Record<string, FieldMapping>>;
}

export type LogSourceResolution =
  | { readonly kind: 'sources'; readonly sources: readonly EventSource[] }
  /** No Windows event log holds what the rule asks for: the reason goes to the report. */
  | { readonly kind: 'not-applicable'; readonly reason: string };
