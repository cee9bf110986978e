// HOT: one step per identifier of every event that look-back reads.
/**
 * What look-back can know of an event besides its time: its kind, its worth, and the keys in it that matches have. There are few
 * of these signatures and many events, and all events of one signature are tied to a match in the same way. A signature is found
 * by stepping from key to key, as in a tree.
 */
import type { EventKind } from './event-kinds.ts';
import type { LinkRole } from './event-links.ts';
import type { Tie } from './relations.ts';

/** How an event holds a key: in a role, by name in its text, or by what its text says of WMI. */
export const KEY_ROLES = ['process', 'parent', 'session', 'user', 'wmi', 'text', 'context'] as const;
export type KeyRole = LinkRole | 'text' | 'context';

/** A followed key and the role in which an event holds it, as one number. */
export function codeOf(key: number, role: KeyRole): number {
  return key * KEY_ROLES.length + KEY_ROLES.indexOf(role);
}

/** No row. */
export const NONE = -1;

export class Signature {
  readonly kind: EventKind;
  /** Worth without any tie. */
  readonly base: number;
  /** The keys, in the order of the event's fields. */
  readonly codes: readonly number[];
  readonly #next = new Map<number, Signature>();
  /** Its places in the lists of the signatures that share a key, made when the first event comes. */
  links: readonly PostingLink[] | null = null;

  /** Of the walk through a batch of events ({@link NearestEvents}): the row of its nearest event so far. */
  nearest = NONE;
  /** Of the target in hand: which one that is, and the best tie to it. */
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
    // The same key twice says nothing more.
    const next = this.codes.includes(code) ? this : new Signature(this.kind, this.base, [...this.codes, code]);
    this.#next.set(code, next);
    return next;
  }
}

/** The signatures that share a key, a kind and a worth, those with the nearest event first: a linked list. */
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

  /** The signature with one key more. */
  with(signature: Signature, code: number): Signature {
    const known = signature.after(code);
    if (known !== undefined) return known;
    this.#size++;
    return signature.grow(code);
  }

  /** Signatures that hold the key in that role, by kind and worth. */
  holding(code: number): readonly Posting[] {
    return this.#postings.get(code) ?? NO_POSTINGS;
  }

  /** All signatures that are worth something without a tie, by kind and worth. */
  get untied(): readonly Posting[] {
    return this.#kinds;
  }

  /** Gives a signature its places in the lists of its keys, once. */
  list(signature: Signature): void {
    if (signature.links !== null) return;
    const { kind, base, codes } = signature;
    const postings = codes.map((code) => {
      let lists = this.#postings.get(code);
      if (lists === undefined) {
        lists = [];
        this.#postings.set(code, lists);
      }
      return postingOf(lists, kind, base);
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
