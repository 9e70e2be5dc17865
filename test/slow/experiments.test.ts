/** Every declared experiment at its reduced size: the faults are those that were written down. */

import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';

/** What `expected.json` of an experiment says of its reduced run. */
interface Expected {
  readonly cells: readonly { readonly cell: string; readonly faults: number }[];
  /** How far faults may be from that, as a share: training may round otherwise elsewhere. */
  readonly tolerance: number;
}

const names = readdirSync('experiments').filter((name) =>
  existsSync(join('experiments', name, 'experiment.ts')),
);

t.test('an experiment has a README and an expectation', async (t) => {
  t.ok(names.length >= 6);
  for (const name of names)
    for (const file of ['README.md', 'expected.json'])
      t.ok(existsSync(join('experiments', name, file)), `${name}/${file}`);
});

for (const name of names) {
  t.test(name, async (t) => {
    const expected: Expected = JSON.parse(readFileSync(join('experiments', name, 'expected.json'), 'utf8'));
    const experiment = join('experiments', name, 'experiment.ts');
    const args = ['src/cli/main.ts', 'sweep', experiment, '--reduced', '--json', '--no-store'];
    const { status, stdout, stderr } = spawnSync(process.execPath, ['--import', 'tsx', ...args], {
      encoding: 'utf8',
    });
    t.strictSame([status, stderr], [0, '']);
    const found = stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
    t.strictSame(
      found.map(({ policy, capacity, predictions, seed }) => `${policy} ${capacity} ${predictions} ${seed}`),
      expected.cells.map(({ cell }) => cell),
    );
    found.forEach(({ faults }, i) => {
      const { cell, faults: wanted } = expected.cells[i];
      t.ok(
        Math.abs(faults - wanted) <= expected.tolerance * wanted,
        `${cell}: ${faults}, written down ${wanted}`,
      );
    });
  });
}
