import { Presets, SingleBar } from 'cli-progress';

/** Shows the progress of a task. */
export interface Progress {
  /** @param done share of the work done, 0 … 1 */
  update(done: number, note: string): void;
  stop(): void;
}

/** A bar on a terminal, silence in a pipe; it writes to standard error, so that results stay clean. */
export function progressBar(title: string): Progress {
  if (!process.stderr.isTTY) return { update() {}, stop() {} };
  const bar = new SingleBar(
    {
      format: `${title} {bar} {percentage}% | {note} | {eta_formatted} left`,
      clearOnComplete: true,
      hideCursor: true,
    },
    Presets.rect,
  );
  bar.start(1000, 0, { note: '' });
  return {
    update: (done, note) => bar.update(Math.round(1000 * done), { note }),
    stop: () => bar.stop(),
  };
}
