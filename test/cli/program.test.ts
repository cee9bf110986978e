import { describe, expect, it } from 'vitest';
import { type Command, defineCommand, EXIT } from '../../src/commands/command.ts';
import { choiceFlag, choicesFlag, listFlag, switchFlag, valueFlag } from '../../src/commands/flags/flag.ts';
import { outputError } from '../../src/commands/output/output-error.ts';
import { InputError, UsageError } from '../../src/model/errors.ts';
import { runWinnow } from './test-context.ts';

/** A verb that prints what it was given. */
const echo = defineCommand({
  name: 'echo',
  aliases: ['say'],
  summary: 'print the arguments',
  description: 'Prints what it was given.',
  examples: [{ line: 'winnow echo a', what: 'prints a' }],
  operands: [{ name: 'words', description: 'what to print', required: false, variadic: true, knownAs: ['text'] }],
  flags: {
    minLevel: choiceFlag({
      description: 'the lowest level',
      placeholder: 'LEVEL',
      choices: ['low', 'high'],
      knownAs: ['exact-level'],
    }),
    status: choicesFlag({ description: 'which status', placeholder: 'STATUS', choices: ['stable', 'test'] }),
    rules: listFlag({ description: 'rules', short: 'r', placeholder: 'PATH', aliases: ['sigma', 's'], examples: ['rules'] }),
    count: valueFlag({
      description: 'how many',
      placeholder: 'N',
      fallback: 2,
      fallbackText: 'two',
      examples: ['3'],
      parse: parseDigit,
    }),
    output: valueFlag({ description: 'where to', short: 'o', placeholder: 'FILE', examples: ['x'] }),
    quiet: switchFlag({ description: 'say less', short: 'q' }),
    noCache: switchFlag({ description: 'no cache' }),
    color: switchFlag({ description: 'colour' }),
    noColor: switchFlag({ description: 'no colour' }),
  },
  exitCodes: [{ code: EXIT.done, when: 'always' }],
  load: async () => async (context, args) => {
    await context.stdout.write(JSON.stringify(args));
    return EXIT.done;
  },
});

function parseDigit(text: string): number {
  if (!/^\d$/.test(text)) throw new UsageError('Write a digit.');
  return Number(text);
}

/** A verb that ends as told. */
function ending(error: unknown): Command {
  return {
    ...echo,
    flags: {},
    async run() {
      throw error;
    },
  };
}

async function args(...argv: string[]): Promise<unknown> {
  const { out, err } = await runWinnow(['echo', ...argv], { commands: [echo] });
  expect(err).toBe('');
  return JSON.parse(out);
}

const fallbacks = {
  minLevel: null,
  status: [],
  rules: [],
  count: 2,
  output: null,
  quiet: false,
  noCache: false,
  color: false,
  noColor: false,
};

describe('flags', () => {
  it('help of what is no verb names the verbs', async () => {
    const { code, err } = await runWinnow(['help', 'nosuch']);
    expect([code, err]).toEqual([3, expect.stringMatching(/^winnow: "nosuch" is no verb\. There are: .*\bexplain, .*\.\n/)]);
  });
  it('have their fallbacks when they are not given', async () => {
    expect(await args()).toEqual({ operands: [], flags: fallbacks });
  });
  it('are parsed in any order around the operands', async () => {
    expect(
      await args(
        'a',
        '-r',
        'x',
        '--min-level',
        'HIGH',
        'b',
        '--rules=y',
        '-q',
        '--no-cache',
        '--count',
        '7',
        '--color',
        '-oz',
        '--status',
        'test',
      ),
    ).toEqual({
      operands: ['a', 'b'],
      flags: {
        ...fallbacks,
        minLevel: 'high',
        status: ['test'],
        rules: ['x', 'y'],
        count: 7,
        output: 'z',
        quiet: true,
        noCache: true,
        color: true,
      },
    });
  });
  it('know other names for themselves', async () => {
    expect(await args('--sigma', 'x', '-s', 'y')).toEqual({ operands: [], flags: { ...fallbacks, rules: ['x', 'y'] } });
  });
  it('can be negated', async () => {
    expect(await args('--no-color')).toEqual({ operands: [], flags: { ...fallbacks, noColor: true } });
  });
  it('take - and what follows -- as operands', async () => {
    expect(await args('-', '--', '-q')).toEqual({ operands: ['-', '-q'], flags: fallbacks });
  });
});

