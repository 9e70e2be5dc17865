/** Runs the command line, and at its end writes the most memory that was resident, in KiB, to standard error. */
import { existsSync, readFileSync } from 'node:fs';

const STATUS = '/proc/self/status';

/** Linux counts in `maxRSS` also what the parent held when it started this process; VmHWM begins with the program. */
function peak(): number {
  const line = existsSync(STATUS) ? readFileSync(STATUS, 'latin1').match(/^VmHWM:\s*(\d+) kB$/m) : null;
  return line === null ? process.resourceUsage().maxRSS : Number(line[1]);
}

process.on('exit', () => process.stderr.write(`${peak()}\n`));
await import('../src/cli/main.ts');
