import { createRequire } from 'node:module';
import yargs, { type Argv, type CommandModule } from 'yargs';
import { Failure } from '../support/failure.ts';
import { certify } from './certify.ts';
import { compare } from './compare.ts';
import { curve } from './curve.ts';
import { evaluate } from './evaluate.ts';
import { exportPolicy } from './export.ts';
import { policies } from './policies.ts';
import { replay } from './replay.ts';
import { report } from './report.ts';
import { results } from './results.ts';
import { serve } from './serve.ts';
import { sweep } from './sweep.ts';
import { trace } from './trace.ts';
import { train } from './train.ts';
import { verify } from './verify.ts';
import { worker } from './worker.ts';

// Left to itself yargs finds the version of the project in which onebit is installed.
const { version } = createRequire(import.meta.url)('../../package.json');

/** The commands, in the order in which help lists them. */
// biome-ignore lint/suspicious/noExplicitAny: each command has arguments of its own, which only it reads.
export const COMMANDS: readonly CommandModule<any, any>[] = [
  compare,
  train,
  evaluate,
  trace,
  policies,
  curve,
  sweep,
  worker,
  results,
  report,
  certify,
  verify,
  replay,
  exportPolicy,
  serve,
];

/**
 * What `onebit` understands.
 *
 * @param args the words after `onebit`
 * @returns a parser that throws a Failure for what it does not understand
 */
export function commandLine(args: readonly string[]): Argv {
  const parser = yargs(args) as Parser;
  return parser
    .scriptName('onebit')
    .version(version)
    .usage('$0 <command>\n\nOnline paging with one bit of foresight.')
    .command([...COMMANDS])
    .completion('completion', 'write a script that completes commands and options in bash and zsh')
    .demandCommand(1, 'name a command')
    .strict()
    .recommendCommands()
    .env('ONEBIT')
    .middleware((argv) => leaveForeignVariables(argv, parser, args), true)
    .wrap(Math.min(110, process.stdout.columns ?? 110))
    .fail((message, error) => {
      throw error ?? new Failure(`${message}; see onebit --help`);
    });
}

/** What a parser knows of its options; yargs' types leave it out. */
type Parser = Argv & { getOptions(): { readonly key: Readonly<Record<string, unknown>> } };

/** A variable for another command or for an engine's plug-in (`ONEBIT_POLICY_FILE`) is no mistake of this one. */
function leaveForeignVariables(argv: Record<string, unknown>, parser: Parser, args: readonly string[]): void {
  const { key } = parser.getOptions();
  for (const variable of Object.keys(process.env).filter((name) => name.startsWith('ONEBIT_'))) {
    const words = variable.slice('ONEBIT_'.length).toLowerCase().split('_');
    const [option, name] = [
      words.join('-'),
      words.map((word, i) => (i === 0 ? word : word[0]?.toUpperCase() + word.slice(1))).join(''),
    ];
    if (option in key || name in key || args.some((word) => word.startsWith(`--${option}`))) continue;
    delete argv[option];
    delete argv[name];
  }
}
