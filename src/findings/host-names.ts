/**
 * Decides which names mean the same computer. In: computer names from logs, such as `PC04`, `pc04` and `PC04.example.corp`.
 * Out: one name for each computer. A short name means the same computer as a full one only where exactly one full name begins
 * with it.
 */

import { rememberedUpTo } from '../model/values/maps.ts';
import { uint32Column } from './store/columns.ts';
import { NameTable } from './store/name-table.ts';

/** Means that several full names begin with a label. Numbers of names count from 1. */
const SEVERAL = 0;

/** Limit on the names remembered. All are forgotten when there are more. */
const REMEMBERED_NAMES = 65_536;

export class HostNames {
  /**
   * `#labels` has the first labels of full names, and `#full` the full names. For each label, `#fullOf` has the only full name
   * that begins with it, or {@link SEVERAL}.
   */
  readonly #labels = new NameTable();
  readonly #fullOf = uint32Column();
  readonly #full = new NameTable();

  /**
   * Made from names that can be gone through twice. Only these names may be asked for later. A full name is kept only where its
   * short name occurs too.
   */
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

  /** Gives the same text for all names of one computer. */
  readonly canonical = rememberedUpTo(REMEMBERED_NAMES, (name: string): string => {
    const plain = folded(name);
    const label = this.#labels.find(plain);
    const full = label < 0 ? SEVERAL : this.#fullOf.at(label);
    return full === SEVERAL ? plain : this.#full.at(full - 1);
  });
}

function* withLabels(names: Iterable<string>, labels: NameTable): Generator<string> {
  for (const name of names) if (labels.find(hostLabel(name)) >= 0) yield name;
}

/** Gives the same text for all names that may mean the same computer. */
export function hostLabel(name: string): string {
  return labelOf(folded(name));
}

function folded(name: string): string {
  const plain = name.trim().toLowerCase();
  return plain.endsWith('.') ? plain.slice(0, -1) : plain;
}

function labelOf(name: string): string {
  // An address has dots, but its parts are not labels.
  if (/^[\d.]+$/.test(name)) return name;
  const dot = name.indexOf('.');
  return dot < 0 ? name : name.slice(0, dot);
}
