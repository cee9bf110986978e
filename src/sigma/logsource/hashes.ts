/**
 * The hash fields of the specification's taxonomy: Sysmon writes `SHA1=..,MD5=..,IMPHASH=..` into one field, rules may ask for
 * `md5`. In: an event's fields. Out: the digest as written. A field of that very name, which some exporters add, comes first.
 */
import type { FieldMapping } from '../../model/logsource.ts';
import type { Derivation } from './family.ts';
import { derive, spellings, textsOf } from './values.ts';

/** Name in the list -> hexadecimal digits of such a digest. */
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

/** The digest called `name` in the lists; the event's own field of that name where it has one. */
export const listedHash: Derivation = ([own, ...lists], name) => {
  if (own !== undefined) return own;
  const pairs = lists.flatMap(textsOf).flatMap((list) => list.split(','));
  const prefix = `${name.toLowerCase()}=`;
  return spellings(
    pairs.flatMap((pair) => (pair.trim().toLowerCase().startsWith(prefix) ? [pair.trim().slice(prefix.length)] : [])),
  );
};
