import { benchmark } from './benchmark.ts';
const names = process.argv.slice(2).filter((x) => !x.startsWith('--'));
const rounds = Number(process.env.ROUNDS ?? 3);
const { rows, hash } = await benchmark({ requests: Number(process.env.REQ ?? 20e6), pages: 1e6, capacity: 1e5, rounds }, names);
const bare = rows.find((r) => r.name === 'bare-loop')?.fastest ?? NaN;
for (const { name, faults, fastest, median, runs, memory } of rows) {
  console.log(name.padEnd(22), (fastest / 1e6).toFixed(1).padStart(7), (median / 1e6).toFixed(1).padStart(7), (fastest / bare).toFixed(3), runs, faults, memory?.perPage.toFixed(1), memory?.perSlot.toFixed(1), memory?.perRequest.toFixed(1));
}
console.log(hash);
