// Reading XML, JSON Lines and CSV: MB per CPU second and stage and peak memory, on logs made by repeating small ones.
// npm run bench -- text [--mb 256] [--keep FOLDER]. Each measurement runs in a process of its own, so that peak memory is its own.
import { spawnSync } from 'node:child_process';
import { closeSync, existsSync, mkdtempSync, openSync, readdirSync, readFileSync, rmSync, statSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { build } from 'esbuild';

const project = fileURLToPath(new URL('..', import.meta.url));
const corpus = join(project, '..', 'shared', 'corpus', 'exports');

/** What a rule set would ask for; `gate` is what every event pays, `all` what none does. */
const STAGES = {
  scan: () => {},
  gate: (event) => event.channel.length + event.eventId,
  all: (event) => {
    for (const slots of event.shape.fields.values()) for (const slot of slots) event.atom(slot);
  },
};

async function child([path, stage]) {
  const { openSource, readSource } = await import(join(process.env.BENCH_BUNDLE));
  const touch = STAGES[stage];
  const report = (diagnostic) => console.error(diagnostic);
  const started = process.cpuUsage();
  const opened = await openSource({ path, kind: 'file', size: statSync(path).size }, report);
  const stats = await readSource(opened, { event: touch, diagnostic: report }, { recover: false, verify: false });
  // CPU seconds: the same on a machine that is busy with other things.
  const { user, system } = process.cpuUsage(started);
  const seconds = (user + system) / 1e6;
  console.log(JSON.stringify({ records: stats.records, seconds, peakMb: process.resourceUsage().maxRSS / 1024 }));
}

function repeat(path, parts, head, tail, bytes) {
  const fd = openSync(path, 'w');
  let written = writeSync(fd, head);
  while (written < bytes) for (const part of parts) written += writeSync(fd, part);
  writeSync(fd, tail);
  closeSync(fd);
}

function samples() {
  if (!existsSync(corpus)) throw new Error(`needs the sample exports in ${corpus}`);
  const xml = readdirSync(join(corpus, 'xml'))
    .filter((name) => name.endsWith('.events.xml'))
    .map((name) =>
      readFileSync(join(corpus, 'xml', name), 'utf8')
        .replace(/^[\s\S]*?<Events>/, '')
        .replace(/<\/Events>\s*$/, ''),
    );
  const json = readdirSync(join(corpus, 'nxlog')).map((name) => readFileSync(join(corpus, 'nxlog', name), 'utf8'));
  const records = json.flatMap((text) =>
    text
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line)),
  );
  return { xml, json, evtxEcmd: records.map(asEvtxEcmd), flat: asTable(records) };
}

const cell = (text) => (/[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);

const EVTX_ECMD =
  'RecordNumber,EventRecordId,TimeCreated,EventId,Level,Provider,Channel,ProcessId,ThreadId,Computer,UserId,MapDescription,Payload\n';

/** An NXLog record as EvtxECmd writes a row. */
function asEvtxEcmd(record, number) {
  const {
    RecordNumber,
    EventTime,
    EventID,
    Severity,
    SourceName,
    Channel,
    ExecutionProcessID,
    ThreadID,
    Hostname,
    UserID,
    ...rest
  } = record;
  const data = Object.entries(rest)
    .filter(([, value]) => typeof value === 'string' && value.length < 2000)
    .map(([name, value]) => ({ '@Name': name, '#text': value }));
  const payload = JSON.stringify({ EventData: { Data: data } });
  const cells = [
    number,
    RecordNumber,
    EventTime,
    EventID,
    Severity,
    SourceName,
    Channel,
    ExecutionProcessID,
    ThreadID,
    Hostname,
    UserID,
    '',
  ];
  return `${[...cells, payload].map((value) => cell(String(value ?? ''))).join(',')}\n`;
}

/** Records as rows of a table with a column for each of their keys; a header and rows. */
function asTable(records) {
  const columns = [...new Set(records.flatMap((record) => Object.keys(record)))];
  const rows = records.map((record) => `${columns.map((name) => cell(String(record[name] ?? ''))).join(',')}\n`);
  return { header: `${columns.map(cell).join(',')}\n`, rows };
}

async function main(values) {
  const folder = values.keep ?? mkdtempSync(join(tmpdir(), 'winnow-text-'));
  const bundle = join(folder, 'read.mjs');
  const entry = join(project, 'src/logs/open/open.ts');
  await build({
    entryPoints: [entry],
    bundle: true,
    platform: 'node',
    format: 'esm',
    outfile: bundle,
    logLevel: 'error',
  });
  const bytes = Number(values.mb) * 1e6;
  const { xml, json, evtxEcmd, flat } = samples();
  const logs = {
    'log.xml': [xml, '<Events>', '</Events>'],
    'log.jsonl': [json, '', ''],
    'ecmd.csv': [evtxEcmd, EVTX_ECMD, ''],
    'flat.csv': [flat.rows, flat.header, ''],
  };
  for (const [name, [parts, head, tail]] of Object.entries(logs)) {
    const path = join(folder, name);
    if (!existsSync(path)) repeat(path, parts, head, tail, bytes);
    for (const stage of Object.keys(STAGES)) {
      const run = spawnSync(process.execPath, [join(project, 'bench/run.mjs'), 'text', '--child', `${path}\n${stage}`], {
        env: { ...process.env, BENCH_BUNDLE: bundle },
        encoding: 'utf8',
        stdio: ['ignore', 'pipe', 'inherit'],
      });
      const { records, seconds, peakMb } = JSON.parse(run.stdout);
      const mb = statSync(path).size / 1e6;
      console.log(
        `${name.padEnd(10)} ${stage.padEnd(5)} ${(mb / seconds).toFixed(0).padStart(5)} MB/s  ${records} records  peak ${peakMb.toFixed(0)} MB`,
      );
    }
  }
  if (values.keep === undefined) rmSync(folder, { recursive: true });
}

export async function run(args) {
  const { values } = parseArgs({
    args,
    options: { mb: { type: 'string', default: '256' }, keep: { type: 'string' }, child: { type: 'string' } },
  });
  await (values.child === undefined ? main(values) : child(values.child.split('\n')));
}