describe('a wrong command line', () => {
  const wrong = async (...argv: string[]) => {
    const { code, out, err } = await runWinnow(argv, { commands: [echo] });
    return { code, out, err };
  };
  it('names the verb that was meant', async () => {
    expect(await wrong('ehco')).toEqual({
      code: 3,
      out: '',
      err: 'winnow: unknown command \'ehco\'. Did you mean echo?\nSee "winnow --help".\n',
    });
  });
  it('names the verb that other programs call so', async () => {
    const { code, err } = await runWinnow(['csv-timeline', '-d', 'logs']);
    expect({ code, err }).toEqual({
      code: 3,
      err: 'winnow: unknown command \'csv-timeline\'. Here it is "winnow timeline".\nSee "winnow --help".\n',
    });
  });
  it('names the flag that was meant', async () => {
    expect(await wrong('echo', '--min-levle', 'low')).toEqual({
      code: 3,
      out: '',
      err: 'winnow echo: unknown option \'--min-levle\'. Did you mean --min-level?\nSee "winnow echo --help".\n',
    });
  });
  it('names our flag for one that another tool has', async () => {
    expect((await wrong('say', '--exact-level', 'low')).err).toBe(
      'winnow echo: unknown option \'--exact-level\'. Here it is --min-level.\nSee "winnow echo --help".\n',
    );
  });
  it('says that an operand needs no flag', async () => {
    expect((await wrong('echo', '--text', 'x')).err).toContain("unknown option '--text'. Here words are named without a flag.");
  });
  it('tells a flag before the verb where it belongs', async () => {
    expect((await wrong('-r', 'x')).err).toBe(
      'winnow: unknown option \'-r\'. Options follow the verb: "winnow echo -r ...".\nSee "winnow --help".\n',
    );
  });
  it('tells how to scan a file that was given without a verb', async () => {
    expect((await wrong('package.json')).err).toContain('to scan it, write "winnow scan package.json".');
  });
  it('says what a value should be', async () => {
    const choice = await wrong('echo', '--min-level', 'urgent');
    expect([choice.code, choice.err]).toEqual([
      3,
      "winnow echo: option '--min-level <LEVEL>' argument 'urgent' is invalid. Use one of: low, high.\nSee \"winnow echo --help\".\n",
    ]);
    expect((await wrong('echo', '--count', 'x')).err).toContain('Write a digit.');
    expect((await wrong('echo', '--output')).err).toContain("option '-o, --output <FILE>' argument missing");
  });
  it('that holds control characters, as a pattern of the shell may fill in, shows them', async () => {
    expect((await wrong('\u001b[2J')).err).toContain("unknown command '\u241b[2J'");
    expect((await runWinnow(['echo'], { commands: [ending(new UsageError('no file \u202ex\u001b'))] })).err).toBe(
      'winnow: no file \u27e8U+202E\u27e9x\u241b\n',
    );
  });
  it('without any argument shows help and is a usage error', async () => {
    const { code, out, err } = await wrong();
    expect([code, out]).toEqual([3, '']);
    expect(err).toContain('echo|say');
  });
});

describe('help', () => {
  it('of the program lists the verbs', async () => {
    const { code, out } = await runWinnow(['--help'], { commands: [echo] });
    expect(code).toBe(0);
    expect(out).toContain('echo|say [options] [words...]  print the arguments');
  });
  it.each([
    ['echo', '--help'],
    ['help', 'echo'],
    ['say', '-h'],
  ])('of a verb (%s %s) has its flags, examples and exit codes', async (...argv) => {
    const { code, out } = await runWinnow(argv, { commands: [echo], columns: 100 });
    expect(code).toBe(0);
    expect(out).toBe(`Usage: winnow echo|say [options] [words...]

Prints what it was given.

Arguments:
  words                what to print

Options:
  --min-level <LEVEL>  the lowest level (low, high)
  --status <STATUS>    which status (stable, test; repeatable)
  -r, --rules <PATH>   rules (repeatable)
  --count <N>          how many (default: two)
  -o, --output <FILE>  where to
  -q, --quiet          say less
  --no-cache           no cache
  --color              colour
  --no-color           no colour
  -h, --help           print help

Examples:
  winnow echo a
      prints a

Exit codes:
  0   always
`);
  });
  it('knows the version', async () => {
    expect(await runWinnow(['--version'], { commands: [echo] })).toEqual({ code: 0, out: '0.0.0-test\n', err: '' });
  });
});

describe('an error of a verb', () => {
  const run = (error: unknown) => runWinnow(['echo'], { commands: [ending(error)] });
  it('of usage is one line and exit code 3', async () => {
    expect(await run(new UsageError('x is not y'))).toEqual({ code: 3, out: '', err: 'winnow: x is not y\n' });
  });
  it('of input is one line and exit code 4', async () => {
    expect(await run(new InputError('cannot read x'))).toEqual({ code: 4, out: '', err: 'winnow: cannot read x\n' });
  });
  it('of output is one line and exit code 4', async () => {
    const full = outputError(new Error('no space left'), '--output x');
    expect(await run(full)).toEqual({ code: 4, out: '', err: 'winnow: --output x could not be written (no space left).\n' });
  });
  it('of ours reaches the top with its stack', async () => {
    await expect(run(new TypeError('bug'))).rejects.toThrow('bug');
  });
});
