/**
 * Which names mean the same computer. Windows logs name it `PC04`, `pc04` and `PC04.example.corp`; a short name is the same
 * computer as a full one only where exactly one full name begins with it.
 */

/** Names remembered; forgotten all at once when there are more. */
const REMEMBERED_NAMES = 65_536;

export class HostNames {
  /** Short label -> the one full name that begins with it; null when there are several. */
  readonly #full = new Map<string, string | null>();
  readonly #known = new Map<string, string>();

  constructor(names: Iterable<string>) {
    for (const each of names) {
      const name = folded(each);
      const label = labelOf(name);
      if (label === name) continue;
      const other = this.#full.get(label);
      this.#full.set(label, other === undefined || other === name ? name : null);
    }
  }

  /** The same text for names of the same computer. */
  canonical(name: string): string {
    let canonical = this.#known.get(name);
    if (canonical === undefined) {
      const plain = folded(name);
      canonical = this.#full.get(plain) ?? plain;
      if (this.#known.size >= REMEMBERED_NAMES) this.#known.clear();
      this.#known.set(name, canonical);
    }
    return canonical;
  }
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
