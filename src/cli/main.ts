#!/usr/bin/env node
import yargs from 'yargs';
import { Failure } from '../support/failure.ts';
import { certify } from './certify.ts';
import { compare } from './compare.ts';
import { curve } from './curve.ts';
import { exportPolicy } from './export.ts';
import { policies } from './policies.ts';
import { replay } from './replay.ts';
import { report } from './report.ts';
import { results } from './results.ts';
import { sweep } from './sweep.ts';
import { trace } from './trace.ts';
import { train } from './train.ts';
import { verify } from './verify.ts';
import { worker } from './worker.ts';

// A reader that has seen enough (`onebit compare | head`) is no failure.
process.stdout.on('error', (error: NodeJS.ErrnoException) => process.exit(error.code === 'EPIPE' ? 0 : 1));

try {
  await yargs(process.argv.slice(2))
    .scriptName('onebit')
    .usage('$0 <command>\n\nOnline paging with one bit of foresight.')
    .command(compare)
    .command(train)
    .command(trace)
    .command(policies)
    .command(curve)
    .command(sweep)
    .command(worker)
    .command(results)
    .command(report)
    .command(certify)
    .command(verify)
    .command(replay)
    .command(exportPolicy)
    .demandCommand(1, 'name a command')
    .strict()
    .recommendCommands()
    .env('ONEBIT')
    .wrap(Math.min(110, process.stdout.columns ?? 110))
    .fail((message, error) => {
      throw error ?? new Failure(`${message}; see onebit --help`);
    })
    .parseAsync();
} catch (error) {
  // One line for what the user can mend, the whole stack for a defect.
  console.error(error instanceof Failure ? `onebit: ${error.message}` : error);
  process.exitCode = 1;
}
