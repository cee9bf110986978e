/**
 * `.github/workflows/rules.yml` and `action.yml`, executed step by step as a runner does it: expressions and conditions evaluated, shell
 * steps run by bash in a checkout of the caller, with the built binary. Actions of others are only recorded.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { load } from 'js-yaml';
import { describe, expect, it } from 'vitest';
import { ruleText } from '../../src/lint/examples.ts';
import { folderWith } from '../support/folder.ts';
import { projectRoot } from '../support/shared.ts';

type Inputs = Readonly<Record<string, string | boolean>>;

interface Step {
  readonly name?: string;
  readonly uses?: string;
  readonly run?: string;
  readonly if?: string;
  readonly shell?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly with?: Readonly<Record<string, string | number | boolean>>;
}

interface Declared {
  readonly required?: boolean;
  readonly default?: string | boolean;
}

const read = (path: string): unknown => load(readFileSync(join(projectRoot, path), 'utf8'));
const workflow = read('.github/workflows/rules.yml') as {
  readonly on: { readonly workflow_call: { readonly inputs: Readonly<Record<string, Declared>> } };
  readonly jobs: { readonly rules: { readonly steps: readonly Step[] } };
};
const action = read('action.yml') as {
  readonly inputs: Readonly<Record<string, Declared>>;
  readonly runs: { readonly steps: readonly Step[] };
};

/** The inputs of a call; an undeclared or missing one fails it. */
function inputsOf(declared: Readonly<Record<string, Declared>>, given: Inputs): Inputs {
  for (const name of Object.keys(given)) if (!(name in declared)) throw new Error(`there is no input ${name}`);
  return Object.fromEntries(
    Object.entries(declared).map(([name, { required, default: fallback }]) => {
      if (required === true && !(name in given)) throw new Error(`the input ${name} is missing`);
      return [name, given[name] ?? fallback ?? ''];
    }),
  );
}

class Runner {
  readonly #workspace: string;
  readonly #given: Inputs;
  failed = false;
  log = '';
  summary = '';
  readonly used: string[] = [];

  constructor(workspace: string, given: Inputs) {
    this.#workspace = workspace;
    this.#given = given;
  }

  run(): this {
    this.#steps(workflow.jobs.rules.steps, inputsOf(workflow.on.workflow_call.inputs, this.#given), '');
    return this;
  }

