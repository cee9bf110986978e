/** The work of `winnow lsp`: a connection over stdin and stdout, until the editor ends it. */
import { Writable } from 'node:stream';
import { createConnection, StreamMessageReader, StreamMessageWriter } from 'vscode-languageserver/node';
import type { SourceOptions } from '../../lint/lint-source.ts';
import type { SectionKey } from '../../lsp/project-keys.ts';
import { LanguageServer, type ServerOptions } from '../../lsp/server.ts';
import { UsageError } from '../../model/errors.ts';
import { SECTIONS } from '../../project/project-file.ts';
import { type Command, type CommandArgs, type CommandContext, EXIT, type ExitCode, type TextOutput } from '../command.ts';
import { longName } from '../flags/flag.ts';
import type { LspFlags } from '../flags/lsp-flags.ts';
import { fromHere } from '../output/terminal.ts';
import { settingsFor } from '../settings.ts';
import { projectFaults } from './project-faults.ts';
import { readLogSources, readValues } from './rule-context.ts';

export async function runLsp(context: CommandContext, { flags }: CommandArgs<LspFlags>): Promise<ExitCode> {
  const { cwd, commands } = context;
  const { fault, ...named } = await fromProject(context, flags);
  const options: ServerOptions = {
    version: context.version,
    cwd,
    config: flags.config,
    context: flags.rules.map((path) => fromHere(cwd, path)),
    values: flags.values.length > 0 ? readValues(cwd, flags.values) : named.values,
    logSources: flags.logsources.length > 0 ? readLogSources(cwd, flags.logsources) : named.logSources,
    startFault: fault,
    sections: new Map(SECTIONS.map((verb) => [verb, sectionOf(commands, verb)])),
    projectFaults: (text, path) => projectFaults(text, path, commands),
  };
  return new Promise((resolve) => {
    const reader = new StreamMessageReader(context.stdin);
    const connection = createConnection(reader, new StreamMessageWriter(streamTo(context.stdout)));
    const server = new LanguageServer(connection, options);
    let isAsked = false;
    const end = (): void => {
      server.stop();
      resolve(isAsked ? EXIT.done : EXIT.findings);
    };
    connection.onShutdown(() => {
      isAsked = true;
    });
    connection.onExit(end);
    reader.onClose(end);
    server.listen();
  });
}

type FromProject = SourceOptions & { readonly fault?: string };

/**
 * Values and log sources that the project file names, as for lint. A faulty file is only reported, because the editor is there to
 * mend it.
 */
async function fromProject(context: CommandContext, { config }: CommandArgs<LspFlags>['flags']): Promise<FromProject> {
  const { cwd, commands } = context;
  const lint = commands.find(({ name }) => name === 'lint')!;
  try {
    const settings = await settingsFor(context, lint, [], new Map(config === null ? [] : [['config', config]]));
    const paths = (key: string): readonly string[] => (settings?.values.get(key)?.value ?? []) as readonly string[];
    return { values: readValues(cwd, paths('values')), logSources: readLogSources(cwd, paths('logsources')) };
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    return { fault: error.message };
  }
}

/** The flags that a section of a project file may set. */
function sectionOf(commands: readonly Command[], verb: string): readonly SectionKey[] {
  return Object.entries(commands.find(({ name }) => name === verb)!.flags)
    .filter(([, { perRun }]) => perRun !== true)
    .map(([key, { kind, choices, description }]) => ({
      name: longName(key),
      choices: choices ?? (kind === 'switch' ? ['true', 'false'] : []),
      description,
    }));
}

/** What the library writes to. */
function streamTo(output: TextOutput): Writable {
  return new Writable({
    write(piece: Buffer, _encoding, done) {
      output.write(piece).then(() => done(), done);
    },
  });
}
