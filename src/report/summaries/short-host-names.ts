/** Names of computers without their domain, where that makes no two of them alike. Addresses stay as they are. */
export function shortHostNames(computers: readonly string[]): (name: string) => string {
  const names = new Map<string, Set<string>>();
  for (const name of computers) {
    const key = short(name).toLowerCase();
    names.set(key, (names.get(key) ?? new Set()).add(name.toLowerCase()));
  }
  return (name) => (names.get(short(name).toLowerCase())?.size === 1 ? short(name) : name);
}

function short(name: string): string {
  return /^[\d.]+$/.test(name) ? name : name.replace(/(?<=.)\..*/, '');
}
