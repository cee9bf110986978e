// `winnow search` for a text beside `evtx_dump -o jsonl LOG | grep -c TEXT`, by turns on one EVTX log. Counts of hits are printed as
// well: grep counts lines in any field and in JSON's spelling, so that they may differ where a text has characters that JSON escapes.
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { makeLog } from './make-log.mjs';
import { writeRecord } from './targets.mjs';

const HELP = `npm run bench -- search --samples FOLDER --evtx-dump COMMAND
  --samples FOLDER  EVTX files
  --evtx-dump CMD   the comparison (cargo install evtx), run as CMD -o jsonl LOG | grep -i -c -F TEXT, with all cores and with one
  --text TEXT       what is searched for; repeatable; default: a rare one, one in few chunks, one that is nowhere
  --runs N          counted runs of each, default 5
  --mb N            size of the log, default 1000
  --no-record       do not write bench/runs/
Run "npm run build" first. The log is built in the folder for temporary files and removed.`;

const DEFAULT_TEXTS = ['mimikatz', 'rundll32.exe', 'nowhere-to-be-found'];
const binary = fileURLToPath(new URL('../dist/cli.js', import.meta.url));
const median = (numbers) => [...numbers].sort((a, b) => a - b)[Math.floor(numbers.length / 2)];
const round = (number) => Number(number.toFixed(3));

/** Runs a line of bash: what it printed, wall time, processor time of all its processes. */
function measure(line) {
  const started = process.hrtime.bigint();
  // `times` prints those of the shell, then of its children; each as user and system, `0m1.234s`.
  const printed = execFileSync('bash', ['-c', `${line}\ntimes`], { encoding: 'utf8' })
    .trim()
    .split('\n');
  const seconds = Number(process.hrtime.bigint() - started) / 1e9;
  const times = printed
    .slice(-2)
    .flatMap((text) => text.split(' '))
    .map((text) => Number(/(\d+)m/.exec(text)[1]) * 60 + Number(/m([\d.]+)s/.exec(text)[1]));
  return { count: Number(printed[0]), seconds, cpu: times.reduce((sum, time) => sum + time, 0) };
}

function summary(runs) {
  const of = (key) => runs.map((run) => run[key]);
  return {
    count: runs[0].count,
    seconds: round(median(of('seconds'))),
    least: round(Math.min(...of('seconds'))),
    cpuSeconds: round(median(of('cpu'))),
  };
}

export async function run(args) {
  const { values } = parseArgs({
    args,
    options: {
      samples: { type: 'string' },
      'evtx-dump': { type: 'string' },
      text: { type: 'string', multiple: true, default: DEFAULT_TEXTS },
      runs: { type: 'string', default: '5' },
      mb: { type: 'string', default: '1000' },
      'no-record': { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help || !values.samples || !values['evtx-dump']) {
    console.log(HELP);
    return;
  }
  if (!existsSync(binary)) throw new Error('there is no dist/cli.js: run "npm run build"');
  const folder = mkdtempSync(join(tmpdir(), 'winnow-bench-'));
  try {
    const log = join(folder, 'log.evtx');
    const bytes = makeLog(values.samples, log, Number(values.mb));
    const record = { bytes, evtxDump: execFileSync(values['evtx-dump'], ['--version'], { encoding: 'utf8' }).trim(), texts: {} };
    for (const text of values.text) {
      const lines = {
        winnow: `"${process.execPath}" "${binary}" search -f count -- '${text}' '${log}'`,
        // grep ends with 1 where it counts none.
        evtxDump: `"${values['evtx-dump']}" -o jsonl '${log}' | grep -i -c -F -- '${text}' || true`,
        evtxDumpOneThread: `"${values['evtx-dump']}" -o jsonl -t 1 '${log}' | grep -i -c -F -- '${text}' || true`,
      };
      const runs = Object.fromEntries(Object.keys(lines).map((key) => [key, []]));
      for (const line of Object.values(lines)) measure(line);
      for (let i = 0; i < Number(values.runs); i++) for (const key of Object.keys(lines)) runs[key].push(measure(lines[key]));
      const result = Object.fromEntries(Object.entries(runs).map(([key, own]) => [key, summary(own)]));
      const { winnow, evtxDump, evtxDumpOneThread } = result;
      const ratios = {
        seconds: round(winnow.seconds / evtxDump.seconds),
        cpu: round(winnow.cpuSeconds / evtxDump.cpuSeconds),
        secondsOneThread: round(winnow.seconds / evtxDumpOneThread.seconds),
      };
      record.texts[text] = { ...result, ratios };
      console.log(text, JSON.stringify(record.texts[text]));
    }
    if (!values['no-record']) writeRecord('search', { runs: Number(values.runs), ...record });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
