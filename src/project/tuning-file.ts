/**
 * Reads tuning files. In: the text of a YAML file. Out: its entries. Refuses a file with any fault, and names them all: a file
 * that is misread switches off the wrong rules.
 *
 *   - rule: 5c2f1a0e-8d3b-4a56-9f7e-2b1c3d4e5f60   # id, name, title or file; * stands for any text
 *     off: true
 *     reason: fires on each logon of the help desk
 *     expires: 2027-03-31                          # the last day; may be left out
 *   - tag: attack.discovery
 *     level: low
 *     reason: too much of it here
 *   - rule: Whoami*
 *     except: {computer: BACKUP01, user: [svc-a, svc-b]}
 *     reason: the backup asks who it is
 */
import { LEVELS, SHORT_LEVELS } from '../model/rule.ts';
import { eventKinds, kindName } from '../scan/event-filter.ts';
import type { EventNames, TuningEffect, TuningEntry } from '../scan/tuning/tuning.ts';
import { entryOf, type YamlMap, type YamlNode } from '../sigma/yaml/yaml.ts';
import { YamlReader } from './yaml-reader.ts';

const EFFECTS = ['off', 'level', 'only', 'except'] as const;
export const TUNING_KEYS = ['rule', 'tag', ...EFFECTS, 'reason', 'expires'];

export function parseTuning(text: string, path: string): readonly TuningEntry[] {
  const reader = new YamlReader(text, path, 'tune/entry');
  const { root } = reader;
  if (root !== null && root.kind !== 'list')
    reader.fault(root, 'expected a list of entries, each beginning with "- rule:" or "- tag:".');
  const entries = root?.kind === 'list' ? root.items.flatMap((item) => entryIn(item, reader) ?? []) : [];
  reader.end();
  return entries;
}

function entryIn(node: YamlNode, reader: YamlReader): TuningEntry | null {
  const map = reader.map(node);
  if (map === null) return null;
  reader.entries(map, TUNING_KEYS);
  const rule = entryOf(map, 'rule');
  const tag = entryOf(map, 'tag');
  const name = rule ?? tag;
  if (name === undefined || (rule !== undefined && tag !== undefined))
    reader.fault(map, 'an entry names either "rule" (id, name, title or file) or "tag".');
  const effect = effectIn(map, reader);
  const reason = entryOf(map, 'reason');
  if (reason === undefined) reader.fault(map, 'the entry has no "reason".', 'Say why, for who reads the report.');
  const expires = entryOf(map, 'expires');
  const day = expires === undefined ? null : dayIn(expires.value, reader);
  if (name === undefined || effect === null) return null;
  return {
    of: { key: name === rule ? 'rule' : 'tag', name: reader.text(name.value) },
    effect,
    reason: reason === undefined ? '' : reader.text(reason.value),
    expires: day,
    place: reader.place(map),
  };
}

function effectIn(map: YamlMap, reader: YamlReader): TuningEffect | null {
  const given = EFFECTS.filter((key) => entryOf(map, key) !== undefined);
  const ofEvents = given.filter((key) => key === 'only' || key === 'except');
  if (given.length === 0 || (given.length > 1 && ofEvents.length < given.length)) {
    reader.fault(map, 'an entry does one thing: "off: true", "level: LEVEL", or "only" and "except".');
    return null;
  }
  const value = entryOf(map, given[0]!)!.value;
  switch (given[0]) {
    case 'off':
      return reader.choice(value, ['true']) === null ? null : { kind: 'off' };
    case 'level': {
      const level = reader.choice(value, LEVELS, SHORT_LEVELS);
      return level === null ? null : { kind: 'level', level };
    }
    default: {
      const names = (key: 'only' | 'except'): EventNames | null => {
        const entry = entryOf(map, key);
        return entry === undefined ? null : namesIn(entry.value, reader);
      };
      return { kind: 'events', only: names('only'), except: names('except') };
    }
  }
}

function namesIn(node: YamlNode, reader: YamlReader): EventNames {
  const entries = reader.entries(node, eventKinds.map(kindName));
  if (node.kind === 'map' && node.entries.length === 0) reader.fault(node, 'expected at least one kind of name here.');
  return Object.fromEntries(
    entries.map(({ key, value }) => [
      eventKinds.find((kind) => kindName(kind) === key.text)!,
      reader.texts(value).map(({ text }) => text),
    ]),
  );
}

function dayIn(node: YamlNode, reader: YamlReader): string | null {
  const text = node.kind === 'scalar' ? node.text : '';
  const isDay = /^\d{4}-\d\d-\d\d$/.test(text) && new Date(`${text}T00:00:00Z`).toJSON()?.startsWith(text) === true;
  if (!isDay) reader.fault(node, 'expected a day, as 2027-03-31.');
  return isDay ? text : null;
}
