import { isColumnar } from './columnar-layout.ts';
import { contentPieces, headOf } from './content.ts';
import { CsvReader } from './csv.ts';
import { recogniseFormat } from './format.ts';
import { OracleGeneralReader } from './oracle-general.ts';
import type { PageReader } from './page-reader.ts';
import { readPagesByPiece } from './page-reader.ts';
import { PageTextReader } from './page-text.ts';
import { PageWeights } from './page-weights.ts';
import { isParquet } from './parquet.ts';
import { type ReadOptions, readTrace } from './read-trace.ts';
import { PagesWriter, writeColumnar } from './write-columnar.ts';

/** What a conversion has written. */
export interface Converted {
  readonly requests: number;
  readonly accesses: number;
  readonly pageCount: number;
  /** What was found of sizes and costs. */
  readonly weights: PageWeights;
}

/**
 * Makes a columnar file of a trace in any format. Text, tables and oracleGeneral records are read piece by piece: the
 * memory holds the table of identifiers, at most 34 bytes each, and sizes and costs. Other formats are read
 * whole. Sizes and costs are kept where all are sound; where their columns were named, all must be.
 *
 * @param from the trace
 * @param to the columnar file; replaced if it exists, untouched if anything fails
 * @throws Failure in one line naming the file, the line or byte, and the remedy
 */
export async function convertTrace(
  from: string,
  to: string,
  { columns, sessions }: Omit<ReadOptions, 'weights'> = {},
): Promise<Converted> {
  const weights = new PageWeights(columns?.size !== undefined || columns?.cost !== undefined);
  const options = { ...(columns && { columns }), ...(sessions && { sessions }), weights };
  const { head } = headOf(from);
  if (!isColumnar(head) && !isParquet(head)) {
    const pieces = contentPieces(from);
    const { value: first } = await pieces.next();
    const reader = pageReader(from, first ?? Buffer.alloc(0), options);
    if (reader !== undefined) return stream(reader, chain(first, pieces), from, to, weights);
    await pieces.return(undefined);
  }
  const trace = readTrace(from, options);
  writeColumnar(trace, to, weights);
  const { pages, pageCount } = trace.blocks;
  return { requests: trace.time.length, accesses: pages.length, pageCount, weights };
}

/** The reader for a format of single pages, `undefined` for others. */
function pageReader(path: string, first: Buffer, { columns, weights }: ReadOptions): PageReader | undefined {
  const format = recogniseFormat(path, first, columns !== undefined);
  if (format === 'oracleGeneral') return new OracleGeneralReader(path, weights);
  if (format === 'table') return new CsvReader(path, columns, weights);
  return format === 'pages' ? new PageTextReader(path) : undefined;
}

async function* chain(first: Buffer | undefined, rest: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  if (first !== undefined) yield first;
  yield* rest;
}

async function stream(
  reader: PageReader,
  pieces: AsyncIterable<Buffer>,
  from: string,
  to: string,
  weights: PageWeights,
): Promise<Converted> {
  const writer = new PagesWriter(to);
  try {
    for await (const columns of readPagesByPiece(reader, pieces, from)) {
      writer.append(columns);
    }
    writer.finish(reader.pageCount, weights);
  } finally {
    writer.close();
  }
  const accesses = reader.columns.total;
  return { requests: accesses, accesses, pageCount: reader.pageCount, weights };
}
