// HOT: asked for every signature near a match.
/** What ties other events to a match. In: the records of the match. Out: their keys, and the score of each as a tie. */
import type { EventRecord } from '../../../model/event.ts';
import { wmiPartOf } from '../../wmi/wmi-names.ts';
import { eventKindOf, type LinkKey, type LinkRole, linkKeysOf } from './event-links.ts';
import type { FollowedKeys } from './followed-keys.ts';
import { NAMED_IN_TEXT, relationOf, type Tie, WMI_CONTEXT } from './relations.ts';
import { codeOf, type Signature } from './signatures.ts';

/** The name of a WMI object that is searched for in texts. */
export interface FollowedName {
  /** Lower-cased. */
  readonly name: string;
  readonly code: number;
}

/** For a key in this role in the match, the roles that it may have in another event. */
const OTHER_ROLES: Readonly<Record<LinkRole, readonly LinkRole[]>> = {
  process: ['process', 'parent'],
  parent: ['process', 'parent'],
  session: ['session'],
  user: ['user'],
  wmi: ['wmi'],
};
const RANK_OF_NAMES = 1;

export class TargetTies {
  /** The strongest first. */
  readonly all: readonly Tie[];
  readonly names: readonly FollowedName[];
  /** True for a match that is about a WMI subscription. */
  readonly aboutWmi: boolean;
  readonly #byCode = new Map<number, Tie>();

  constructor(anchors: readonly EventRecord[], followed: FollowedKeys) {
    const names = new Map<string, string>();
    let aboutWmi = false;
    for (const anchor of anchors) {
      const kind = eventKindOf(anchor);
      if (kind === null) continue;
      if (wmiPartOf(anchor) !== null) aboutWmi = true;
      for (const key of linkKeysOf(anchor, kind)) {
        this.#follow(key, followed.follow(key.key));
        const name = key.role === 'wmi' ? key.key.slice('wmi:'.length) : null;
        if (name !== null && !names.has(name)) names.set(name, key.label);
      }
    }
    this.aboutWmi = aboutWmi;
    this.names = [...names].map(([name, label], i) => {
      const code = nameCode(followed, name);
      const rank = RANK_OF_NAMES + i;
      this.#add({ code, score: NAMED_IN_TEXT, scoreAfter: NAMED_IN_TEXT, reason: `names "${label}"`, weighted: false, rank });
      return { name, code };
    });
    const lastRank = RANK_OF_NAMES + names.size;
    if (aboutWmi) {
      WMI_CONTEXT.forEach(({ score, scoreAfter, reason }, i) => {
        const code = contextCode(followed, i);
        this.#add({ code, score, scoreAfter: scoreAfter ?? score, reason, weighted: true, rank: lastRank });
      });
    }
    this.all = [...this.#byCode.values()].sort((a, b) => b.score - a.score);
  }

  /** The best tie to events with this signature; null when there is none. */
  best(signature: Signature, after: boolean): Tie | null {
    const weight = signature.kind.weight ?? 1;
    const { codes } = signature;
    let best: Tie | null = null;
    let most = 0;
    for (let i = 0; i < codes.length; i++) {
      const tie = this.#byCode.get(codes[i]!);
      if (tie === undefined) continue;
      const worth = worthOf(tie, weight, after);
      if (worth > most || (worth === most && best !== null && tie.rank < best.rank)) {
        best = tie;
        most = worth;
      }
    }
    return best;
  }

  #follow(key: LinkKey, number: number): void {
    for (const role of OTHER_ROLES[key.role]) {
      const relation = relationOf(key, role);
      if (relation !== null)
        this.#add({ ...relation, code: codeOf(number, role), scoreAfter: relation.score, weighted: true, rank: 0 });
    }
  }

  /** Several records of a match may have the same key. The tie with the best score counts; between equal ones, the first. */
  #add(tie: Tie): void {
    const known = this.#byCode.get(tie.code);
    if (known === undefined || tie.score > known.score) this.#byCode.set(tie.code, tie);
  }
}

/** The score that a tie gives to an event whose kind has this weight, before or after the match. */
export function worthOf(tie: Tie, weight: number, after: boolean): number {
  const score = after ? tie.scoreAfter : tie.score;
  return tie.weighted ? score * weight : score;
}

function nameCode(followed: FollowedKeys, name: string): number {
  return codeOf(followed.follow(`text:${name}`), 'text');
}

/** `context` is a position in `WMI_CONTEXT`. */
export function contextCode(followed: FollowedKeys, context: number): number {
  return codeOf(followed.follow(`context:${context}`), 'context');
}
