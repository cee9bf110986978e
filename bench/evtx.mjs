// The EVTX reader by stage, in MB/s of log: block reads only, EventID and Channel, all strings, all fields, full JSON; beside
// evtx_dump on the same file. Runs are interleaved, medians are printed. CPU seconds are those of the process itself, and the
// same on a machine that is busy with other things; wall seconds are what a user waits.
import { spawn } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, readSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { build } from 'esbuild';

const HELP = `npm run bench -- evtx --log FILE [--runs N] [--evtx-dump PATH]
  --log FILE         an EVTX log of some hundred MB
  --runs N           counted runs of each stage after one warm-up, default 7
  --evtx-dump PATH   run "PATH -o jsonl -t 1 FILE" to nothing in between`;

const project = fileURLToPath(new URL('..', import.meta.url));
const BLOCK_BYTES = 4 << 20;
const UTF16 = 1;
const PLAIN = { recover: false, verify: false };
const median = (numbers) => [...numbers].sort((a, b) => a - b)[numbers.length >> 1];

async function bundle(folder) {
  const outfile = join(folder, 'evtx.mjs');
  const contents = `export { EvtxDecoder } from './src/logs/evtx/decoder.ts'; export { openEvtx } from './src/logs/evtx/index.ts';`;
  await build({
    stdin: { contents, resolveDir: project },
    bundle: true,
    platform: 'node',
    format: 'esm',
    outfile,
    logLevel: 'error',
  });
  return import(pathToFileURL(outfile).href);
}

function eachBlock(log, use) {
  const block = Buffer.allocUnsafeSlow(BLOCK_BYTES);
  const file = openSync(log, 'r');
  for (let length = readSync(file, block); length > 0; length = readSync(file, block)) use(block.subarray(0, length));
  closeSync(file);
}

/** Name -> what one run does. Sums keep the compiler from leaving work out. */
function stagesOf({ EvtxDecoder, openEvtx }, log) {
  const decode = (event) => {
    const decoder = new EvtxDecoder(log, { event, diagnostic() {} }, PLAIN);
    eachBlock(log, (block) => decoder.push(block));
    decoder.end();
    return decoder.stats.records;
  };
  const summed = (measure) => {
    let sum = 0;
    const records = decode((event) => {
      sum += measure(event);
    });
    return sum < 0 ? -1 : records;
  };
  return {
    'block read only': () => eachBlock(log, () => {}),
    'EventID + Channel': () => summed((event) => event.eventId + event.channel.length),
    'all strings': () =>
      summed((event) => {
        const { access } = event.layout;
        const { heads, count } = event.values;
        let sum = 0;
        for (let slot = 0; slot < access.length; slot++) {
          const index = access[slot] & 0xfffff;
          if (access[slot] >= 0 && index < count && heads[index] >> 16 === UTF16) sum += event.atom(slot).text.length;
        }
        return sum;
      }),
    'all fields': () =>
      summed((event) => {
        let sum = 0;
        for (const slots of event.shape.fields.values())
          for (let i = 0; i < slots.length; i++) sum += event.atom(slots[i]) ? 1 : 0;
        return sum;
      }),
    'full JSON': () => {
      const opened = openEvtx(log);
      let bytes = 0;
      opened.writeJsonLines((block) => {
        bytes += block.length;
      });
      opened.close();
      return bytes;
    },
  };
}

function timed(action) {
  const wall = performance.now();
  const cpu = process.cpuUsage();
  action();
  const { user, system } = process.cpuUsage(cpu);
  return { wall: (performance.now() - wall) / 1e3, cpu: (user + system) / 1e6 };
}

/** A peer's wall time, and its CPU time by what our children have used. */
function timedPeer(command, args) {
  return new Promise((resolve, reject) => {
    const wall = performance.now();
    const child = spawn('/bin/sh', ['-c', `"$0" "$@" >/dev/null; times`, command, ...args], {
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    let text = '';
    child.stdout.on('data', (part) => {
      text += part;
    });
    child.on('error', reject);
    child.on('close', () => {
      // The second line of `times`: user and system time of the shell's children, `0m0.480s 0m0.050s`.
      const seconds = [...text.matchAll(/(\d+)m([\d.]+)s/g)].map(([, minutes, rest]) => Number(minutes) * 60 + Number(rest));
      resolve({ wall: (performance.now() - wall) / 1e3, cpu: (seconds[2] ?? Number.NaN) + (seconds[3] ?? Number.NaN) });
    });
  });
}

export async function run(args) {
  const { values } = parseArgs({
    args,
    options: {
      log: { type: 'string' },
      runs: { type: 'string', default: '7' },
      'evtx-dump': { type: 'string' },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help || values.log === undefined) {
    console.log(HELP);
    return;
  }
  const { log } = values;
  const folder = mkdtempSync(join(tmpdir(), 'winnow-bench-evtx-'));
  const stages = stagesOf(await bundle(folder), log);
  const peer = values['evtx-dump'];
  const results = new Map();
  const note = (name, result) => results.set(name, [...(results.get(name) ?? []), result]);
  for (let i = 0; i <= Number(values.runs); i++) {
    for (const [name, action] of Object.entries(stages)) {
      const result = timed(action);
      if (i > 0) note(name, result);
    }
    if (peer !== undefined) {
      const result = await timedPeer(peer, ['-o', 'jsonl', '-t', '1', log]);
      if (i > 0) note('evtx_dump -o jsonl -t 1', result);
    }
  }
  rmSync(folder, { recursive: true });
  const mb = statSync(log).size / 1e6;
  const peerRuns = results.get('evtx_dump -o jsonl -t 1');
  console.log(`${log}: ${mb.toFixed(0)} MB, Node ${process.version}, medians of ${values.runs} interleaved runs`);
  console.log(
    `${'stage'.padEnd(26)}${'MB/s wall'.padStart(12)}${'MB/s CPU'.padStart(12)}${peerRuns ? 'x evtx_dump, CPU'.padStart(20) : ''}`,
  );
  for (const [name, runs] of results) {
    const wall = mb / median(runs.map((run) => run.wall));
    const cpu = mb / median(runs.map((run) => run.cpu));
    const ratio = peerRuns ? (cpu / (mb / median(peerRuns.map((run) => run.cpu)))).toFixed(2).padStart(20) : '';
    console.log(`${name.padEnd(26)}${wall.toFixed(0).padStart(12)}${cpu.toFixed(0).padStart(12)}${ratio}`);
  }
  console.log(`peak memory of all stages together: ${(process.resourceUsage().maxRSS / 1024).toFixed(0)} MB`);
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) await run(process.argv.slice(2));
