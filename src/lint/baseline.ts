/**
 * Findings that existed before, so that a team with many rules can deal with new ones first. In: findings, and the text of a
 * baseline. Out: the findings that are new, or the text of a new baseline. Refuses text that is not a baseline. A finding is
 * recognised by its rule (id, else title, else file name), its lint id and its message without places, so that it is still
 * known when lines or the file move. Findings that are alike in all of these are one entry of the baseline, with their number.
 */
import { UsageError } from '../model/errors.ts';

/** What a baseline needs to know about a finding. */
interface Known {
  readonly code: string;
  readonly message: string;
  readonly title?: string | undefined;
  readonly ruleId?: string | undefined;
  readonly place: { readonly file?: string | undefined };
}

interface Entry {
  readonly rule: string;
  readonly finding: string;
  readonly message: string;
  readonly count: number;
}

/** Key -> how many findings with it are known. */
export type Baseline = ReadonlyMap<string, number>;

const KIND = 'winnow-lint-baseline';
const VERSION = 1;

export function parseBaseline(text: string, path: string): Baseline {
  let data: { kind?: unknown; version?: unknown; findings?: unknown };
  try {
    data = JSON.parse(text) as typeof data;
  } catch (cause) {
    throw new UsageError(`${path} is no baseline of lint: it is no JSON. Write it with --update-baseline.`, { cause });
  }
  if (data?.kind !== KIND || data.version !== VERSION || !Array.isArray(data.findings))
    throw new UsageError(`${path} is no baseline of lint (kind "${KIND}", version ${VERSION}). Write it with --update-baseline.`);
  const counts = new Map<string, number>();
  for (const [i, one] of (data.findings as Partial<Entry>[]).entries()) {
    const { rule, finding, message, count } = one ?? {};
    if (typeof rule !== 'string' || typeof finding !== 'string' || typeof message !== 'string' || !Number.isSafeInteger(count))
      throw new UsageError(`${path}: entry ${i} of "findings" needs "rule", "finding", "message" and "count".`);
    const key = keyOf({ rule, finding, message });
    counts.set(key, (counts.get(key) ?? 0) + count!);
  }
  return counts;
}

/** Sorted, so that one changed finding changes one entry. */
export function baselineText(findings: readonly Known[]): string {
  const entries = new Map<string, Entry>();
  for (const finding of findings) {
    const entry = entryOf(finding);
    const key = keyOf(entry);
    entries.set(key, { ...entry, count: (entries.get(key)?.count ?? 0) + 1 });
  }
  const sorted = [...entries].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, entry]) => entry);
  return `${JSON.stringify({ kind: KIND, version: VERSION, findings: sorted }, null, 2)}\n`;
}

/** Decides for each finding in turn whether it is known. When there are more than the known number, the last ones are new. */
export class KnownFindings {
  readonly #left: Map<string, number>;

  constructor(baseline: Baseline) {
    this.#left = new Map(baseline);
  }

  take(finding: Known): boolean {
    if (this.#left.size === 0) return false;
    const key = keyOf(entryOf(finding));
    const left = this.#left.get(key) ?? 0;
    if (left === 0) return false;
    this.#left.set(key, left - 1);
    return true;
  }
}

function entryOf({ code, message, title, ruleId, place }: Known): Omit<Entry, 'count'> {
  const fileName = (place.file ?? '').replace(/^.*[/\\]/, '');
  return { rule: ruleId ?? title ?? fileName, finding: code, message: withoutPlaces(message) };
}

function keyOf({ rule, finding, message }: Omit<Entry, 'count'>): string {
  return JSON.stringify([rule, finding, message]);
}

/** Messages name other rules by their place, which changes as well. */
function withoutPlaces(message: string): string {
  return message.replace(/\bline \d+/g, 'line').replace(/[^\s"(]*?([^\s"(/\\]+\.ya?ml)(?::\d+){0,2}/g, '$1');
}
