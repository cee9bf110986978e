// Every line of "how fast and how small" in one run: each measurement is a process of its own, runs are interleaved, medians and
// ratios are printed, and a dated record goes to bench/runs/. Wall time and processor time: the second hardly minds a busy machine.
import { spawn } from 'node:child_process';
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { makeLog } from './make-log.mjs';

const HELP = `npm run bench -- targets --samples FOLDER --sigma FOLDER [--evtx-dump COMMAND]
  --samples FOLDER  EVTX files, and exports as Event XML and JSON Lines
  --sigma FOLDER    a checkout of SigmaHQ/sigma: rules, rules-emerging-threats, rules-threat-hunting are used
  --evtx-dump CMD   the comparison, run as CMD -o jsonl -t 1 LOG
  --runs N          counted runs of each, default 3
  --mb N            size of the large logs, default 1000
  --huge MB         also the memory of an EVTX log of that size (5000), once with one thread and once with two
  --only LIST       of: evtx, start, folder, memory, text, rules, lookback
  --name TEXT       what the record in bench/runs/ is called
  --binary FILE     another build than dist/cli.js
Run "npm run build" first. Logs are built in the folder for temporary files and removed.`;

const median = (numbers) => [...numbers].sort((a, b) => a - b)[Math.floor(numbers.length / 2)];
const round = (number, digits = 2) => Number(number.toFixed(digits));

/** A `stat` file of Linux: seconds of processor time. */
function processorSeconds(path) {
  const fields = readFileSync(path, 'utf8')
    .replace(/^.*\) /, '')
    .split(' ');
  return (Number(fields[11]) + Number(fields[12])) / 100;
}

/**
 * What Linux tells of a process: processor time of all its threads (the compiler and the garbage collector of the runtime have
 * theirs) and of the main thread alone, which is what the wall clock shows on a machine with a core to spare; peak memory.
 */
function usage(pid) {
  const peak = Number(/VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0);
  return {
    cpu: processorSeconds(`/proc/${pid}/stat`),
    main: processorSeconds(`/proc/${pid}/task/${pid}/stat`),
    peak: peak / 1024,
  };
}

function measure([command, ...args]) {
  // Replacing a file of the run before takes a tenth of a second, which is not what a user sees.
  const output = args.indexOf('-o') + 1;
  if (output > 0 && args[output].endsWith('.jsonl')) rmSync(args[output], { force: true });
  return new Promise((resolve, reject) => {
    const started = process.hrtime.bigint();
    const child = spawn(command, args, { stdio: 'ignore' });
    let last = { cpu: 0, main: 0, peak: 0 };
    const timer = setInterval(() => {
      try {
        const now = usage(child.pid);
        last = {
          cpu: Math.max(last.cpu, now.cpu),
          main: Math.max(last.main, now.main),
          peak: Math.max(last.peak, now.peak),
        };
      } catch {
        // No /proc, or the process has just ended.
      }
    }, 20);
    child.on('error', reject);
    child.on('exit', (code, signal) => {
      clearInterval(timer);
      const seconds = Number(process.hrtime.bigint() - started) / 1e9;
      if (signal || code > 2) reject(new Error(`${command} ${args.join(' ')} ended with ${signal ?? code}`));
      else resolve({ seconds, cpuSeconds: last.cpu, mainSeconds: last.main, peakMb: last.peak });
    });
  });
}

/** Several commands at the same time: the longest of their times, the sum of the rest. */
async function measureTogether(commands) {
  const results = await Promise.all(commands.map(measure));
  const sum = (key) => results.reduce((total, result) => total + result[key], 0);
  return {
    seconds: Math.max(...results.map(({ seconds }) => seconds)),
    cpuSeconds: sum('cpuSeconds'),
    mainSeconds: sum('mainSeconds'),
    peakMb: sum('peakMb'),
  };
}

/** Interleaved: A B C, A B C ...; the first round is not counted. A list of commands runs at the same time. */
export async function compare(commands, runs) {
  const results = Object.fromEntries(Object.keys(commands).map((name) => [name, []]));
  for (let i = 0; i <= runs; i++) {
    for (const [name, command] of Object.entries(commands)) {
      const result = await (Array.isArray(command[0]) ? measureTogether(command) : measure(command));
      if (i > 0 || runs === 0) results[name].push(result);
    }
  }
  return Object.fromEntries(
    Object.entries(results).map(([name, all]) => [
      name,
      {
        seconds: round(median(all.map(({ seconds }) => seconds)), 3),
        least: round(Math.min(...all.map(({ seconds }) => seconds)), 3),
        cpuSeconds: round(median(all.map((result) => result.cpuSeconds))),
        leastCpu: round(Math.min(...all.map((result) => result.cpuSeconds))),
        mainSeconds: round(median(all.map(({ mainSeconds }) => mainSeconds))),
        peakMb: Math.round(Math.max(...all.map(({ peakMb }) => peakMb))),
      },
    ]),
  );
}

