/**
 * The one of a few words that a text means, in any case; undefined when it means none. `short` gives choices another word that
 * means the same.
 */
export function chosen<C extends string>(
  text: string,
  choices: readonly C[],
  short?: Readonly<Record<C, string>>,
): C | undefined {
  const word = text.toLowerCase();
  return choices.find((choice) => choice === word || short?.[choice] === word);
}
