/**
 * A shape of JSON records that a user has described: which key is which field. Plain data, because it is sent between threads.
 */
export interface RecordShape {
  /** Shown with each match; the channel of its events unless `system` has one. */
  readonly name: string;
  /** Keys that a record must have to be of this shape, with dots for objects inside objects. */
  readonly keys: readonly string[];
  /** System field -> its key, or a text that all records have. */
  readonly system: Readonly<Record<string, { readonly key: string } | { readonly text: string }>>;
  /** Data field -> its key. In addition, every key is a field under its own name. */
  readonly data: Readonly<Record<string, string>>;
}
