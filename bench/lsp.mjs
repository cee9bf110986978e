/**
 * node bench/lsp.mjs RULES [KEYSTROKES]
 *
 * How long an editor waits for diagnostics after a keystroke: a rule of 300 lines, typed into, with a folder of rules as context, in
 * the built binary over stdio. Prints the median and the longest, how long the folder took, and on Linux the same of the CPU time of the
 * thread that answers, which other processes disturb less.
 */
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { performance } from 'node:perf_hooks';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { createProtocolConnection, StreamMessageReader, StreamMessageWriter } from 'vscode-languageserver/node';

const [folder, keystrokes = '200'] = process.argv.slice(2);
if (folder === undefined) throw new Error('node bench/lsp.mjs RULES [KEYSTROKES]');
const binary = fileURLToPath(new URL('../dist/cli.js', import.meta.url));
const server = spawn(process.execPath, [binary, 'lsp'], { stdio: ['pipe', 'pipe', 'inherit'] });
const connection = createProtocolConnection(new StreamMessageReader(server.stdout), new StreamMessageWriter(server.stdin));
const uri = pathToFileURL(resolve(folder, 'lsp_bench_rule.yml')).href;
const names = Array.from({ length: 275 }, (_, i) => `            - '\\tool_${i}.exe'`);
const text = `title: A Long Rule
id: 3f6e1a52-9c0d-4b7e-8a41-5d2c7b9e6f03
status: experimental
description: Finds tools by their names, which are many.
references:
    - https://example.org/tools
author: nobody
date: 2026-01-15
tags:
    - attack.execution
    - attack.t1059.001
logsource:
    category: process_creation
    product: windows
detection:
    selection_img:
        Image|endswith:
${names.join('\n')}
    selection_cli:
        CommandLine|contains:
            - ' -enc '
            - ' --hidden'
    filter_main_parent:
        ParentImage|endswith: '\\agent.exe'
    condition: all of selection_* and not 1 of filter_main_*
falsepositives:
    - Unlikely
level: medium
`;
const line = text.slice(0, text.indexOf("' --hidden'")).split('\n').length - 1;

/** CPU time of the server's main thread, which is the one that answers. */
function cpuMs() {
  try {
    return Number(readFileSync(`/proc/${server.pid}/schedstat`, 'utf8').split(' ')[0]) / 1e6;
  } catch {
    return Number.NaN;
  }
}

let arrived = () => {};
connection.onNotification('textDocument/publishDiagnostics', (params) => {
  if (params.uri === uri) arrived(params.version);
});
const waitFor = (version) =>
  new Promise((done) => {
    arrived = (seen) => {
      if (seen === version) done();
    };
  });
const loaded = new Promise((done) => {
  connection.onNotification('window/logMessage', ({ message }) => {
    process.stdout.write(`${message}\n`);
    done();
  });
});
connection.listen();
const start = performance.now();
const workspaceFolders = [{ uri: pathToFileURL(resolve(folder)).href, name: 'rules' }];
await connection.sendRequest('initialize', { processId: null, rootUri: null, capabilities: {}, workspaceFolders });
const open = waitFor(1);
await connection.sendNotification('initialized', {});
await connection.sendNotification('textDocument/didOpen', { textDocument: { uri, languageId: 'yaml', version: 1, text } });
await open;
process.stdout.write(`first diagnostics after ${Math.round(performance.now() - start)} ms\n`);
await loaded;
process.stdout.write(`context read after ${Math.round(performance.now() - start)} ms\n`);
const times = [];
const cpu = [];
for (let i = 0; i < Number(keystrokes); i++) {
  const version = i + 2;
  const at = { line, character: 15 + (i % 20) };
  const done = waitFor(version);
  const from = performance.now();
  const cpuBefore = cpuMs();
  await connection.sendNotification('textDocument/didChange', {
    textDocument: { uri, version },
    contentChanges: [{ range: { start: at, end: at }, text: i % 20 === 19 ? ' ' : 'x' }],
  });
  await done;
  times.push(performance.now() - from);
  cpu.push(cpuMs() - cpuBefore);
}

function spread(values) {
  const sorted = values.toSorted((a, b) => a - b);
  const ms = (value) => `${value.toFixed(1)} ms`;
  const median = sorted[sorted.length >> 1];
  return `median ${ms(median)}, 95 % ${ms(sorted[Math.floor(sorted.length * 0.95)])}, longest ${ms(sorted.at(-1))}, first ${ms(values[0])}`;
}
process.stdout.write(
  `${text.split('\n').length - 1} lines, ${times.length} keystrokes: ${spread(times)}\nCPU of a keystroke: ${spread(cpu)}\n`,
);
await connection.sendRequest('shutdown');
await connection.sendNotification('exit');
