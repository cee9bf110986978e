// Whole-tool benchmark: time and peak memory of `winnow scan` as a process, beside any other tool, on the same log.
// Before anything is timed, the output of every thread count must be the same to the byte. Runs are interleaved (A B C, A B C ...),
// medians are printed, and a dated record goes to bench/runs/.
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { createReadStream, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';

const HELP = `npm run bench -- scan --log FILE [--log FILE ...] --rules PATH [--rules PATH ...]
  --threads LIST    thread counts, default 1,2
  --runs N          counted runs of each command after one warm-up, default 5
  --peer NAME=CMD   another tool; {log} in CMD is the log. Output goes to /dev/null. Repeatable
  --flags TEXT      further flags of winnow scan, default "--lookback 0"
  --name TEXT       what the record in bench/runs/ is called
  --no-record       do not write one
Logs are built by bench/make-log.mjs. Run "npm run build" first.`;

const binary = fileURLToPath(new URL('../dist/cli.js', import.meta.url));
const median = (numbers) => [...numbers].sort((a, b) => a - b)[Math.floor(numbers.length / 2)];

/** Runs a command to its end: seconds, and the highest resident memory that was seen, in MB. */
function measure(command, args) {
  return new Promise((resolve, reject) => {
    const started = process.hrtime.bigint();
    const child = spawn(command, args, { stdio: ['ignore', 'ignore', 'ignore'] });
    let peak = 0;
    // VmHWM only grows, so the last sample before the end is near the true peak.
    const timer = setInterval(() => {
      try {
        peak = Math.max(peak, Number(/VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${child.pid}/status`, 'utf8'))?.[1] ?? 0));
      } catch {
        // No /proc, or the process has just ended.
      }
    }, 10);
    child.on('error', reject);
    child.on('exit', (code, signal) => {
      clearInterval(timer);
      const seconds = Number(process.hrtime.bigint() - started) / 1e9;
      if (signal) reject(new Error(`${command} ended by ${signal}`));
      else resolve({ seconds, peakMb: Math.round(peak / 1024), code });
    });
  });
}

async function digest(path) {
  const hash = createHash('sha256');
  let lines = 0;
  for await (const block of createReadStream(path)) {
    hash.update(block);
    for (let at = block.indexOf(10); at >= 0; at = block.indexOf(10, at + 1)) lines++;
  }
  return { hash: hash.digest('hex'), lines };
}

export async function run(args) {
  const { values } = parseArgs({
    args,
    options: {
      log: { type: 'string', multiple: true },
      rules: { type: 'string', multiple: true },
      threads: { type: 'string', default: '1,2' },
      runs: { type: 'string', default: '5' },
      peer: { type: 'string', multiple: true, default: [] },
      flags: { type: 'string', default: '--lookback 0' },
      name: { type: 'string', default: 'scan' },
      'no-record': { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help || !values.log || !values.rules) {
    console.log(HELP);
    return;
  }
  const runs = Number(values.runs);
  const folder = mkdtempSync(join(tmpdir(), 'winnow-bench-'));
  const bytes = values.log.reduce((sum, path) => sum + statSync(path).size, 0);
  const winnow = (threads, out) => [
    process.execPath,
    [
      binary,
      'scan',
      ...values.log,
      ...values.rules.flatMap((path) => ['-r', path]),
      '--threads',
      threads,
      '--format',
      'jsonl',
      '-o',
      out,
      '--force',
      '-q',
      ...values.flags.split(' ').filter(Boolean),
    ],
  ];
  const commands = values.threads.split(',').map((threads) => {
    const [command, list] = winnow(threads, join(folder, `t${threads}.jsonl`));
    return { name: `winnow --threads ${threads}`, command, list, out: join(folder, `t${threads}.jsonl`) };
  });
  for (const peer of values.peer) {
    const [name, ...rest] = peer.split('=');
    const line = rest.join('=').replaceAll('{log}', values.log.map((path) => `'${path}'`).join(' '));
    commands.push({ name, command: '/bin/sh', list: ['-c', `exec ${line} >/dev/null 2>&1`], out: null });
  }

  try {
    // The warm-up fills the page cache and the cache of compiled rules; its output is what must agree.
    const digests = [];
    for (const each of commands) {
      await measure(each.command, each.list);
      if (each.out) digests.push(await digest(each.out));
    }
    if (new Set(digests.map(({ hash }) => hash)).size > 1) throw new Error('output depends on the number of threads');
    const results = commands.map(() => []);
    for (let i = 0; i < runs; i++)
      for (const [k, each] of commands.entries()) results[k].push(await measure(each.command, each.list));
    const rows = commands.map(({ name }, k) => {
      const seconds = results[k].map((result) => result.seconds);
      const s = median(seconds);
      return {
        name,
        medianSeconds: Number(s.toFixed(3)),
        minSeconds: Number(Math.min(...seconds).toFixed(3)),
        maxSeconds: Number(Math.max(...seconds).toFixed(3)),
        mbPerSecond: Math.round(bytes / 1e6 / s),
        peakMb: Math.max(...results[k].map((result) => result.peakMb)),
      };
    });
    console.log(`${(bytes / 1e6).toFixed(0)} MB, ${digests[0]?.lines ?? 0} lines of output, ${runs} interleaved runs`);
    console.table(rows);
    for (const row of rows) {
      const others = rows.filter((other) => other !== row);
      console.log(
        `${row.name}: ${others.map((o) => `${(o.medianSeconds / row.medianSeconds).toFixed(2)}x the speed of ${o.name}`).join(', ')}`,
      );
    }
    if (!values['no-record']) {
      const date = new Date().toISOString();
      const record = {
        date,
        node: process.version,
        cpu: cpus()[0]?.model,
        cores: cpus().length,
        megabytes: bytes / 1e6,
        runs,
        rows,
      };
      const runsFolder = fileURLToPath(new URL('runs', import.meta.url));
      mkdirSync(runsFolder, { recursive: true });
      const path = join(runsFolder, `${date.slice(0, 10)}-${values.name}.json`);
      writeFileSync(path, `${JSON.stringify(record, null, 2)}\n`);
      console.log(`recorded in bench/runs/${date.slice(0, 10)}-${values.name}.json`);
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) await run(process.argv.slice(2));
