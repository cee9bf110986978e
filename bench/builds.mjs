// Whole scans by two builds of winnow, by turns: has a change made them slower? Prints the least processor time of several runs, which a
// busy machine disturbs little, and the highest resident memory. Needs bash and GNU time.
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { writeRecord } from './targets.mjs';

const HELP = `npm run bench -- builds --before FOLDER --after FOLDER --rules PATH --log PATH [--log PATH ...]
  --before, --after  folders of winnow, each with its own dist/
  --log PATH         a log or a folder of logs, a small one first (it fills the caches); repeatable
  --node COMMAND     a Node to run both with; repeatable, default: this one
  --flags TEXT       further flags of winnow scan, default "--lookback 0 --threads 1"
  --runs N           counted runs of each, default 5
  --name TEXT        what the record in bench/runs/ is called, default "builds"
  --no-record        do not write one`;

const round = (number) => Number(number.toFixed(3));

/** Runs a scan: processor time in seconds, peak memory in MB. */
function measure({ node, build, cache, log, rules, flags }, out) {
  rmSync(out, { force: true });
  const format = ['-f', '%U %S %M', '-o', join(cache, 'time')];
  const scan = ['scan', '-q', '-f', 'jsonl', '-o', out, '-r', rules, ...flags.split(' ').filter(Boolean), log];
  execFileSync('/usr/bin/time', [...format, node, join(build, 'dist/cli.js'), ...scan], {
    stdio: 'ignore',
    env: { ...process.env, XDG_CACHE_HOME: cache },
  });
  const [user, system, kilobytes] = readFileSync(join(cache, 'time'), 'utf8').trim().split(' ').map(Number);
  return { cpu: user + system, megabytes: kilobytes / 1024 };
}

/** For one Node and all logs. The first log fills the caches of rules and of compiled code, so let it be a small one. */
function* compare(node, { before, after, log: logs, rules, flags, runs }, folder) {
  const builds = { before, after };
  const scanWith = (name, log) =>
    measure({ node, build: resolve(builds[name]), cache: join(folder, name), log, rules, flags }, join(folder, 'out'));
  for (const name of Object.keys(builds)) {
    mkdirSync(join(folder, name), { recursive: true, mode: 0o700 });
    for (let i = 0; i < 2; i++) scanWith(name, logs[0]);
  }
  const version = execFileSync(node, ['--version'], { encoding: 'utf8' }).trim();
  for (const log of logs) {
    const results = { before: [], after: [] };
    for (let i = 0; i < Number(runs); i++) for (const name of Object.keys(builds)) results[name].push(scanWith(name, log));
    const cpu = (name) => round(Math.min(...results[name].map((result) => result.cpu)));
    const peak = (name) => Math.round(Math.max(...results[name].map(({ megabytes }) => megabytes)));
    const [cpuSeconds, peakMb] = [cpu, peak].map((of) => ({ before: of('before'), after: of('after') }));
    yield { log: basename(log), node: version, cpuSeconds, ratio: round(cpuSeconds.after / cpuSeconds.before), peakMb };
  }
}

export async function run(args) {
  const { values } = parseArgs({
    args,
    options: {
      before: { type: 'string' },
      after: { type: 'string' },
      rules: { type: 'string' },
      log: { type: 'string', multiple: true },
      node: { type: 'string', multiple: true, default: [process.execPath] },
      flags: { type: 'string', default: '--lookback 0 --threads 1' },
      runs: { type: 'string', default: '5' },
      name: { type: 'string', default: 'builds' },
      'no-record': { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help || !values.before || !values.after || !values.rules || !values.log) {
    console.log(HELP);
    return;
  }
  const folder = mkdtempSync(join(tmpdir(), 'winnow-bench-'));
  try {
    const rows = [];
    for (const node of values.node) {
      for (const row of compare(node, values, folder)) {
        rows.push(row);
        console.log(JSON.stringify(row));
      }
    }
    if (!values['no-record']) writeRecord(values.name, { runs: Number(values.runs), flags: values.flags, rows });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
