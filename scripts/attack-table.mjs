/**
 * node scripts/attack-table.mjs enterprise-attack.json
 *
 * In: a STIX bundle of MITRE ATT&CK (github.com/mitre-attack/attack-stix-data). Out: `src/lint/knowledge/attack-techniques.ts`, which lint
 * asks whether a technique exists, and `attack-names.ts`, which an editor shows. Facts only: numbers, names, and which of them was
 * revoked by which.
 */
import { readFileSync, writeFileSync } from 'node:fs';

const { objects } = JSON.parse(readFileSync(process.argv[2], 'utf8'));
const idOf = (object) => object.external_references?.find((one) => one.source_name === 'mitre-attack')?.external_id;
const patterns = new Map(objects.filter((one) => one.type === 'attack-pattern').map((one) => [one.id, one]));
const isGone = (one) => one.revoked === true || one.x_mitre_deprecated === true;
const bundle = objects.find((one) => one.type === 'x-mitre-collection');

const successors = new Map();
for (const { relationship_type, source_ref, target_ref } of objects) {
  if (relationship_type === 'revoked-by' && patterns.has(source_ref)) successors.set(source_ref, target_ref);
}
/** Follows a chain of revocations to what is in use; '' where there is none. */
function successorOf(id) {
  const next = successors.get(id);
  if (next === undefined) return '';
  const target = patterns.get(next);
  return target === undefined ? '' : isGone(target) ? successorOf(next) : idOf(target);
}

const subs = new Map();
const gone = [];
const names = [];
for (const [id, one] of patterns) {
  if (isGone(one)) {
    gone.push(`${idOf(one)} ${successorOf(id)}`.trim());
    continue;
  }
  const [technique, sub] = idOf(one).slice(1).split('.');
  const known = subs.get(technique) ?? [];
  if (sub !== undefined) known.push(Number(sub));
  subs.set(technique, known);
  names.push(`${idOf(one).slice(1)} ${one.name.trim()}|`);
}

/** `1,2,3,5` -> `1-3,5`. */
function ranges(numbers) {
  const parts = [];
  for (const number of numbers.sort((a, b) => a - b)) {
    const last = parts.at(-1);
    if (last !== undefined && last[1] === number - 1) last[1] = number;
    else parts.push([number, number]);
  }
  return parts.map(([from, to]) => (from === to ? from : `${from}-${to}`)).join(',');
}

/** Words as lines of a source file. */
function lines(words) {
  const found = [''];
  for (const word of words) {
    const last = found.length - 1;
    if (found[last].length + word.length > 118) found.push(word);
    else found[last] += found[last] === '' ? word : ` ${word}`;
  }
  return found
    .map((line) => `  ${quoted(`${line} `)} +`)
    .join('\n')
    .replace(/ (['"]) \+$/, '$1');
}

function quoted(text) {
  return text.includes("'") ? JSON.stringify(text) : `'${text}'`;
}

const techniques = [...subs]
  .sort(([a], [b]) => (a < b ? -1 : 1))
  .map(([id, numbers]) => (numbers.length === 0 ? id : `${id}.${ranges(numbers)}`));
writeFileSync(
  'src/lint/knowledge/attack-techniques.ts',
  `/** The techniques of MITRE ATT&CK for enterprises. Made by \`scripts/attack-table.mjs\` from MITRE's STIX data; ATT&CK is a registered trademark of MITRE. */

/** Version and day of the data. */
export const ATTACK_VERSION = '${bundle.x_mitre_version} (${bundle.modified.slice(0, 10)})';

/** \`1003.1-8\`: T1003 and its sub-techniques 001 to 008. */
export const TECHNIQUES =
${lines(techniques)};

/** Revoked or deprecated, with what took its place. */
export const GONE: readonly string[] = [
${gone
  .sort()
  .map((one) => `  '${one}',`)
  .join('\n')}
];
`,
);
writeFileSync(
  'src/lint/knowledge/attack-names.ts',
  `/** The names of the techniques of MITRE ATT&CK for enterprises. Made by \`scripts/attack-table.mjs\`, as \`attack-techniques.ts\` is. */

const NAMES =
${lines(names.sort().flatMap((one) => one.split(' ')))};

let byId: ReadonlyMap<string, string> | null = null;

/** Technique -> name: \`T1003.001\` -> \`LSASS Memory\`. */
export function techniqueNames(): ReadonlyMap<string, string> {
  byId ??= new Map(
    NAMES.split('|').map((entry): [string, string] => {
      const [id = '', ...words] = entry.trim().split(' ');
      return [\`T\${id}\`, words.join(' ')];
    }),
  );
  return byId;
}
`,
);
