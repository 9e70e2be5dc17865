import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { Failure } from '../support/failure.ts';
import { writeFile } from '../support/write-file.ts';
import { capacityFigure, flipFigure } from './figures.ts';
import { hasBits } from './headlines.ts';
import { type PageContent, type PageFigure, pageMarkup } from './page-markup.ts';
import { choosePalette } from './palette.ts';

export type { PageContent };

const CAPACITY_CAPTION =
  'How to read it: higher is better. The solid line of lru is the floor that needs no predictions, the dashed line of ' +
  'belady (OPT) the ceiling: it knows every future request, and no policy can do better. “Gap closed” is how far a ' +
  'policy has come from the one to the other. A dotted line shows the same policy on inverted bits, every true bit ' +
  'turned into its opposite: what a predictor that is always wrong would cost.';

const FLIP_CAPTION =
  'How to read it: lower is better, and 1 is belady (OPT). Each true bit is flipped independently with probability p: ' +
  '0 leaves all bits right, 0.5 makes them noise, 1 would invert them all. A policy is worth its predictions where its ' +
  'line runs below that of lru, and it is robust where it does not rise far above.';

/**
 * Writes a comparison as a page: `index.html`, which needs no script and no network, the figures as SVG files under
 * `figures/`, and every record in `records.jsonl`. Each file appears whole or not at all.
 *
 * @param directory where to; created where it is missing
 * @param content what to report
 * @throws Failure where the directory or a file cannot be written
 *
 * @example
 * await writePage('out', { title, trace, command, seed: 1, records, capacityRecords, flipRecords, notes: [] });
 */
export async function writePage(directory: string, content: PageContent): Promise<void> {
  makeDirectory(directory);
  const { records, capacityRecords, flipRecords } = content;
  const all = [...records, ...capacityRecords, ...flipRecords];
  const palette = choosePalette(all);
  const figures: PageFigure[] = [];
  if (capacityRecords.length > 0) {
    const svg = await capacityFigure(capacityRecords, palette);
    figures.push({ path: 'figures/hit-ratio.svg', svg, caption: CAPACITY_CAPTION });
  }
  if (flipRecords.some((record) => hasBits(record) && record.optFaults > 0)) {
    const svg = await flipFigure(flipRecords, palette);
    figures.push({ path: 'figures/flipped-bits.svg', svg, caption: FLIP_CAPTION });
  }
  const page = pageMarkup(content, figures).text;
  const lines = new Set(all.map((record) => `${JSON.stringify(record)}\n`));
  for (const { path, svg } of figures) writeFile(join(directory, path), svg);
  writeFile(join(directory, 'records.jsonl'), [...lines].join(''));
  writeFile(join(directory, 'index.html'), page);
}

/** Made before the figures are drawn, so that a wrong name is told at once and as it was given. */
function makeDirectory(directory: string): void {
  try {
    mkdirSync(directory, { recursive: true });
  } catch (error) {
    throw new Failure(
      `${directory}: cannot be a folder (${(error as Error).message}); choose another one for the page`,
    );
  }
}
