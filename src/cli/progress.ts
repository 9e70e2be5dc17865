import cliProgress from 'cli-progress';

const { Format, Presets, SingleBar } = cliProgress;

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
      // Before anything is done there is nothing to tell the time left by.
      format: (options, { progress, eta }, { note }) => {
        const told = progress === 0 ? '' : ` | ${note} | ${Format.TimeFormat(eta, options, 1)} left`;
        return `${title} ${Format.BarFormat(progress, options)} ${Math.floor(100 * progress)}%${told}`;
      },
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
