/**
 * Suggests what may be written in a project file or a tuning file. In: where the cursor is, and which keys the sections of a
 * project file may set. Out: suggestions.
 */
import { lintRuleNames } from '../lint/catalog.ts';
import { IGNORE_KEYS, LINT_KEYS } from '../lint/config.ts';
import { LEVELS } from '../model/rule.ts';
import { SECTIONS, SHARED } from '../project/project-file.ts';
import { TUNING_KEYS } from '../project/tuning-file.ts';
import { eventKinds, kindName } from '../scan/event-filter.ts';
import type { Cursor } from './outline.ts';
import { keys, type Suggestion, words } from './suggestion.ts';

/** A key that a section may have, beside those of lint itself. */
export interface SectionKey {
  readonly name: string;
  readonly description: string;
  /** Empty where any text may stand. */
  readonly choices: readonly string[];
}

/** A verb -> the keys that its section may set. */
export type Sections = ReadonlyMap<string, readonly SectionKey[]>;

export function projectKeys({ path, at }: Cursor, sections: Sections): readonly Suggestion[] {
  const [top, key, below] = path;
  if (top === undefined) return keys([...SHARED, ...SECTIONS]);
  const section = sections.get(top);
  if (section === undefined) return [];
  const own = top === 'lint' ? LINT_KEYS : [];
  const flags = section.filter(({ name }) => !own.includes(name));
  if (key === undefined)
    return [...keys(own), ...flags.map(({ name, description }) => ({ ...keys([name])[0]!, detail: description }))];
  const flag = flags.find(({ name }) => name === key);
  if (flag !== undefined) return at === 'value' ? words(flag.choices, 'value') : [];
  if (key === 'conventions') return words(['sigmahq', 'none'], 'value');
  if (key === 'ignore') return below === undefined ? keys(IGNORE_KEYS) : below === 'rules' ? words(lintRuleNames(), 'value') : [];
  if (key !== 'rules') return [];
  if (below === undefined && at === 'key') return keys(lintRuleNames());
  return words(['error', 'warning', 'info', 'off'], 'value');
}

export function tuningKeys({ path, at }: Cursor): readonly Suggestion[] {
  const [key, below] = path;
  if (key === undefined) return keys(TUNING_KEYS);
  if (key === 'only' || key === 'except') return below === undefined ? keys(eventKinds.map(kindName)) : [];
  if (at !== 'value') return [];
  return key === 'level' ? words(LEVELS, 'value') : key === 'off' ? words(['true'], 'value') : [];
}
