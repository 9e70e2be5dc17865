/** The page of the command line, from the help of every command. */
import { COMMANDS, commandLine } from '../src/cli/command-line.ts';

/** Commands of the command `trace`. */
const INSIDE_TRACE = ['stats', 'generate', 'convert', 'record'];

/** Columns of a help text. */
const WIDTH = 110;

const INTRODUCTION = `# Command line

Written by \`npm run docs\` from the help of every command (\`onebit COMMAND --help\`).

**Exit codes.** 0: done. 1: not done, with one line on standard error that names what is wrong and the remedy; for \`verify\` also:
a law is broken. 130: interrupted; what was finished is kept.

**Output.** Results go to standard output; progress, with the time left, to standard error, and only if that is a terminal.
Colours appear only on a terminal, and not if \`NO_COLOR\` is set. \`--json\` prints one record a line and nothing else:
[records](records.md).

**Options in the environment.** Every option can be set by a variable: \`ONEBIT_SEED=7\` is \`--seed 7\`.

**Completion.** \`onebit completion >> ~/.bashrc\` (or \`~/.zshrc\`) completes commands and options in new shells.

**Predictions.** Bits: \`perfect\`, \`inverted\`, \`random\`, \`flip:P\` (each bit wrong with probability P), \`flip-requests:P\` (all bits of a request
together), \`bursts:P:LENGTH\`, \`adversarial:P\` (the bits whose flips cost most), \`train\`, \`model:FILE\`. Next arrivals and cache states:
\`perfect\`, \`noise:SIGMA\` (log-normal), \`popularity\`, \`pleco\`.
`;

/** Every command with the words that call it, outer ones before inner ones. */
export const COMMAND_WORDS: readonly (readonly string[])[] = COMMANDS.flatMap(({ command }) => {
  const name = `${command}`.split(' ')[0];
  return [[name], ...(name === 'trace' ? INSIDE_TRACE.map((inner) => [name, inner]) : [])];
});

/** Help of all commands, as it is printed. */
export async function commandLinePage(): Promise<string> {
  const sections = [`    ${await indented([])}`];
  for (const words of COMMAND_WORDS) {
    const heading = `${'#'.repeat(words.length + 1)} ${words.join(' ')}`;
    sections.push(heading, `    ${await indented(words)}`);
  }
  return `${INTRODUCTION}\n${sections.join('\n\n')}\n`;
}

/**
 * The help of one command.
 *
 * @param words that call it; those of no command give the list of commands
 * @param width in columns
 */
export function help(words: readonly string[], width = WIDTH): Promise<string> {
  return commandLine(words).wrap(width).getHelp();
}

async function indented(words: readonly string[]): Promise<string> {
  const text = await help(words);
  return text.replaceAll(/ +$/gm, '').replaceAll('\n', '\n    ').replaceAll(/^ +$/gm, '');
}
