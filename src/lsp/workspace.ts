/**
 * Holds the rules that an editor works on. In: texts that are open, and folders with rules that they may refer to. Out: the
 * findings of lint in an open text. A file is read again only when it changes, so that a keystroke costs one file and its
 * comparison with the others. Refuses nothing: a faulty configuration is reported, and lint goes on without it.
 */
import { existsSync } from 'node:fs';
import { dirname, relative, resolve } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import type { LintConfig } from '../lint/config.ts';
import { DEFAULT_CONFIG } from '../lint/config.ts';
import type { LintDocument } from '../lint/document.ts';
import { comparedRule } from '../lint/facts/rule-pairs.ts';
import { loadLintConfig } from '../lint/find-config.ts';
import { globMatcher } from '../lint/glob.ts';
import { contextOf, type LintContext, type LintResult, lintSources } from '../lint/lint.ts';
import { type LintSource, readLintSource, type SourceOptions } from '../lint/lint-source.ts';
import { UsageError } from '../model/errors.ts';
import { getOrInsert } from '../model/values/maps.ts';
import { findRuleFiles, visitRuleFiles } from '../sigma/files/visit-rule-files.ts';
import { ruleText } from '../sigma/rule/load.ts';

/** Limit on the rule files of the context. Public sets have 5,000. */
const MAX_CONTEXT = 50_000;
/** How many files are read in one go. Waiting requests are answered in between. */
const SLICE = 10;

export interface WorkspaceOptions extends SourceOptions {
  /** The configuration that `--config` names; null when each file has the nearest one. */
  readonly config: string | null;
  readonly cwd: string;
  /** Keys of `lint:` that set flags of the verb. */
  readonly lintFlags: readonly string[];
  /** Called with what is wrong with a configuration. */
  readonly onConfigFault: (message: string) => void;
}

export class Workspace {
  readonly #options: WorkspaceOptions;
  /** Files on disk, by path. */
  readonly #context = new Map<string, LintSource>();
  /** Texts of open files, which replace the files on disk. */
  readonly #open = new Map<string, LintSource>();
  /** All sources but the open text `of`, which is compared with them. They are kept while only that text changes. */
  #others: { readonly of: string; readonly context: LintContext } | null = null;
  readonly #configs = new Map<string, LintConfig>();

  constructor(options: WorkspaceOptions) {
    this.#options = options;
  }

  /** Takes the text of a file that an editor shows, when it is opened or changed. */
  open(path: string, text: string): void {
    if (this.#others?.of !== path) this.#others = null;
    this.#open.set(path, readLintSource({ path, text, isRuleFile: false }, this.#options));
  }

  close(path: string): void {
    this.#open.delete(path);
    this.#others = null;
  }

  /** To be called when a file was written or deleted on disk. */
  reload(path: string): void {
    this.#context.delete(path);
    if (existsSync(path) && !this.#isExcluded(path)) this.#read([path]);
    this.#others = null;
  }

  /** To be called after a change of a configuration. */
  forgetConfigs(): void {
    this.#configs.clear();
  }

  /**
   * Reads a folder little by little. Out: how many rule files it has. Throws where there is no such folder. Until all are read,
   * open texts are compared with the files that were known before, so that no keystroke has to wait.
   */
  async load(folder: string, signal: AbortSignal): Promise<number> {
    const { files } = findRuleFiles([folder]);
    const wanted = files.slice(0, MAX_CONTEXT).filter((path) => !this.#isExcluded(path));
    for (let at = 0; at < wanted.length && !signal.aborted; at += SLICE) {
      this.#read(wanted.slice(at, at + SLICE));
      await setImmediate();
    }
    this.#others = null;
    return wanted.length;
  }

  #read(paths: readonly string[]): void {
    visitRuleFiles(paths, ({ path, content }) => {
      const text = Buffer.isBuffer(content) ? ruleText(path, content) : content;
      // A file of the context that cannot be read is no fault of the rule that is being written.
      if (typeof text !== 'string') return;
      const source = readLintSource({ path, text, isRuleFile: false }, this.#options);
      for (const document of source.documents) prepare(document);
      this.#context.set(path, source);
    });
  }

  /** The findings of lint in an open text; null for a text that is not open or that the configuration excludes. */
  lint(path: string): LintResult | null {
    const own = this.#open.get(path);
    if (own === undefined || this.#isExcluded(path)) return null;
    if (this.#others?.of !== path) {
      const others = [...this.sources()].filter((source) => source !== own);
      this.#others = { of: path, context: contextOf(others) };
    }
    return lintSources([own], this.#others.context, { config: this.configOf(path) });
  }

  source(path: string): LintSource | undefined {
    return this.#open.get(path);
  }

  /** All files, those that are open as they are in the editor. */
  *sources(): Iterable<LintSource> {
    yield* this.#open.values();
    for (const [path, source] of this.#context) if (!this.#open.has(path)) yield source;
  }

  configOf(path: string): LintConfig {
    const { config: named, cwd, lintFlags, onConfigFault } = this.#options;
    return getOrInsert(this.#configs, dirname(path), (folder) => {
      try {
        return loadLintConfig(named === null ? null : resolve(cwd, named), folder, [path], lintFlags);
      } catch (error) {
        if (!(error instanceof UsageError)) throw error;
        onConfigFault(error.message);
        return DEFAULT_CONFIG;
      }
    });
  }

  #isExcluded(path: string): boolean {
    const { exclude, path: file } = this.configOf(path);
    const here = relative(dirname(file), path).replaceAll('\\', '/');
    return exclude.some((glob) => globMatcher(glob)(here));
  }
}

/** Computes and remembers what comparisons need, so that the first keystroke does not wait for this. */
function prepare(document: LintDocument): void {
  document.entry('title');
  comparedRule(document);
}
