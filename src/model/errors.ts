/**
 * The three errors that are thrown. Faults of input or rules are `Diagnostic` values instead, and the run goes on.
 */

/** The command line, a configuration file or a library call is wrong. Exit code 3. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** A source could not be opened or read at all. Exit code 4. */
export class InputError extends Error {
  override readonly name = 'InputError';
}

/** A state that the program holds to be impossible: a bug of ours. */
export class InternalError extends Error {
  override readonly name = 'InternalError';
}

/** Ends a `switch` over a discriminated union: a new member that is not handled is then a type error. */
export function assertNever(value: never): never {
  throw new InternalError(`unexpected value: ${JSON.stringify(value)}`);
}
