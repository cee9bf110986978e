/** How rules are named in flags and tuning files. In: names. Out: tests of a rule, and the nearest name where none fits. */
import { basename } from 'node:path';
import type { RuleInfo } from '../model/match.ts';
import { nearest } from '../sigma/rule/suggest.ts';
import { patternTest } from './event-filter.ts';

export type RuleTest = (rule: RuleInfo) => boolean;

/** By id, name, title, or file with or without its folders. `*` stands for any text. */
export function named(patterns: readonly string[]): RuleTest {
  const test = patternTest(patterns);
  return ({ id, name, title, path }) => [id, name, title, path, basename(path)].some((text) => text !== null && test(text));
}

/** `attack.t1546` means that tag. `attack.t1546*` also means the techniques below it. */
export function tagged(tags: readonly string[]): RuleTest {
  const wanted = tags.map((text) => text.toLowerCase());
  return (rule) => rule.tags.some((own) => wanted.some((text) => tagMatches(own.toLowerCase(), text)));
}

function tagMatches(tag: string, wanted: string): boolean {
  return wanted.endsWith('*') ? tag.startsWith(wanted.slice(0, -1)) : tag === wanted;
}

/** What {@link named} compares with. */
export function namesOf(rules: readonly RuleInfo[]): string[] {
  return rules.flatMap(({ id, name, title, path }) => [id, name, title, basename(path)].filter((text) => text !== null));
}

/** A name that ends with the word (`attack.t1003` for `t1003`), else the most similar one. */
export function nearestName(value: string, known: Iterable<string>): string | undefined {
  const word = value.toLowerCase().replaceAll('_', '-').replaceAll('*', '');
  const all = [...new Set(known)];
  const ending = word === '' ? undefined : all.find((name) => name.toLowerCase().replaceAll('_', '-').endsWith(word));
  return ending ?? nearest(value, all);
}
