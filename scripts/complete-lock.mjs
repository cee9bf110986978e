// `node scripts/complete-lock.mjs`, after a change of dependencies: adds to package-lock.json the optional packages of other
// platforms that the registry at hand did not serve. npm leaves those out of the lock, and `npm ci` then refuses it everywhere.
// They get no integrity, since nobody here has seen them; every package that was fetched keeps its own.
import { readFileSync, writeFileSync } from 'node:fs';

const PATH = 'package-lock.json';
const SYSTEMS = new Set(['aix', 'android', 'darwin', 'freebsd', 'linux', 'netbsd', 'openbsd', 'openharmony', 'sunos', 'win32']);
const PROCESSORS = new Set(['arm', 'arm64', 'ia32', 'loong64', 'mips64el', 'ppc64', 'riscv64', 's390x', 'x64']);

const lock = JSON.parse(readFileSync(PATH, 'utf8'));
let added = 0;
for (const owner of Object.values(lock.packages)) {
  for (const [name, version] of Object.entries(owner.optionalDependencies ?? {})) {
    const key = `node_modules/${name}`;
    if (key in lock.packages) continue;
    if (!/^\d+\.\d+\.\d+$/.test(version)) throw new Error(`${name}: "${version}" is not one version`);
    const words = name.split(/[/-]/);
    const os = words.filter((word) => SYSTEMS.has(word));
    const cpu = words.filter((word) => PROCESSORS.has(word));
    lock.packages[key] = {
      version,
      ...(cpu.length > 0 ? { cpu } : {}),
      ...(owner.dev ? { dev: true } : {}),
      optional: true,
      ...(os.length > 0 ? { os } : {}),
      ...(/musl/.test(name) ? { libc: ['musl'] } : {}),
    };
    added++;
  }
}
lock.packages = Object.fromEntries(Object.entries(lock.packages).sort(([a], [b]) => (a < b ? -1 : 1)));
writeFileSync(PATH, `${JSON.stringify(lock, null, 2)}\n`);
console.error(`${added} packages of other platforms added to ${PATH}`);
