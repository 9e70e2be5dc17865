import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import type { StoredRecord } from '../simulator/result.ts';
import { writeFile } from '../support/write-file.ts';
import { csvOf } from './export.ts';
import { interactiveChart } from './interactive-chart.ts';
import { drawChart } from './line-chart.ts';
import { pngOf } from './raster.ts';
import { type ReportFigure, type ReportSection, reportMarkup } from './report-markup.ts';
import { groupStored } from './stored-groups.ts';
import { summarise } from './summary.ts';
import { summaryCharts } from './summary-charts.ts';

/**
 * Writes stored results as a report: `index.html`, which needs no network and no other file, the figures as SVG and PNG
 * under `figures/`, and every record in `records.jsonl` and `records.csv`. Each file appears whole or not at all.
 *
 * @param directory created where it is missing
 * @param records at least one
 * @param command the command line that makes the report again
 * @throws Failure where a file cannot be written
 */
export async function writeReport(
  directory: string,
  { title, command, records }: { title: string; command: string; records: readonly StoredRecord[] },
): Promise<void> {
  const sections: ReportSection[] = [];
  for (const [index, group] of groupStored(records).entries()) {
    const summaries = summarise(group.records);
    const figures: ReportFigure[] = [];
    for (const { name, chart, caption } of summaryCharts(group.trace, summaries)) {
      const path = `figures/${index + 1}-${name}`;
      const [svg, specification] = [await drawChart(chart), await interactiveChart(chart)];
      writeFile(join(directory, `${path}.svg`), svg);
      writeFile(join(directory, `${path}.png`), await pngOf(svg));
      figures.push({ path, svg, specification, title: chart.title, caption });
    }
    sections.push({ group, summaries, figures });
  }
  const origins = records.map(
    ({ version, commit, machine }) =>
      `Computed by onebit ${version}${commit === null ? '' : `, commit ${commit}`}, on ${machine}.`,
  );
  writeFile(
    join(directory, 'records.jsonl'),
    records.map((record) => `${JSON.stringify(record)}\n`).join(''),
  );
  writeFile(join(directory, 'records.csv'), csvOf(records));
  const page = reportMarkup({ title, command, computedBy: [...new Set(origins)] }, sections, vegaSource());
  writeFile(join(directory, 'index.html'), page);
}

/** The build of Vega for browsers, which stands beside the one for Node.js. */
function vegaSource(): string {
  const main = createRequire(import.meta.url).resolve('vega');
  return readFileSync(join(dirname(main), 'vega.min.js'), 'utf8');
}
