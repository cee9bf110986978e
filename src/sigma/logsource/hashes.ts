/**
 * The hash fields of the specification's taxonomy. Sysmon writes `SHA1=..,MD5=..,IMPHASH=..` into one field, while rules may
 * ask for `md5`. In: an event's fields. Out: the digest as written. Some exporters add a field of that name; then its value is
 * used.
 */
import type { FieldMapping } from '../../model/logsource.ts';
import type { Derivation } from './family.ts';
import { derive, spellings, textsOf } from './values.ts';

/** Name of a digest in the list -> how many hexadecimal digits it has. */
export const HASH_DIGITS: Readonly<Record<string, number>> = { MD5: 32, SHA1: 40, SHA256: 64, IMPHASH: 32 };

/** Sysmon 15 calls its list `Hash`. */
const LISTS = ['Hashes', 'Hash'];

/** `md5` -> where it comes from, and so on. */
export const hashFields: Readonly<Record<string, FieldMapping>> = Object.fromEntries(
  Object.keys(HASH_DIGITS).map((name) => {
    const field = name.toLowerCase();
    return [field, derive(`listed-hash:${name}`, field, ...LISTS)];
  }),
);

/** The digest called `name`: the value of the event's own field of that name, otherwise the one in the lists. */
export const listedHash: Derivation = ([own, ...lists], name) => {
  if (own !== undefined) return own;
  const pairs = lists.flatMap(textsOf).flatMap((list) => list.split(','));
  const prefix = `${name.toLowerCase()}=`;
  return spellings(
    pairs.flatMap((pair) => (pair.trim().toLowerCase().startsWith(prefix) ? [pair.trim().slice(prefix.length)] : [])),
  );
};
