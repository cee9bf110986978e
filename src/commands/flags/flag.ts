/**
 * Defines what a flag is. In: its name, what it takes and what it means. Out: one value from which parsing, help,
 * `docs/cli.md`, shell completion and the flag's own test are made. Refuses nothing itself; a flag's `parse` refuses a value by
 * throwing a `UsageError`.
 */
import { UsageError } from '../../model/errors.ts';
import { chosen } from '../../model/values/choice.ts';

/** One flag. `T` is what `run` gets: a boolean, a value, or a list of values. The key in a command's `flags` is its name:
 *  `minLevel` is `--min-level`. */
export interface Flag<T = unknown> {
  readonly kind: 'switch' | 'value' | 'list';
  readonly description: string;
  /** One letter, without the dash. */
  readonly short?: string | undefined;
  /** What stands for the value in help: `FILE`. Switches have none. */
  readonly placeholder?: string | undefined;
  readonly choices?: readonly string[] | undefined;
  /** Choice -> another word for it, that is accepted as well; a choice may be its own. */
  readonly shortChoices?: Readonly<Record<string, string>> | undefined;
  /** The value when the flag is given without one. Undefined: the flag needs a value. */
  readonly alone?: string | undefined;
  /** The value when the flag is not given. */
  readonly fallback: T;
  /** The fallback in words, where the value alone would not be clear. */
  readonly fallbackText?: string | undefined;
  /** The heading in help. */
  readonly group: string;
  /** True for what belongs to one run, such as the file that it writes: a project file may not set it. */
  readonly perRun?: boolean | undefined;
  /** Other long names that are accepted but not shown, for users of other tools (`sigma` for `rules`). */
  readonly aliases: readonly string[];
  /** Long names that other tools use. They are not accepted, but the error message names this flag. */
  readonly knownAs: readonly string[];
  /** Values that the flag's test expects to be accepted, and refused. */
  readonly examples: readonly string[];
  readonly rejects: readonly string[];
  /** Turns one value's text into the value. Throws a `UsageError` that says what would be right. */
  parse(text: string): unknown;
}

interface Common {
  readonly description: string;
  readonly short?: string;
  readonly group?: string;
  readonly aliases?: readonly string[];
  readonly knownAs?: readonly string[];
  readonly perRun?: boolean;
}

interface Valued<T> extends Common {
  readonly placeholder: string;
  readonly choices?: readonly string[];
  readonly examples: readonly string[];
  readonly rejects?: readonly string[];
  readonly fallbackText?: string;
  readonly alone?: string;
  readonly parse?: (text: string) => T;
}

const DEFAULTS = { group: 'Options', aliases: [], knownAs: [], examples: [], rejects: [], parse: (text: string) => text };

/** On or off. */
export function switchFlag(options: Common): Flag<boolean> {
  return { ...DEFAULTS, kind: 'switch', fallback: false, ...options, parse: () => true };
}

/** One value; `null` when it is not given and has no fallback. */
export function valueFlag<T = string>(options: Valued<T> & { readonly fallback: T }): Flag<T>;
export function valueFlag<T = string>(options: Valued<T>): Flag<T | null>;
export function valueFlag<T>(options: Valued<T> & { readonly fallback?: T }): Flag<T | null> {
  return { ...DEFAULTS, kind: 'value', fallback: null, ...options };
}

/** A flag that may be given several times. */
export function listFlag<T = string>(options: Valued<T>): Flag<readonly T[]> {
  return { ...DEFAULTS, kind: 'list', fallback: [], ...options };
}

interface Choices<C extends string> extends Common {
  readonly placeholder: string;
  readonly choices: readonly C[];
  readonly shortChoices?: Readonly<Record<C, string>>;
  readonly fallbackText?: string;
}

/** One of a few words. */
export function choiceFlag<C extends string>(options: Choices<C> & { readonly fallback: C }): Flag<C>;
export function choiceFlag<C extends string>(options: Choices<C>): Flag<C | null>;
export function choiceFlag<C extends string>(options: Choices<C> & { readonly fallback?: C }): Flag<C | null> {
  return valueFlag<C>({ ...options, ...amongChoices(options) });
}

/** Several of a few words, each `--flag WORD`. */
export function choicesFlag<C extends string>(options: Choices<C>): Flag<readonly C[]> {
  return listFlag<C>({ ...options, ...amongChoices(options) });
}

function amongChoices<C extends string>(options: Choices<C>) {
  return { examples: examplesOf(options), rejects: ['no-such-choice'], parse: (text: string): C => parseChoice(text, options) };
}

function examplesOf<C extends string>({ choices, shortChoices }: Choices<C>): readonly string[] {
  return [...new Set([...choices, ...choices.flatMap((choice) => shortChoices?.[choice] ?? [])])];
}

function parseChoice<C extends string>(text: string, { choices, shortChoices }: Choices<C>): C {
  const choice = chosen(text, choices, shortChoices);
  if (choice === undefined) throw new UsageError(`Use one of: ${choicesText({ choices, shortChoices })}.`);
  return choice;
}

/** `medium or med, high`. */
export function choicesText({ choices = [], shortChoices }: Pick<Flag, 'choices' | 'shortChoices'>): string {
  return choices
    .map((choice) => {
      const short = shortChoices?.[choice] ?? choice;
      return short === choice ? choice : `${choice} or ${short}`;
    })
    .join(', ');
}

export type Flags = Readonly<Record<string, Flag>>;

/** What `run` gets for a command's flags. */
export type FlagValues<F extends Flags> = { readonly [K in keyof F]: F[K] extends Flag<infer T> ? T : never };

/** The flags below one heading of the help. */
export function inGroup<F extends Readonly<Record<string, { readonly group: string }>>>(group: string, flags: F): F {
  // The keys and what each flag parses stay the same.
  return Object.fromEntries(Object.entries(flags).map(([key, flag]) => [key, { ...flag, group }])) as F;
}

/** `minLevel` -> `min-level`. */
export function longName(key: string): string {
  return key.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}
