/** What later versions of Node have of maps: `Map.groupBy` from 21 on, `getOrInsertComputed` of maps and weak maps after 24. */

interface MapLike<K, V> {
  get(key: K): V | undefined;
  set(key: K, value: V): unknown;
}

/** The value of a key, which is made where the map has none. */
export function getOrInsert<K, V>(map: MapLike<K, V>, key: K, make: (key: K) => V): V {
  const known = map.get(key);
  if (known !== undefined) return known;
  const made = make(key);
  map.set(key, made);
  return made;
}

/** The same function, which keeps each answer as long as the object that it is about. An answer is never undefined. */
export function remembered<K extends object, V>(answer: (about: K) => V): (about: K) => V {
  const answers = new WeakMap<K, V>();
  return (about) => getOrInsert(answers, about, answer);
}

/** The same for any keys, up to so many answers: when there are more, all are forgotten. */
export function rememberedUpTo<K, V>(most: number, answer: (about: K) => V): (about: K) => V {
  const answers = new Map<K, V>();
  return (about) => {
    const known = answers.get(about);
    if (known !== undefined) return known;
    const made = answer(about);
    if (answers.size >= most) answers.clear();
    answers.set(about, made);
    return made;
  };
}

/** Adds a value to the list of its key. */
export function addTo<K, V>(lists: Map<K, V[]>, key: K, value: V): void {
  const list = lists.get(key);
  if (list === undefined) lists.set(key, [value]);
  else list.push(value);
}

/** The values by key, keys and values in the order in which they come. */
export function groupBy<K, V>(values: Iterable<V>, keyOf: (value: V) => K): Map<K, V[]> {
  const lists = new Map<K, V[]>();
  for (const value of values) addTo(lists, keyOf(value), value);
  return lists;
}
