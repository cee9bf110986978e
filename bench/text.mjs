// Reading XML, JSON Lines, CSV, and JSON Lines and EVTX in a ZIP archive: MB per CPU second and stage and peak memory, on logs made by repeating
// small ones. Of archives also what decompression alone takes (zlib's inflate), and our reader of archives without reading the log.
// npm run bench -- text [--mb 256] [--keep FOLDER]. Each measurement runs in a process of its own, so that peak memory is its own.
import { spawnSync } from 'node:child_process';
import {
  closeSync,
  existsSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { crc32, deflateRawSync, inflateRawSync } from 'node:zlib';
import { build } from 'esbuild';
import { makeLog } from './make-log.mjs';

const project = fileURLToPath(new URL('..', import.meta.url));
const corpus = join(project, '..', 'shared', 'corpus', 'exports');
const samplesOfEvtx = join(project, '..', 'shared', 'corpus', 'evtx-attack-samples');

/** What a rule set would ask for; `gate` is what every event pays, `all` what none does. */
const STAGES = {
  scan: () => {},
  gate: (event) => event.channel.length + event.eventId,
  all: (event) => {
    for (const slots of event.shape.fields.values()) for (const slot of slots) event.atom(slot);
  },
};

async function child([path, stage]) {
  if (stage === 'inflate') return inflateAlone(path);
  const { listLogs, openSource, readSource, ...rest } = await import(join(process.env.BENCH_BUNDLE));
  if (stage === 'archive') return archiveAlone(path, rest);
  const touch = STAGES[stage];
  const report = (diagnostic) => console.error(diagnostic);
  const started = process.cpuUsage();
  const [source] = await listLogs([path], report);
  const opened = await openSource(source, report);
  const stats = await readSource(opened, { event: touch, diagnostic: report }, { recover: false, verify: false });
  // CPU seconds: the same on a machine that is busy with other things.
  const { user, system } = process.cpuUsage(started);
  const seconds = (user + system) / 1e6;
  console.log(JSON.stringify({ records: stats.records, seconds, peakMb: process.resourceUsage().maxRSS / 1024 }));
}

/** What decompression alone takes of the one member of an archive that `zipped` has made. */
function inflateAlone(path) {
  const bytes = readFileSync(path);
  const started = process.cpuUsage();
  const begun = performance.now();
  const size = inflateRawSync(bytes.subarray(ZIP_HEADER_BYTES, bytes.length - ZIP_TAIL_BYTES)).length;
  const { user, system } = process.cpuUsage(started);
  const wall = (performance.now() - begun) / 1000;
  const peakMb = process.resourceUsage().maxRSS / 1024;
  console.log(JSON.stringify({ records: size, seconds: (user + system) / 1e6, wall, peakMb }));
}

/** What our reader of archives takes to hand out all bytes of all members, which nobody looks at. */
async function archiveAlone(path, { archive, FileSource }) {
  const source = new FileSource(path, null);
  const started = process.cpuUsage();
  const begun = performance.now();
  let size = 0;
  for await (const member of archive.members(source, { password: null }))
    for await (const block of member.bytes()) size += block.length;
  const { user, system } = process.cpuUsage(started);
  const wall = (performance.now() - begun) / 1000;
  source.close();
  const peakMb = process.resourceUsage().maxRSS / 1024;
  console.log(JSON.stringify({ records: size, seconds: (user + system) / 1e6, wall, peakMb }));
}

// Also the name of EVTX in an archive: logs are told by their content.
const ZIP_NAME = 'log.jsonl';
const ZIP_HEADER_BYTES = 30 + ZIP_NAME.length;
const ZIP_TAIL_BYTES = 46 + ZIP_NAME.length + 22;

/** A ZIP archive with one member. */
function zipped(content) {
  const data = deflateRawSync(content);
  const name = Buffer.from(ZIP_NAME);
  const local = Buffer.alloc(30);
  local.writeUInt32LE(0x04034b50, 0);
  local.writeUInt16LE(name.length, 26);
  const central = Buffer.alloc(46);
  central.writeUInt32LE(0x02014b50, 0);
  central.writeUInt16LE(8, 10);
  central.writeUInt32LE(crc32(content), 16);
  central.writeUInt32LE(data.length, 20);
  central.writeUInt32LE(content.length, 24);
  central.writeUInt16LE(name.length, 28);
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt16LE(1, 8);
  end.writeUInt16LE(1, 10);
  end.writeUInt32LE(central.length + name.length, 12);
  end.writeUInt32LE(local.length + name.length + data.length, 16);
  return Buffer.concat([local, name, data, central, name, end]);
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
  const parts = ['logs/open/open.ts', 'logs/archives/zip.ts', 'logs/open/byte-source.ts'];
  await build({
    stdin: {
      // With acceleration, as a scan reads.
      contents: [
        ...parts.map((part) => `export * from ${JSON.stringify(join(project, 'src', part))};`),
        `export { readSource } from ${JSON.stringify(join(project, 'src/accelerated.ts'))};`,
      ].join(''),
      resolveDir: project,
    },
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
    measure(path, Object.keys(STAGES), statSync(path).size, bundle);
  }
  // By turns with decompression alone: MB are those of the log.
  const evtx = join(folder, 'log.evtx');
  if (existsSync(samplesOfEvtx) && !existsSync(evtx)) makeLog(samplesOfEvtx, evtx, Number(values.mb));
  for (const [name, path] of [
    ['log.zip', join(folder, 'log.jsonl')],
    ['evtx.zip', evtx],
  ]) {
    if (!existsSync(path)) continue;
    const archive = join(folder, name);
    const log = readFileSync(path);
    if (!existsSync(archive)) writeFileSync(archive, zipped(log));
    const turn = ['inflate', 'archive', 'gate'];
    measure(archive, [...turn, ...turn, ...turn], log.length, bundle);
  }
  if (values.keep === undefined) rmSync(folder, { recursive: true });
}

function measure(path, stages, size, bundle) {
  for (const stage of stages) {
    const run = spawnSync(process.execPath, [join(project, 'bench/run.mjs'), 'text', '--child', `${path}\n${stage}`], {
      env: { ...process.env, BENCH_BUNDLE: bundle },
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const { records, seconds, wall, peakMb } = JSON.parse(run.stdout);
    const mb = size / 1e6;
    // Decompression runs beside the main thread: its time on the clock is another.
    const clock = wall === undefined ? '' : `  ${(mb / wall).toFixed(0)} MB/s by the clock`;
    console.log(
      `${basename(path).padEnd(10)} ${stage.padEnd(7)} ${(mb / seconds).toFixed(0).padStart(5)} MB/s  ${records} records  peak ${peakMb.toFixed(0)} MB${clock}`,
    );
  }
}

export async function run(args) {
  const { values } = parseArgs({
    args,
    options: { mb: { type: 'string', default: '256' }, keep: { type: 'string' }, child: { type: 'string' } },
  });
  await (values.child === undefined ? main(values) : child(values.child.split('\n')));
}
