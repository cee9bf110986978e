// What a disk image costs against the folder of its logs, by turns in one run; and carving, in bytes per second of processor time.
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { compare, writeRecord } from './targets.mjs';

const HELP = `npm run bench -- triage --rules FOLDER --raw IMAGE [--e01 IMAGE] [--dissect COMMAND]
  --raw IMAGE     a raw image; its logs are extracted into a folder for temporary files, which scan reads
  --e01 IMAGE     the same disk as E01
  --dissect CMD   the comparison, run once as CMD -f evtx IMAGE
  --runs N        counted runs of each, default 3
  --name TEXT     what the record in bench/runs/ is called
  --binary FILE   another build than dist/cli.js
Run "npm run build" first.`;

export async function run(args) {
  const text = { type: 'string' };
  const options = {
    rules: text,
    raw: text,
    e01: text,
    dissect: text,
    runs: text,
    name: text,
    binary: text,
    help: { type: 'boolean' },
  };
  const { values } = parseArgs({ args, options });
  if (values.help || !values.rules || !values.raw) {
    console.log(HELP);
    return;
  }
  const binary = values.binary ?? fileURLToPath(new URL('../dist/cli.js', import.meta.url));
  const folder = mkdtempSync(join(tmpdir(), 'winnow-bench-'));
  try {
    const command = (verb, path, ...more) => {
      const output = ['-f', 'jsonl', '-o', join(folder, 'out.jsonl'), '--force', '-q'];
      return [process.execPath, binary, verb, path, '-r', values.rules, '--lookback', '0', '--threads', '1', ...output, ...more];
    };
    const logs = join(folder, 'logs');
    await compare({ extract: command('triage', values.raw, '--extract', logs) }, 0);
    const commands = {
      scan: command('scan', logs),
      scanRecover: command('scan', logs, '--recover'),
      raw: command('triage', values.raw),
      carve: command('triage', values.raw, '--carve'),
      ...(values.e01 ? { e01: command('triage', values.e01) } : {}),
    };
    const results = await compare(commands, Number(values.runs ?? 3));
    // Once: it takes minutes, so that a second more or less is nothing.
    if (values.dissect) Object.assign(results, await compare({ dissect: [values.dissect, '-f', 'evtx', values.raw] }, 0));
    const against = (name) =>
      results[name] ? Number((results[name].cpuSeconds / results.scan.cpuSeconds).toFixed(2)) : undefined;
    const carveSeconds = Math.max(0.01, results.carve.cpuSeconds - results.raw.cpuSeconds);
    const record = {
      ...results,
      rawAgainstScan: against('raw'),
      e01AgainstScan: against('e01'),
      dissectAgainstRaw: results.dissect && Math.round(results.dissect.cpuSeconds / results.raw.cpuSeconds),
      carvedMbPerCpuSecond: Math.round(statSync(values.raw).size / 1e6 / carveSeconds),
    };
    console.log(JSON.stringify(record, null, 1));
    if (values.name) writeRecord(values.name, record);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
