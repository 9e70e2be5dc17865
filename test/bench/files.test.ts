import t from 'tap';
import { sizeFor } from '../../bench/benchmark.ts';
import { measureFiles } from '../../bench/files.ts';

t.test(
  'files are read and runs on them measured, and what is read piece by piece takes little memory',
  async (t) => {
    const files = measureFiles(sizeFor(400_000, 1));
    for (const [name, value] of Object.entries(files)) t.ok(Number.isFinite(value) && value > 0, name);
    // The same bounds hold for 60 million requests, which take 240 MB as pages alone.
    t.ok(files.streamMemory < files.idleMemory + 40, `${files.streamMemory} MB against ${files.idleMemory}`);
    t.ok(files.sampleMemory < files.idleMemory + 100, `${files.sampleMemory} MB against ${files.idleMemory}`);
  },
);
