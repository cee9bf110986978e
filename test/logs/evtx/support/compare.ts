/** One event from two parsers, field by field, and what kind each difference is of. */

/** `System/Provider@Name` or `EventData/Data[Image]`, with a number for repeated ones. */
export type Leaves = ReadonlyMap<string, string>;

const TAG = /<(\/?)([A-Za-z_][\w:.-]*)((?:\s+[\w:.-]+=(?:"[^"]*"|'[^']*'))*)\s*(\/?)>/g;
const ATTRIBUTE = /([\w:.-]+)=(?:"([^"]*)"|'([^']*)')/g;
const ENTITIES: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

function decode(text: string): string {
  return text.replace(/&(?:#x([0-9a-fA-F]+)|#(\d+)|(\w+));/g, (whole, hex, decimal, name) => {
    if (hex !== undefined) return String.fromCodePoint(Number.parseInt(hex, 16));
    if (decimal !== undefined) return String.fromCodePoint(Number(decimal));
    return ENTITIES[name] ?? whole;
  });
}

/** Texts and attributes of an event's XML. Tolerant: one of the peers does not escape values. */
export function leavesOf(xml: string): Leaves {
  const leaves = new Map<string, string>();
  const add = (path: string, value: string) => {
    let key = path;
    for (let i = 1; leaves.has(key); i++) key = `${path}#${i}`;
    leaves.set(key, value);
  };
  const path: string[] = [];
  let leaf = false;
  let textStart = 0;
  for (const match of xml.matchAll(TAG)) {
    const [whole, closing, name, attributes, empty] = match;
    if (closing) {
      if (leaf) add(path.join('/'), decode(xml.slice(textStart, match.index)));
      path.pop();
      leaf = false;
      continue;
    }
    const found = [...attributes!.matchAll(ATTRIBUTE)].map(([, key, a, b]) => [key!, decode(a ?? b ?? '')] as const);
    const dataName = found.find(([key]) => key === 'Name')?.[1];
    path.push(name === 'Data' && dataName !== undefined ? `Data[${dataName}]` : name!);
    for (const [key, value] of found) if (key !== 'xmlns') add(`${path.join('/')}@${key}`, value);
    leaf = true;
    textStart = match.index + whole.length;
    if (empty) {
      add(path.join('/'), '');
      path.pop();
      leaf = false;
    }
  }
  return leaves;
}

export interface Difference {
  readonly kind: string;
  readonly field: string;
  readonly ours: string | undefined;
  readonly theirs: string | undefined;
}

export function differences(ours: Leaves, theirs: Leaves): Difference[] {
  const found: Difference[] = [];
  for (const [field, value] of ours) {
    const other = theirs.get(field);
    if (other !== value) found.push({ kind: kindOf(value, other), field, ours: value, theirs: other });
  }
  for (const [field, value] of theirs) {
    if (!ours.has(field)) found.push({ kind: kindOf(undefined, value), field, ours: undefined, theirs: value });
  }
  return found;
}

/** The classes that docs/evtx.md explains; `unexplained` must not occur. */
function kindOf(ours: string | undefined, theirs: string | undefined): string {
  if (ours === undefined || theirs === undefined) return 'unexplained';
  if (/^0x/.test(ours) && theirs.toLowerCase().replace(/^0x0+(?=.)/, '0x') === ours) return 'hex-padding';
  if (/^\{[0-9A-F-]{36}\}$/.test(ours) && theirs.toUpperCase() === ours) return 'guid-case';
  if (/^\d{4}-\d\d-\d\dT.*Z$/.test(ours) && theirs.replace(/00Z$/, 'Z') === ours) return 'time-digits';
  if (ours.includes('\ufffd') && sameButControls(ours, theirs)) return 'control-character';
  return 'unexplained';
}

/** XML has no control characters: ours become U+FFFD, evtx_dump writes `_`, evtxexport writes them as they are. */
function sameButControls(ours: string, theirs: string): boolean {
  const others = [...theirs];
  const characters = [...ours];
  return (
    characters.length === others.length &&
    characters.every(
      (character, i) => character === others[i] || (character === '\ufffd' && /[_\u0000-\u001f\ufffe\uffff]/.test(others[i]!)),
    )
  );
}
