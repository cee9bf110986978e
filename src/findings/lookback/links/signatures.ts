// HOT: one step per identifier of every event that look-back reads.
/**
 * A signature is all that look-back knows of an event besides its time: its kind, its score without a tie, and those of its
 * keys that matches have too. There are many events and few signatures, and all events with one signature are tied to a match
 * in the same way. Signatures form a tree: a signature is found by a step for each key.
 */
import { getOrInsert } from '../../../model/values/maps.ts';
import type { EventKind } from './event-kinds.ts';
import type { LinkRole } from './event-links.ts';
import type { Tie } from './relations.ts';

/** How an event has a key: in a role, by name in its text, or because its text fits a WMI context. */
export const KEY_ROLES = ['process', 'parent', 'session', 'user', 'wmi', 'text', 'context'] as const;
export type KeyRole = LinkRole | 'text' | 'context';

/** A followed key and the role in which an event holds it, as one number. */
export function codeOf(key: number, role: KeyRole): number {
  return key * KEY_ROLES.length + KEY_ROLES.indexOf(role);
}

/** Means no row. */
export const NONE = -1;

export class Signature {
  readonly kind: EventKind;
  /** The score without a tie. */
  readonly base: number;
  /** The keys, in the order of the event's fields. */
  readonly codes: readonly number[];
  readonly #next = new Map<number, Signature>();
  /** Its entries in the lists of signatures that share a key. Made when the first event with this signature comes. */
  links: readonly PostingLink[] | null = null;

  /** During the walk of {@link NearestEvents}: the row of this signature's nearest event so far. */
  nearest = NONE;
  /** The target that the walk last looked from, and the best tie to it. */
  target = 0;
  tie: Tie | null = null;

  constructor(kind: EventKind, base: number, codes: readonly number[]) {
    this.kind = kind;
    this.base = base;
    this.codes = codes;
  }

  after(code: number): Signature | undefined {
    return this.#next.get(code);
  }

  grow(code: number): Signature {
    // The same key a second time adds nothing.
    const next = this.codes.includes(code) ? this : new Signature(this.kind, this.base, [...this.codes, code]);
    this.#next.set(code, next);
    return next;
  }
}

/** A linked list of the signatures that share a key, a kind and a score. The one with the nearest event comes first. */
export class Posting {
  readonly kind: EventKind;
  readonly base: number;
  first: PostingLink | null = null;

  constructor(kind: EventKind, base: number) {
    this.kind = kind;
    this.base = base;
  }

  toFront(link: PostingLink): void {
    const { first } = this;
    if (first === link) return;
    if (link.previous !== null) link.previous.next = link.next;
    if (link.next !== null) link.next.previous = link.previous;
    link.previous = null;
    link.next = first;
    if (first !== null) first.previous = link;
    this.first = link;
  }
}

export class PostingLink {
  readonly posting: Posting;
  readonly signature: Signature;
  previous: PostingLink | null = null;
  next: PostingLink | null = null;

  constructor(posting: Posting, signature: Signature) {
    this.posting = posting;
    this.signature = signature;
  }
}

const NO_POSTINGS: readonly Posting[] = [];

/** The signatures of one computer's events. */
export class SignatureTable {
  readonly #roots = new Map<EventKind, Map<number, Signature>>();
  readonly #postings = new Map<number, Posting[]>();
  readonly #kinds: Posting[] = [];
  #size = 0;

  get size(): number {
    return this.#size;
  }

  /** The signature of an event without keys. */
  root(kind: EventKind, base: number): Signature {
    let roots = this.#roots.get(kind);
    if (roots === undefined) {
      roots = new Map();
      this.#roots.set(kind, roots);
    }
    let root = roots.get(base);
    if (root === undefined) {
      root = new Signature(kind, base, []);
      this.#size++;
      roots.set(base, root);
    }
    return root;
  }

  /** The signature with one more key. */
  with(signature: Signature, code: number): Signature {
    const known = signature.after(code);
    if (known !== undefined) return known;
    this.#size++;
    return signature.grow(code);
  }

  /** Signatures that have the key in that role, grouped by kind and score. */
  holding(code: number): readonly Posting[] {
    return this.#postings.get(code) ?? NO_POSTINGS;
  }

  /** All signatures with a score above 0 without a tie, grouped by kind and score. */
  get untied(): readonly Posting[] {
    return this.#kinds;
  }

  /** Adds a signature to the lists of its keys, once. */
  list(signature: Signature): void {
    if (signature.links !== null) return;
    const { kind, base, codes } = signature;
    const postings = codes.map((code) => {
      return postingOf(
        getOrInsert(this.#postings, code, () => []),
        kind,
        base,
      );
    });
    if (base > 0) postings.push(postingOf(this.#kinds, kind, base));
    signature.links = postings.map((posting) => new PostingLink(posting, signature));
  }

  clear(): void {
    this.#roots.clear();
    this.#postings.clear();
    this.#kinds.length = 0;
    this.#size = 0;
  }
}

function postingOf(lists: Posting[], kind: EventKind, base: number): Posting {
  let posting = lists.find((list) => list.kind === kind && list.base === base);
  if (posting === undefined) {
    posting = new Posting(kind, base);
    lists.push(posting);
  }
  return posting;
}
