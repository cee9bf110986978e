/**
 * The three errors that winnow throws. A fault of input or rules is a `Diagnostic` instead, and the run continues.
 */

/** The command line, a configuration file or a library call is wrong. Exit code 3. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** A source could not be opened or read at all. Exit code 4. */
export class InputError extends Error {
  override readonly name = 'InputError';
}

/** A state that should be impossible, so a bug in winnow. */
export class InternalError extends Error {
  override readonly name = 'InternalError';
}

/** What something that was thrown says of itself. */
export function messageOf(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : String(thrown);
}

/** Ends a `switch` over a discriminated union: a new member that is not handled is then a type error. */
export function assertNever(value: never): never {
  throw new InternalError(`unexpected value: ${JSON.stringify(value)}`);
}
