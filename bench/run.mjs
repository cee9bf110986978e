// `npm run bench -- NAME [ARGS]`: one file of this folder per benchmark, each exports `run(args)` and says what it takes.
import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const folder = fileURLToPath(new URL('.', import.meta.url));
const names = readdirSync(folder)
  .filter((name) => name.endsWith('.mjs') && name !== 'run.mjs')
  .map((name) => name.slice(0, -4))
  .sort();
const [name, ...args] = process.argv.slice(2);
if (!names.includes(name ?? '')) {
  console.error(`usage: npm run bench -- ${names.join('|')} [--help]`);
  process.exit(3);
}
const { run } = await import(new URL(`${name}.mjs`, import.meta.url).href);
await run(args);
