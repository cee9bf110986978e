// `npm run mutate -- PATH ... [--max N] [--seed S] [--near N] [--jobs N]`: do the tests notice when the code is wrong? Plants
// one small fault at a time in the TypeScript files below PATH, in a copy of the project, and runs the tests that reach the file,
// the nearest by imports first. Prints each fault that no test noticed, and how many were. Exit code 1 when one survived.
import { execFileSync, fork } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { parseSync } from 'oxc-parser';
import { filesBelow, importersIn, reaching } from './imports.mjs';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
/** A mutant may loop for ever: it gets so many times what the tests take without it, and so many seconds more. */
const TIMES_ALLOWED = 3;
const SECONDS_MORE = 20;
const START_MS = 120_000;
const NOT_COPIED = new Set(['node_modules', '.git', 'dist']);

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    max: { type: 'string', default: '40' },
    seed: { type: 'string', default: '1' },
    near: { type: 'string', default: '6' },
    jobs: { type: 'string', default: '1' },
  },
});
const [max, seed, near, jobs] = [values.max, values.seed, values.near, values.jobs].map(Number);
if (positionals.length === 0 || ![max, near, jobs].every((number) => number >= 1) || !Number.isInteger(seed)) {
  console.error(
    'usage: npm run mutate -- PATH ... [--max N] [--seed S] [--near N] [--jobs N]\n' +
      '  --max   faults planted, chosen by --seed (default 40)\n  --near  test files run for each (default 6)\n' +
      '  --jobs  faults tried at the same time (default 1)',
  );
  process.exit(2);
}

const OTHER_OPERATOR = {
  '<': ['<='],
  '<=': ['<'],
  '>': ['>='],
  '>=': ['>'],
  '===': ['!=='],
  '!==': ['==='],
  '+': ['-'],
  '-': ['+'],
  '*': ['/'],
  '&&': ['||'],
  '||': ['&&'],
  '+=': ['-='],
  '-=': ['+='],
  '++': ['--'],
  '--': ['++'],
};

/** Faults in the source of a file: what stands at [start, end) and what is put there instead. */
function mutantsOf(path) {
  const source = readFileSync(path, 'utf8');
  const { program, errors } = parseSync(path, source);
  if (errors.length > 0) throw new Error(`${path}: ${errors[0].message}`);
  const found = [];
  const replace = (start, end, text) => found.push({ path, start, end, text });
  const replaceOperator = ({ operator }, from, to) => {
    const start = source.indexOf(operator, from);
    for (const other of start < 0 || start >= to ? [] : (OTHER_OPERATOR[operator] ?? [])) {
      replace(start, start + operator.length, other);
    }
  };
  const visit = (node) => {
    // Types are not there when tests run, and names of modules are no code.
    if (node.type.startsWith('TS') && !/^TS(?:NonNull|As|Satisfies)Expression$/.test(node.type)) return;
    if (node.type === 'ImportDeclaration' || node.type.startsWith('ExportAll')) return;
    switch (node.type) {
      case 'BinaryExpression':
      case 'LogicalExpression':
      case 'AssignmentExpression':
        replaceOperator(node, node.left.end, node.right.start);
        break;
      case 'UpdateExpression':
        replaceOperator(node, node.start, node.end);
        break;
      case 'UnaryExpression':
        if (node.operator === '!') replace(node.start, node.start + 1, '');
        break;
      case 'IfStatement':
      case 'ConditionalExpression':
        for (const text of ['true', 'false']) replace(node.test.start, node.test.end, text);
        break;
      case 'ExpressionStatement':
        if (/Call|Assignment|Update/.test(node.expression.type)) replace(node.start, node.end, ';');
        break;
      case 'Literal':
        if (typeof node.value === 'boolean') replace(node.start, node.end, String(!node.value));
        else if (typeof node.value === 'number') replace(node.start, node.end, String(node.value + 1));
        break;
      default:
    }
    for (const child of Object.values(node)) {
      for (const each of Array.isArray(child) ? child : [child]) if (typeof each?.type === 'string') visit(each);
    }
  };
  visit(program);
  return found.map((mutant) => ({
    ...mutant,
    line: source.slice(0, mutant.start).split('\n').length,
    was: source.slice(mutant.start, mutant.end),
  }));
}

/** The test files that reach a file, those by the fewest imports first. */
function testsOf(file, importers) {
  return reaching([file], importers)
    .filter((path) => path.endsWith('.test.ts'))
    .map((path) => relative(ROOT, path));
}

/** A fixed choice for each seed. */
function shuffled(items, start) {
  let state = start >>> 0;
  const random = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  const keyed = items.map((item) => [random(), item]);
  return keyed.sort((a, b) => a[0] - b[0]).map(([, item]) => item);
}

const running = new Set();
/** With its workers. */
const kill = ({ pid }) => process.kill(-pid, 'SIGKILL');

/** Runs tests in a copy with one vitest, which is started anew when a fault makes it hang. */
class Tests {
  #copy;
  #child = null;
  #changed = new Set();

