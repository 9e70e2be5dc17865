import { createRequire } from 'node:module';
import yargs, { type Argv, type CommandModule } from 'yargs';
import { Failure } from '../support/failure.ts';
import { certify } from './certify.ts';
import { compare } from './compare.ts';
import { curve } from './curve.ts';
import { exportPolicy } from './export.ts';
import { policies } from './policies.ts';
import { replay } from './replay.ts';
import { sweep } from './sweep.ts';
import { trace } from './trace.ts';
import { train } from './train.ts';
import { verify } from './verify.ts';

// Left to itself yargs finds the version of the project in which onebit is installed.
const { version } = createRequire(import.meta.url)('../../package.json');

/** The commands, in the order in which help lists them. */
// biome-ignore lint/suspicious/noExplicitAny: each command has arguments of its own, which only it reads.
export const COMMANDS: readonly CommandModule<any, any>[] = [
  compare,
  train,
  trace,
  policies,
  curve,
  sweep,
  certify,
  verify,
  replay,
  exportPolicy,
];

/**
 * What `onebit` understands.
 *
 * @param args the words after `onebit`
 * @returns a parser that throws a Failure for what it does not understand
 */
export function commandLine(args: readonly string[]): Argv {
  return yargs(args)
    .scriptName('onebit')
    .version(version)
    .usage('$0 <command>\n\nOnline paging with one bit of foresight.')
    .command([...COMMANDS])
    .completion('completion', 'write a script that completes commands and options in bash and zsh')
    .demandCommand(1, 'name a command')
    .strict()
    .recommendCommands()
    .env('ONEBIT')
    .wrap(Math.min(110, process.stdout.columns ?? 110))
    .fail((message, error) => {
      throw error ?? new Failure(`${message}; see onebit --help`);
    });
}