  #steps(steps: readonly Step[], inputs: Inputs, actionPath: string): void {
    const evaluate = (expression: string): unknown => {
      // The operators are those of JavaScript.
      const source = expression.replace(/inputs\.([\w-]+)/g, 'inputs["$1"]').replace(/github\.action_path/g, 'actionPath');
      return new Function('inputs', 'actionPath', 'always', `return ${source}`)(inputs, actionPath, () => true);
    };
    const expand = (value: unknown): string =>
      String(value).replace(/\$\{\{(.*?)\}\}/g, (_, one: string) => String(evaluate(one)));
    for (const step of steps) {
      const condition = step.if?.replace(/^\$\{\{|\}\}$/g, '') ?? 'true';
      if ((this.failed && !condition.includes('always()')) || evaluate(condition) !== true) continue;
      const values = Object.fromEntries(Object.entries(step.with ?? {}).map(([name, value]) => [name, expand(value)]));
      if (step.run !== undefined) this.#shell(step.run, step.env ?? {}, expand);
      else if (step.uses === './.winnow') {
        this.#steps(action.runs.steps, inputsOf(action.inputs, values), join(this.#workspace, '.winnow'));
      } else {
        this.used.push(step.uses!.replace(/@.*/, ''));
        if (values.path === '.winnow' && step.uses!.startsWith('actions/checkout@')) {
          this.log += `checkout ${values.repository}@${values.ref}\n`;
          mkdirSync(join(this.#workspace, '.winnow'));
          for (const name of ['action.yml', 'scripts', 'dist', 'package.json', 'rules', 'node_modules'])
            symlinkSync(join(projectRoot, name), join(this.#workspace, '.winnow', name));
        }
      }
    }
  }

  #shell(script: string, env: Readonly<Record<string, string>>, expand: (value: string) => string): void {
    const summary = join(this.#workspace, '.winnow', 'summary.md');
    writeFileSync(summary, '');
    const { status, stdout, stderr } = spawnSync('bash', ['--noprofile', '--norc', '-eo', 'pipefail', '-c', script], {
      cwd: this.#workspace,
      encoding: 'utf8',
      env: {
        ...Object.fromEntries(Object.entries(env).map(([name, value]) => [name, expand(value)])),
        PATH: process.env.PATH,
        HOME: this.#workspace,
        CI: 'true',
        GITHUB_ACTIONS: 'true',
        GITHUB_WORKSPACE: this.#workspace,
        GITHUB_STEP_SUMMARY: summary,
      },
    });
    this.log += stdout + stderr;
    this.summary += readFileSync(summary, 'utf8');
    if (status !== 0) this.failed = true;
  }
}

const TEST = `rule: a.yml
tests:
    - name: whoami matches
      events: [{Channel: Microsoft-Windows-Sysmon/Operational, EventID: 1, Image: 'C:\\whoami.exe'}]
`;
const WINNOW = { repository: 'OWNER/winnow', ref: 'v0.1.0' };

/** A checkout of a repository with its rules in a folder. */
function repository(files: Readonly<Record<string, string>>): string {
  return folderWith({ '.git/HEAD': 'ref: refs/heads/main\n', ...files });
}

describe.skipIf(process.platform === 'win32' || !existsSync(join(projectRoot, 'dist', 'cli.js')))('the reusable workflow', () => {
  it('passes where all is well, and says so in the summary of the job', () => {
    const run = new Runner(repository({ 'rules/a.yml': ruleText(), 'rules/a.test.yml': TEST }), WINNOW).run();
    expect([run.failed, run.log]).toEqual([false, expect.stringContaining('checkout OWNER/winnow@v0.1.0\n')]);
    expect(run.summary).toContain('### Sigma rules: 0 errors, 0 warnings');
    expect(run.summary).toContain('### Tests of rules: 1 passed, 0 failed');
    expect(run.used).toEqual(['actions/checkout', 'actions/checkout', 'actions/setup-node', 'actions/upload-artifact']);
  });

  it('fails for a fault, runs the tests all the same, annotates and uploads what was found', () => {
    const workspace = repository({
      'detections/win/a.yml': ruleText('date: 2026/01/15'),
      'detections/win/a.test.yml': TEST.replace('whoami.exe', 'cmd.exe'),
    });
    const run = new Runner(workspace, { ...WINNOW, rules: 'detections', 'code-scanning': true }).run();
    expect(run.failed).toBe(true);
    expect(run.log).toMatch(/^::error file=detections\/win\/a\.yml,line=8,.*title=date-format::/m);
    expect(run.log).toMatch(
      /^::error file=detections\/win\/a\.test\.yml,line=3,title=whoami matches::expected a match, found none/m,
    );
    expect(run.summary).toContain('| detections/win/a.yml:8 | error | date-format |');
    expect(run.summary).toContain('| detections/win/a.test.yml:3 |');
    expect(run.used.slice(-2)).toEqual(['actions/upload-artifact', 'github/codeql-action/upload-sarif']);
    const sarif = JSON.parse(readFileSync(join(workspace, '.winnow', 'findings.sarif'), 'utf8'));
    const [found] = sarif.runs[0].results;
    expect(found.locations[0].physicalLocation.artifactLocation.uri).toBe('detections/win/a.yml');
    expect(readFileSync(join(workspace, '.winnow', 'tests.xml'), 'utf8')).toMatch(/<testcase .*time="\d+\.\d{3}"><failure/);
  });

  it('takes the severity, the baseline and paths with blanks that the caller names', () => {
    const workspace = repository({
      'my rules/a.yml': ruleText('date: 2026/01/15'),
      'good/log.jsonl': `${JSON.stringify({ Event: { System: { Channel: 'Microsoft-Windows-Sysmon/Operational', EventID: 1 }, EventData: { Image: 'C:\\whoami.exe' } } })}\n`,
    });
    const given = { ...WINNOW, rules: 'my rules\n', 'fail-on': 'never', baseline: 'good' };
    const run = new Runner(workspace, given).run();
    expect([run.failed, run.log]).toEqual([true, expect.stringContaining('1 hits in logs without an attack')]);
    expect(
      new Runner(repository({ 'my rules/a.yml': ruleText('date: 2026/01/15') }), { ...given, baseline: '' }).run().failed,
    ).toBe(false);
  });

  it('names only inputs of the action, with its defaults', () => {
    for (const [name, { default: fallback }] of Object.entries(workflow.on.workflow_call.inputs))
      if (name in action.inputs) expect([name, String(fallback)]).toEqual([name, action.inputs[name]!.default]);
  });
});

describe('findings of a folder inside of a repository', () => {
  it.skipIf(!existsSync(join(projectRoot, 'dist', 'cli.js')))('are named from its root, wherever lint was started', () => {
    const workspace = repository({ 'detections/win/a.yml': ruleText('date: 2026/01/15') });
    const lint = (cwd: string, path: string, format: string): string =>
      spawnSync(process.execPath, [join(projectRoot, 'dist', 'cli.js'), 'lint', path, '--format', format], {
        cwd,
        encoding: 'utf8',
      }).stdout;
    const folder = join(workspace, 'detections');
    expect(lint(folder, 'win', 'github')).toContain('file=detections/win/a.yml,');
    expect(lint(folder, join(folder, 'win'), 'sarif')).toContain('"uri": "detections/win/a.yml"');
    expect(lint(workspace, 'detections', 'sarif')).toContain('"uri": "detections/win/a.yml"');
  });
});
