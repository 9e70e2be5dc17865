import { Failure } from '../support/failure.ts';
import { readAgentSessions } from './agent-sessions.ts';
import { isAttention } from './attention-trace.ts';
import { readColumnar } from './columnar.ts';
import { isColumnar } from './columnar-layout.ts';
import type { ColumnNames } from './columns.ts';
import { headOf, wholeContent } from './content.ts';
import { readCsv } from './csv.ts';
import { recogniseFormat } from './format.ts';
import { readLookups } from './lmcache-lookups.ts';
import { readMooncake } from './mooncake-jsonl.ts';
import { readOracleGeneral } from './oracle-general.ts';
import { readPageText } from './page-text.ts';
import type { PageWeights } from './page-weights.ts';
import { isParquet, readParquet } from './parquet.ts';
import type { ServingTrace } from './serving-trace.ts';

/** What a user may say about a trace beyond its path. */
export interface ReadOptions {
  /** Columns of a table or Parquet file that are not to be found by their usual names. */
  readonly columns?: ColumnNames;
  /** How many agent sessions to read, the first of the file; all if absent. */
  readonly sessions?: number | undefined;
  /** Gathers sizes and fault costs, where the format has them. */
  readonly weights?: PageWeights;
}

/**
 * Reads a trace in any format of docs/formats.md, plain or compressed with gzip or zstd. The format is recognised, see
 * `recogniseFormat`. The whole file is held in memory; the Mooncake conversation trace takes 0.1 s.
 *
 * @param path of the file
 * @throws Failure in one line naming the file, the line or byte, and the remedy
 *
 * @example
 * const trace = readTrace('mooncake_conversation.jsonl.gz');
 * trace.blocks.pages.length; // 288500
 */
export function readTrace(path: string, { columns, sessions, weights }: ReadOptions = {}): ServingTrace {
  const { head } = headOf(path);
  if (isColumnar(head)) return readColumnar(path, weights);
  if (isAttention(head))
    throw new Failure(
      `${path}: an attention trace has no requests; see it with onebit trace stats, simulate the prefix trace beside it`,
    );
  if (isParquet(head)) return readParquet(path, columns, weights);
  const bytes = wholeContent(path);
  switch (recogniseFormat(path, bytes, columns !== undefined)) {
    case 'oracleGeneral':
      return readOracleGeneral(bytes, path, weights);
    case 'agent sessions':
      return readAgentSessions(bytes, path, sessions);
    case 'LMCache lookups':
      return readLookups(bytes, path);
    case 'Mooncake':
      return readMooncake(bytes, path);
    case 'table':
      return readCsv(bytes, path, columns, weights);
    case 'pages':
      return readPageText(bytes, path);
  }
}
