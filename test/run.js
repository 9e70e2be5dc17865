// Runs the tests with tap and closes with one plain line that counts them, keeping tap's exit code. With `--all` also those in
// test/slow, which need a minute each, or an engine, a server or a browser that they install.
import { spawn } from 'node:child_process';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

const require = createRequire(import.meta.url);
const tap = join(dirname(require.resolve('tap/package.json')), 'dist/esm/run.mjs');
const given = process.argv.slice(2);
// An exclusion given to tap takes the place of the one in .taprc.
const options = given.map((argument) => (argument === '--all' ? '--exclude=nothing' : argument));
const child = spawn(process.execPath, [tap, '--reporter=tap', ...options], {
  stdio: ['ignore', 'pipe', 'inherit'],
});
let output = '';
child.stdout.setEncoding('utf8');
child.stdout.on('data', (chunk) => {
  process.stdout.write(chunk);
  output += chunk;
});
child.on('close', (code) => {
  const totals = output.match(/^# \{(.*)\}$/gm)?.at(-1) ?? '';
  const count = (name) => Number(totals.match(new RegExp(`${name}: (\\d+)`))?.[1] ?? 0);
  console.log(`${count('pass')} passed, ${count('fail')} failed, ${count('skip')} skipped`);
  process.exitCode = code ?? 1;
});
