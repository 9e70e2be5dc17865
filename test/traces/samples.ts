/** One small file of every format, and what a damaged one may still be taken for. */
import { gzipSync } from 'node:zlib';
import { parquetWriteBuffer } from 'hyparquet-writer';
import { XxHash64 } from '../../src/support/xxhash64.ts';
import { oracleGeneral } from './oracle-general-bytes.ts';

/** What must hold of a damaged file that was read all the same. */
export type Law =
  /** It holds what the original holds: the format has checksums. */
  | 'the same'
  /** It holds as many requests as the original: the format says how many. */
  | 'as many requests'
  /** It holds a request for each of its lines, beside a header. */
  | 'a request a line'
  /** Nothing can be said: whatever is there must be whole. */
  | 'whole';

export interface Sample {
  /** Of the file. Formats that are known by their names are damaged under them. */
  readonly name: string;
  readonly bytes: Buffer;
  readonly law: Law;
  /** Whether a file that is cut off anywhere must be refused. */
  readonly endsAt: 'its end' | 'a record' | 'anywhere';
}

const MOONCAKE = Buffer.from(
  [
    '{"timestamp": 0, "input_length": 900, "output_length": 52, "hash_ids": [0, 1]}',
    '{"timestamp": 3000, "input_length": 1400, "output_length": 8, "hash_ids": [0, 1, 2]}',
    '{"timestamp": 9000, "input_length": 1500, "output_length": 3, "hash_ids": [0, 1, 3]}',
  ].join('\n'),
);
const AGENTS = Buffer.from(
  [
    '{"block_size": 64, "hash_id_scope": "local", "requests": [{"t": 0, "in": 600, "out": 5, "hash_ids": {"keep": 0, "runs": [[0, 9]]}},',
    '{"t": 2.5, "requests": [{"t": 1, "in": 520, "out": 1, "hash_ids": [90, 91, 92, 93, 94, 95, 96, 97]}]},',
    '{"t": 7, "in": 1100, "out": 9, "hash_ids": {"keep": 8, "runs": [[20, 8], [40, 1]]}}]}\n',
    '{"block_size": 64, "hash_id_scope": "local", "requests": [{"t": 1, "in": 600, "out": 5, "hash_ids": {"keep": 0, "runs": [[0, 8]]}}]}',
  ].join(' '),
);
const RECORDS = oracleGeneral([
  [1, 7n],
  [2, 2n ** 60n],
  [2, 7n],
  [9, 8n],
]);
/** Made by zstd 1.5.4 at level 19, with a checksum: 400 squares modulo 47, a line each. */
const SQUARES = Buffer.from(
  'KLUv/WQfAx0CAMJHDgmw6yRJiHBSmHVz+SY+neJeXGK6emzdrpi9rtxYunHh5eXCjUtvXLlmr9i2HlenJS7eKZ5O/JY5BAEAPOi/ClG3ZtFi',
  'base64',
);
const ROWS = [
  { name: 'time', data: [3, 3, 4.5, 5], type: 'DOUBLE' as const },
  { name: 'lbn', data: [2n ** 63n - 1n, 5n, -(2n ** 63n), 5n], type: 'INT64' as const },
  { name: 'size', data: [512, 4096, 512, 512], type: 'INT32' as const },
];

/** A zstd frame of one block as it is, with a checksum. At most 255 bytes. */
function stored(bytes: Buffer): Buffer {
  const hash = new XxHash64();
  hash.update(bytes);
  const head = Buffer.from([0x28, 0xb5, 0x2f, 0xfd, 0x24, bytes.length, 0, 0, 0]);
  head.writeUIntLE(1 | (bytes.length << 3), 6, 3);
  const checksum = Buffer.alloc(4);
  checksum.writeUInt32LE(Number(hash.digest() & 0xffffffffn));
  return Buffer.concat([head, bytes, checksum]);
}

/** The same frame without its checksum. */
function unchecked(frame: Buffer): Buffer {
  const bytes = Buffer.from(frame.subarray(0, -4));
  bytes[4] &= ~4;
  return bytes;
}

const parquet = (options: object) => Buffer.from(parquetWriteBuffer({ columnData: ROWS, ...options }));
const text = (content: string | Buffer) =>
  ({ bytes: Buffer.from(content), law: 'a request a line', endsAt: 'anywhere' }) as const;
const checked = (bytes: Buffer) => ({ bytes, law: 'the same', endsAt: 'its end' }) as const;
const counted = (bytes: Buffer) => ({ bytes, law: 'as many requests', endsAt: 'its end' }) as const;

export const SAMPLES: readonly Sample[] = [
  { name: 'mooncake.jsonl', ...text(MOONCAKE) },
  { name: 'mooncake.jsonl.gz', ...checked(gzipSync(MOONCAKE)) },
  { name: 'agents.jsonl', bytes: AGENTS, law: 'whole', endsAt: 'anywhere' },
  { name: 'agents.jsonl.gz', ...checked(gzipSync(AGENTS)) },
  { name: 'pages.txt', ...text('12\n7\n12\n88c46bf20db295831bd2d1718ad7e6f5\n300\n') },
  { name: 'pages.txt.gz', ...checked(gzipSync('12\n7\n12\n300\n')) },
  { name: 'pages.txt.zst', ...checked(SQUARES) },
  { name: 'unchecked.txt.zst', bytes: unchecked(SQUARES), law: 'whole', endsAt: 'its end' },
  { name: 'table.csv', ...text('time,op,size,lbn,cost\n3,"r",512,7,1\n3.5,w,8,"nz:u:1",.5\n9,r,512,7,2\n') },
  { name: 'unnamed.tsv', ...text('0\t70\t512\n1\t71\t8\n1\t70\t512\n') },
  { name: 'table.csv.gz', ...checked(gzipSync('time,size,page\n1,2,3\n1,5,4\n')) },
  { name: 'a.oracleGeneral', bytes: RECORDS, law: 'whole', endsAt: 'a record' },
  { name: 'a.oracleGeneral.gz', ...checked(gzipSync(RECORDS)) },
  { name: 'a.oracleGeneral.zst', ...checked(stored(RECORDS)) },
  { name: 'table.parquet', ...counted(parquet({})) },
  { name: 'groups.parquet', ...counted(parquet({ rowGroupSize: 2, codec: 'UNCOMPRESSED' })) },
];
