#!/usr/bin/env node
import { Failure } from '../support/failure.ts';
import { commandLine } from './command-line.ts';

// A reader that has seen enough (`onebit compare | head`) is no failure.
process.stdout.on('error', (error: NodeJS.ErrnoException) => process.exit(error.code === 'EPIPE' ? 0 : 1));

try {
  await commandLine(process.argv.slice(2)).parseAsync();
} catch (error) {
  // One line for what the user can mend, the whole stack for a defect.
  console.error(error instanceof Failure ? `onebit: ${error.message}` : error);
  process.exitCode = 1;
}
