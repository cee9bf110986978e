/** The parts of src/ and the imports between them. */
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve, sep } from 'node:path';
import { projectRoot } from '../support/shared.ts';

/**
 * What each folder of src/ may import besides itself: strictly one way. Readers know no rules, the matcher knows no YAML,
 * reporters read no logs, nothing but the binary imports commands.
 */
export const MAY_IMPORT: Readonly<Record<string, readonly string[]>> = {
  // Vocabulary. An event and a matcher write themselves with the writers of `bytes`, which know atoms and times.
  model: ['bytes'],
  bytes: ['model'],
  files: ['model'],
  // Rules: text -> checked rules, and what a log source means on Windows.
  'sigma/yaml': [],
  'sigma/files': ['model', 'files'],
  'sigma/regex': ['model'],
  'sigma/modifiers': ['model', 'sigma/regex'],
  'sigma/rule': ['model', 'sigma/files', 'sigma/modifiers', 'sigma/yaml'],
  'sigma/formula.ts': ['model'],
  'sigma/logsource': ['model', 'sigma/formula.ts', 'sigma/rule', 'sigma/yaml'],
  // What logs and the matcher have between them: questions about values, and what belongs to a thread.
  'engine/contract.ts': ['model', 'bytes'],
  'engine/thread-context.ts': ['engine/contract.ts'],
  // Logs: bytes -> events. They know no rules.
  logs: ['model', 'bytes', 'engine/contract.ts', 'engine/thread-context.ts'],
  // Disk images -> the logs in them. They know no events.
  evidence: ['model', 'bytes', 'logs'],
  // Rules x events -> matches. The matcher knows no YAML and no log format.
  'engine/compile': ['model', 'sigma'],
  'engine/rule-cache': ['model', 'engine/compile', 'files', 'sigma'],
  'engine/match': ['model', 'bytes', 'engine/compile', 'engine/contract.ts', 'sigma/logsource', 'sigma/modifiers', 'sigma/regex'],
  // Matches -> alerts, correlations, look-back.
  findings: ['model', 'bytes', 'engine/contract.ts', 'logs', 'sigma/logsource'],
  // Makes readers and matcher faster; nothing but the generated file imports it, so that the folder may be deleted.
  accel: ['model', 'bytes', 'engine/contract.ts', 'engine/match', 'logs'],
  'accelerator.generated.ts': ['engine/contract.ts', 'accel'],
  'thread.ts': ['engine/thread-context.ts', 'accelerator.generated.ts'],
  scan: ['model', 'engine', 'evidence', 'findings', 'logs', 'sigma/logsource', 'sigma/rule'],
  'scan.ts': ['model', 'engine', 'findings', 'logs', 'scan', 'sigma', 'thread.ts'],
  'worker.ts': ['model', 'engine', 'findings', 'scan', 'thread.ts'],
  'accelerated.ts': ['model', 'engine', 'logs', 'thread.ts'],
  report: ['model', 'bytes', 'findings'],
  // What users write once for all runs: the project file and tuning files.
  project: ['model', 'files', 'scan', 'sigma'],
  // The engines of the other verbs.
  lint: ['model', 'engine', 'files', 'project', 'report', 'sigma'],
  explain: ['model', 'engine', 'findings', 'lint', 'logs', 'report', 'sigma'],
  events: ['model', 'bytes', 'engine/contract.ts', 'findings', 'logs', 'report', 'scan'],
  // The language server: texts of an editor -> findings, corrections, completion, hover.
  lsp: ['model', 'explain', 'lint', 'project', 'report', 'scan', 'sigma', 'testing'],
  migrate: ['model', 'lint', 'sigma'],
  testing: ['model', 'engine', 'explain', 'files', 'findings', 'lint', 'logs', 'report', 'sigma'],
  debug: ['model', 'accelerated.ts', 'engine', 'logs', 'scan.ts', 'sigma/logsource'],
  diff: ['model', 'explain', 'lint', 'logs', 'report', 'sigma'],
  'index.ts': ['model', 'accelerated.ts', 'engine', 'findings', 'logs', 'scan.ts', 'sigma'],
  commands: [
    'model',
    'debug',
    'diff',
    'engine',
    'evidence',
    'events',
    'explain',
    'files',
    'lint',
    'logs',
    'lsp',
    'project',
    'migrate',
    'report',
    'scan',
    'scan.ts',
    'sigma',
    'testing',
    'thread.ts',
  ],
  'cli.ts': ['commands', 'files', 'model', 'report'],
};

export const src = join(projectRoot, 'src');

export function sourceFiles(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return sourceFiles(path);
    return /\.tsx?$/.test(entry.name) && !entry.name.endsWith('.d.ts') ? [path] : [];
  });
}

/** The part that a file belongs to: the longest key of the table that its path below src/ begins with. */
export function part(path: string): string {
  const parts = relative(src, path).split(sep);
  const two = parts.slice(0, 2).join('/');
  return two in MAY_IMPORT ? two : parts[0]!;
}

export function mayImport(from: string, to: string): boolean {
  if (from === to) return true;
  return MAY_IMPORT[from]!.some((allowed) => to === allowed || to.startsWith(`${allowed}/`));
}

/** The files of src/ that a file imports, types included. AssemblyScript names them without an ending. */
export function importsOf(file: string): { readonly target: string; readonly path: string }[] {
  const found = readFileSync(file, 'utf8').matchAll(/(?:from|import\()\s*'(\.[^']+)'/g);
  return [...found].map(([, target]) => ({
    target: target!,
    path: resolve(dirname(file), target!).replace(/(?<!\.\w+)$/, '.ts'),
  }));
}

/** The files that import one another in a circle, one circle each; a circle through others counts as soon as it is closed. */
export function circlesOf(imports: ReadonlyMap<string, readonly string[]>): readonly (readonly string[])[] {
  const circles: (readonly string[])[] = [];
  const done = new Set<string>();
  const path: string[] = [];
  const follow = (file: string): void => {
    const at = path.indexOf(file);
    if (at >= 0) circles.push(path.slice(at));
    if (at >= 0 || done.has(file)) return;
    path.push(file);
    for (const target of imports.get(file) ?? []) follow(target);
    path.pop();
    done.add(file);
  };
  for (const file of imports.keys()) follow(file);
  return circles;
}

/** Part -> the other parts that it imports. */
export function importsBetweenParts(): Map<string, Set<string>> {
  const edges = new Map<string, Set<string>>();
  for (const file of sourceFiles(src)) {
    const from = part(file);
    const targets = edges.get(from) ?? edges.set(from, new Set()).get(from)!;
    for (const { path } of importsOf(file)) if (part(path) !== from) targets.add(part(path));
  }
  return edges;
}