function copyTree(from, into, bytes) {
  const logs = [];
  const walk = (folder) => {
    for (const entry of readdirSync(folder, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1))) {
      const path = join(folder, entry.name);
      if (entry.isDirectory()) walk(path);
      else if (entry.name.endsWith('.evtx')) logs.push(path);
    }
  };
  walk(from);
  mkdirSync(into);
  let copied = 0;
  for (let i = 0; copied < bytes; i++) {
    const path = logs[i % logs.length];
    copyFileSync(path, join(into, `${String(i).padStart(5, '0')}.evtx`));
    copied += statSync(path).size;
  }
  return copied;
}

export async function run(args) {
  const { values } = parseArgs({
    args,
    options: {
      samples: { type: 'string' },
      sigma: { type: 'string' },
      'evtx-dump': { type: 'string' },
      runs: { type: 'string', default: '3' },
      mb: { type: 'string', default: '1000' },
      huge: { type: 'string' },
      only: { type: 'string', default: 'evtx,start,folder,memory,text,rules' },
      name: { type: 'string', default: 'targets' },
      binary: { type: 'string', default: fileURLToPath(new URL('../dist/cli.js', import.meta.url)) },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help || !values.samples || !values.sigma) {
    console.log(HELP);
    return;
  }
  const { binary } = values;
  const runs = Number(values.runs);
  const mb = Number(values.mb);
  const only = new Set(values.only.split(','));
  const folder = mkdtempSync(join(tmpdir(), 'winnow-targets-'));
  const rules = ['rules', 'rules-emerging-threats', 'rules-threat-hunting'].map((name) => join(values.sigma, name));
  const out = join(folder, 'out.jsonl');
  const scan = (log, threads, more = ['--lookback', '0'], ruleFolders = rules, output = out) => [
    process.execPath,
    binary,
    'scan',
    log,
    ...ruleFolders.flatMap((path) => ['-r', path]),
    '--threads',
    `${threads}`,
    '--format',
    'jsonl',
    '-o',
    output,
    '--force',
    '-q',
    ...more,
  ];
  const dump = (log) => [values['evtx-dump'], '-o', 'jsonl', '-t', '1', log];
  const log = (extension, megabytes = mb) => {
    const path = join(folder, `log-${megabytes}.${extension}`);
    if (!existsSync(path)) makeLog(values.samples, path, megabytes);
    return path;
  };
  const record = {};
  const note = (name, result) => {
    record[name] = result;
    console.log(name, JSON.stringify(result, null, 1));
  };
  const mbOf = (path) => statSync(path).size / 1e6;

  try {
    if (only.has('evtx')) {
      const path = log('evtx');
      // Two scans that share nothing, side by side: what two cores of this machine can do at best.
      const other = scan(path, 1, ['--lookback', '0'], rules, join(folder, 'other.jsonl'));
      const commands = { one: scan(path, 1), two: scan(path, 2), sideBySide: [scan(path, 1), other] };
      if (values['evtx-dump']) {
        commands.evtxDump = dump(path);
        commands.evtxDumpSideBySide = [dump(path), dump(path)];
      }
      const results = await compare(commands, runs);
      const { one, two, sideBySide, evtxDump, evtxDumpSideBySide } = results;
      note('evtx', {
        megabytes: round(mbOf(path), 0),
        ...results,
        mbPerSecondOne: Math.round(mbOf(path) / one.seconds),
        mbPerSecondTwo: Math.round(mbOf(path) / two.seconds),
        twoAgainstOne: round(one.seconds / two.seconds),
        twoAgainstOneMain: round(one.mainSeconds / two.mainSeconds),
        twoProcessesAgainstOne: round((2 * one.seconds) / sideBySide.seconds),
        ...(evtxDump
          ? {
              speedOfEvtxDump: round(evtxDump.seconds / one.seconds),
              speedOfEvtxDumpMain: round(evtxDump.cpuSeconds / one.mainSeconds),
              twoThreads: round(evtxDump.seconds / two.seconds),
              twoEvtxDumpsAgainstOne: round((2 * evtxDump.seconds) / evtxDumpSideBySide.seconds),
            }
          : {}),
      });
    }
    if (only.has('lookback')) {
      const path = log('evtx');
      // Neither scan writes its report to a file: that would be measured, too.
      const bare = (threads, more) => [
        process.execPath,
        binary,
        'scan',
        path,
        ...rules.slice(0, 1).flatMap((folder) => ['-r', join(folder, 'windows')]),
        '--threads',
        `${threads}`,
        '-q',
        ...more,
      ];
      const least = ['--lookback', '0', '-f', 'jsonl'];
      const commands = {
        default: bare(1, []),
        least: bare(1, least),
        defaultTwo: bare(2, []),
        leastTwo: bare(2, least),
      };
      const results = await compare(commands, runs);
      const { default: one, least: oneLeast, defaultTwo: two, leastTwo: twoLeast } = results;
      const ratios = (a, b) => ({
        cpu: round(a.cpuSeconds / b.cpuSeconds),
        leastCpu: round(a.leastCpu / b.leastCpu),
        leastSeconds: round(a.least / b.least),
      });
      note('lookback', { megabytes: round(mbOf(path), 0), ...results, one: ratios(one, oneLeast), two: ratios(two, twoLeast) });
    }
    if (only.has('start')) {
      const path = log('evtx', 0.1);
      note(
        'start',
        await compare(
          { version: [process.execPath, binary, '--version'], node: [process.execPath, '-e', '0'], smallLog: scan(path, 1) },
          Math.max(5, runs),
        ),
      );
    }
    if (only.has('folder')) {
      const path = join(folder, 'logs');
      const megabytes = round(copyTree(values.samples, path, 100e6) / 1e6, 0);
      const commands = {
        one: scan(path, 1),
        two: scan(path, 2),
        asItComes: scan(path, 1).filter((_, i, all) => all[i] !== '--threads' && all[i - 1] !== '--threads'),
      };
      note('folder', {
        megabytes,
        ...(await compare(commands, runs)),
        withoutCache: await compare({ one: [...scan(path, 1), '--no-cache'] }, runs),
      });
      rmSync(path, { recursive: true });
    }
    if (only.has('memory')) {
      const sizes = [100, mb, ...(values.huge ? [Number(values.huge)] : [])];
      const result = {};
      for (const megabytes of sizes) {
        const path = log('evtx', megabytes);
        const measured = await compare({ one: scan(path, 1), two: scan(path, 2) }, 0);
        result[`${megabytes} MB`] = { one: measured.one.peakMb, two: measured.two.peakMb };
        if (megabytes !== mb) rmSync(path);
      }
      note('memory', result);
    }
    if (only.has('text')) {
      const result = {};
      for (const extension of ['xml', 'jsonl']) {
        const path = log(extension);
        const measured = await compare({ one: scan(path, 1), two: scan(path, 2) }, runs);
        result[extension] = {
          megabytes: round(mbOf(path), 0),
          ...measured,
          mbPerSecond: Math.round(mbOf(path) / measured.one.seconds),
          mbPerMainSecond: Math.round(mbOf(path) / measured.one.mainSeconds),
        };
        rmSync(path);
      }
      note('text', result);
    }
    if (only.has('rules')) {
      const few = join(folder, 'few');
      mkdirSync(few);
      const paths = [];
      for (const root of rules) {
        for (const name of readdirSync(root, { recursive: true }).sort()) if (name.endsWith('.yml')) paths.push(join(root, name));
      }
      const windows = paths.filter((path) => /product: windows/.test(readFileSync(path, 'utf8')));
      const step = windows.length / 300;
      for (let i = 0; i < 300; i++) copyFileSync(windows[Math.floor(i * step)], join(few, `${i}.yml`));
      const path = log('evtx');
      const start = log('evtx', 0.1);
      // Rules that are not reported are not matched either: what matching costs without a report is told by bench/match.ts.
      const results = await compare(
        {
          few: scan(path, 1, ['--lookback', '0'], [few]),
          all: scan(path, 1),
          fewStart: scan(start, 1, ['--lookback', '0'], [few]),
          allStart: scan(start, 1),
        },
        runs,
      );
      const grown = (key) => round((results.all[key] - results.allStart[key]) / (results.few[key] - results.fewStart[key]));
      note('rules', {
        windowsRules: windows.length,
        ...results,
        growthWithReport: grown('seconds'),
        growthWithReportMain: grown('mainSeconds'),
      });
    }
    writeRecord(values.name, { runs, ...record });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** A dated file of bench/runs/, with the machine it was measured on. */
export function writeRecord(of, record) {
  const date = new Date().toISOString();
  const folder = fileURLToPath(new URL('runs', import.meta.url));
  mkdirSync(folder, { recursive: true });
  const name = `${date.slice(0, 10)}-${of}.json`;
  const machine = { date, node: process.version, cpu: cpus()[0]?.model, cores: cpus().length };
  writeFileSync(join(folder, name), `${JSON.stringify({ ...machine, ...record }, null, 2)}\n`);
  console.log(`recorded in bench/runs/${name}`);
}
