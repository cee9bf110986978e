/**
 * Tells whether a WMI consumer started a process. In: what the consumer runs, and a process that WMI started. Out: yes or no.
 * Many tools start processes by WMI without any consumer, so a process that WMI started proves no consumer.
 */

export interface WmiProcess {
  /** '' where the event does not have it. */
  readonly commandLine: string;
  readonly image: string;
  /** True for the host of script consumers and for the processes that it starts. */
  readonly byScript: boolean;
  /** NaN without a time. */
  readonly timeUs: number;
}

export interface WmiConsumer {
  readonly type: string;
  /** The command line template, the script, or all of a definition; '' if no event says it. */
  readonly runs: string;
  /** When the first part of its subscription was seen; -Infinity if a part has no time. */
  readonly sinceUs: number;
}

/**
 * Script consumers run inside one host process, so any process that this host starts counts for each of them. The command of a
 * command line consumer is known, and is compared.
 */
export function isRunBy(started: WmiProcess, { type, runs, sinceUs }: WmiConsumer): boolean {
  if (started.timeUs < sinceUs) return false;
  if (/script/i.test(type)) return started.byScript;
  if (started.byScript) return false;
  return runs === '' || hasCommand(started, templateOf(runs));
}

/** The command line template. A native event has it inside of the consumer's definition. */
function templateOf(runs: string): string {
  const quoted = /\bCommandLineTemplate = "((?:[^"\\]|\\.)*)"/.exec(runs)?.[1];
  return quoted === undefined ? runs : quoted.replaceAll(/\\(.)/gs, '$1');
}

function hasCommand({ commandLine, image }: WmiProcess, template: string): boolean {
  const wanted = split(template);
  const found = split(commandLine || image);
  return fits(found.program, wanted.program) && (commandLine === '' || fits(found.rest, wanted.rest));
}

/**
 * `%TargetInstance.Name%` in a template stands for any text. No regular expression is used, because an attacker writes both texts
 * and could make it run for ever. Instead, each part is looked for once, behind the one before it.
 */
function fits(text: string, template: string): boolean {
  const [first = '', ...parts] = template.split(/%[^%\s]+%/);
  const last = parts.pop();
  if (last === undefined) return text === first;
  if (!text.startsWith(first) || !text.endsWith(last)) return false;
  let at = first.length;
  for (const part of parts) {
    const found = text.indexOf(part, at);
    if (found < 0) return false;
    at = found + part.length;
  }
  return at + last.length <= text.length;
}

/** The program without its folder and ending, and what follows it, in lower case and with single blanks. */
function split(command: string): { readonly program: string; readonly rest: string } {
  const [, quoted, plain = '', rest = ''] = /^\s*(?:"([^"]*)"|(\S*))(.*)$/s.exec(command.toLowerCase())!;
  const path = quoted ?? plain;
  const program = path.slice(path.lastIndexOf('\\') + 1).replace(/\.exe$/, '');
  return { program, rest: rest.replaceAll(/\s+/g, ' ').trim() };
}