  constructor(copy) {
    this.#copy = copy;
  }

  /** Writes a file, which the next run then loads anew. */
  write(name, source) {
    const path = join(this.#copy, name);
    writeFileSync(path, source);
    this.#changed.add(path);
  }

  /** What the tests say, and why: `passed`, `failed`, or `timeout`. */
  async run(tests, limitMs) {
    if (this.#child?.connected !== true) this.#child = await this.#started();
    const child = this.#child;
    child.send({ tests, changed: [...this.#changed] });
    this.#changed.clear();
    return this.#answer(child, limitMs);
  }

  async #started() {
    const child = fork('scripts/mutate-tests.mjs', { cwd: this.#copy, stdio: 'ignore', detached: true });
    running.add(child);
    if ((await this.#answer(child, START_MS)).verdict !== 'ready') throw new Error('vitest does not start');
    return child;
  }

  #answer(child, limitMs) {
    return new Promise((done) => {
      const end = (answer) => {
        clearTimeout(timer);
        child.removeAllListeners();
        done(answer);
      };
      const lose = (answer) => {
        running.delete(child);
        this.#child = null;
        end(answer);
      };
      const timer = setTimeout(() => {
        kill(child);
        lose({ verdict: 'timeout', why: 'they take too long' });
      }, limitMs);
      child.once('message', end);
      child.once('exit', () => lose({ verdict: 'failed', why: 'vitest has ended' }));
    });
  }
}

function copyProject() {
  const folder = mkdtempSync(join(tmpdir(), 'winnow-mutate-'));
  const copy = join(folder, 'project');
  cpSync(ROOT, copy, { recursive: true, filter: (from) => !NOT_COPIED.has(relative(ROOT, from)) });
  symlinkSync(join(ROOT, 'node_modules'), join(copy, 'node_modules'));
  // Tests look for logs of others beside the project.
  const shared = join(ROOT, '..', 'shared');
  if (existsSync(shared)) symlinkSync(shared, join(folder, 'shared'));
  return { folder, copy };
}

execFileSync(process.execPath, [join(ROOT, 'scripts/generate.mjs')], { cwd: ROOT, stdio: 'ignore' });
const importers = importersIn([join(ROOT, 'src'), join(ROOT, 'test')]);
const files = positionals.flatMap((path) => filesBelow(resolve(path))).filter((file) => !file.endsWith('.generated.ts'));
const chosen = shuffled(files.flatMap(mutantsOf), seed).slice(0, max);
const copies = Array.from({ length: jobs }, copyProject);
process.on('exit', () => {
  running.forEach(kill);
  for (const { folder } of copies) rmSync(folder, { recursive: true, force: true, maxRetries: 10 });
});

/** Test files of a source file, how long they take without a fault, and, where they fail even so, why. */
const usual = new Map();
async function usualOf(path, runner) {
  if (!usual.has(path)) {
    const tests = testsOf(path, importers).slice(0, near);
    const start = performance.now();
    const { verdict, why } = tests.length === 0 ? { verdict: 'passed' } : await runner.run(tests, 600_000);
    usual.set(path, { tests, ms: performance.now() - start, fault: verdict === 'passed' ? null : why });
  }
  return usual.get(path);
}

const counts = { killed: 0, timeout: 0, survived: 0, skipped: 0 };
async function tryMutants({ copy }) {
  const runner = new Tests(copy);
  for (let mutant = chosen.pop(); mutant !== undefined; mutant = chosen.pop()) {
    const { path, start, end, text, line, was } = mutant;
    const name = relative(ROOT, path);
    const known = await usualOf(path, runner);
    if (known.fault !== null) {
      counts.skipped++;
      console.log(`skipped   ${name}: its tests fail without any fault: ${known.fault}`);
      continue;
    }
    // As it was when the faults were chosen.
    const source = readFileSync(join(copy, name), 'utf8');
    runner.write(name, source.slice(0, start) + text + source.slice(end));
    const limitMs = TIMES_ALLOWED * known.ms + 1000 * SECONDS_MORE;
    const verdict = known.tests.length === 0 ? 'passed' : (await runner.run(known.tests, limitMs)).verdict;
    runner.write(name, source);
    counts[{ passed: 'survived', failed: 'killed', timeout: 'timeout' }[verdict]]++;
    if (verdict === 'passed') console.log(`survived  ${name}:${line}  ${was.split('\n')[0]}  ->  ${text || '(nothing)'}`);
  }
}

function printCounts() {
  const { killed, timeout, survived, skipped } = counts;
  const noticed = killed + timeout;
  console.log(
    `${noticed} of ${noticed + survived} noticed (${timeout} by the time they took), ${survived} survived, ${skipped} skipped`,
  );
}

for (const signal of ['SIGINT', 'SIGTERM']) {
  process.on(signal, () => {
    printCounts();
    process.exit(130);
  });
}
await Promise.all(copies.map(tryMutants));
printCounts();
process.exit(counts.survived > 0 ? 1 : 0);
