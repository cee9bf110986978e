/**
 * Which names mean the same computer. Windows logs name it `PC04`, `pc04` and `PC04.example.corp`; a short name is the same
 * computer as a full one only where exactly one full name begins with it.
 */

import { uint32Column } from './store/columns.ts';
import { NameTable } from './store/name-table.ts';

/** Several full names begin with a label; numbers of names are counted from 1. */
const SEVERAL = 0;

/** Names remembered; forgotten all at once when there are more. */
const REMEMBERED_NAMES = 65_536;

export class HostNames {
  /** Short labels of full names, of each the full name that begins with it or {@link SEVERAL}, and the full names. */
  readonly #labels = new NameTable();
  readonly #fullOf = uint32Column();
  readonly #full = new NameTable();
  readonly #known = new Map<string, string>();

  /** Of names that are gone through twice; no others will be asked for. Full names are kept only where there is a short one too. */
  static of(names: () => Iterable<string>): HostNames {
    const short = new NameTable();
    for (const each of names()) {
      const name = folded(each);
      if (labelOf(name) === name) short.id(name);
    }
    return new HostNames(withLabels(names(), short));
  }

  constructor(names: Iterable<string>) {
    for (const each of names) {
      const name = folded(each);
      const label = labelOf(name);
      if (label === name) continue;
      const full = this.#full.id(name) + 1;
      const id = this.#labels.id(label);
      if (id === this.#fullOf.length) this.#fullOf.push(full);
      else if (this.#fullOf.at(id) !== full) this.#fullOf.set(id, SEVERAL);
    }
  }

  /** The same text for names of the same computer. */
  canonical(name: string): string {
    let canonical = this.#known.get(name);
    if (canonical === undefined) {
      const plain = folded(name);
      const label = this.#labels.find(plain);
      const full = label < 0 ? SEVERAL : this.#fullOf.at(label);
      canonical = full === SEVERAL ? plain : this.#full.at(full - 1);
      if (this.#known.size >= REMEMBERED_NAMES) this.#known.clear();
      this.#known.set(name, canonical);
    }
    return canonical;
  }
}

function* withLabels(names: Iterable<string>, labels: NameTable): Generator<string> {
  for (const name of names) if (labels.find(hostLabel(name)) >= 0) yield name;
}

/** The same text for all names that may mean the same computer. */
export function hostLabel(name: string): string {
  return labelOf(folded(name));
}

function folded(name: string): string {
  const plain = name.trim().toLowerCase();
  return plain.endsWith('.') ? plain.slice(0, -1) : plain;
}

function labelOf(name: string): string {
  // An address has dots, but no label.
  if (/^[\d.]+$/.test(name)) return name;
  const dot = name.indexOf('.');
  return dot < 0 ? name : name.slice(0, dot);
}
