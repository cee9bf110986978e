/** What the compiled code keeps with a layout. */

/** A plan of the compiled code. */
export interface FieldPlan {
  readonly slots: Int32Array;
  /** Where it is in the memory, while that is of this generation; 0 for one that is too large. */
  readonly address: number;
  readonly generation: number;
}

/** A plan of the compiled sieve. */
export interface SiftPlan {
  /** Of which sieve. */
  readonly sieve: number;
  /** Where it is in the memory, while that is of this generation. */
  readonly address: number;
  readonly generation: number;
  /** Its positions as positions in the sieve, ascending. */
  readonly positions: Int32Array;
  /** What `turn` needs, once a rule was evaluated. */
  fields: PlanFields | null;
}

export interface PlanFields {
  /** Where the values of fields are. */
  readonly positions: number;
}
