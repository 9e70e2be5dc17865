/** Every way in which a trace file can be wrong ends in one line that names the place and the remedy. */
import { symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import t from 'tap';
import { Failure } from '../../src/support/failure.ts';
import { readTrace } from '../../src/traces/read-trace.ts';
import { oracleGeneral } from './oracle-general-bytes.ts';

const GOOD = '{"timestamp": 1, "input_length": 2, "output_length": 3, "hash_ids": [4]}';

/** The good line with one field written differently. */
function line(field: string, value: string): string {
  return GOOD.replace(new RegExp(`"${field}": [^,}]+`), `"${field}": ${value}`);
}

/** The good line without a field. */
function without(field: string): string {
  return GOOD.replace(`"${field}"`, '"other"');
}

/** What is wrong, the file's content, and what must follow the file's path in the message. */
const CASES: readonly (readonly [string, string | Buffer, RegExp])[] = [
  ['nothing', '', /^: the trace is empty; give /],
  ['blank lines', '\n \r\n\n', /^: the trace is empty; give /],
  ['an empty gzip', gzipSync(''), /^: the trace is empty; give /],
  ['a truncated gzip', gzipSync(GOOD).subarray(0, 30), /^: damaged or truncated gzip .*; fetch /],
  ['a gzip of two bytes', Buffer.from([0x1f, 0x8b]), /^: damaged or truncated gzip .*; fetch /],
  ['a damaged gzip', gzipSync(GOOD).fill(0, 12, 16), /^: damaged or truncated gzip .*; fetch /],
  [
    'a gzip with more behind it',
    Buffer.concat([gzipSync(GOOD), Buffer.alloc(3)]),
    /^: damaged .* gzip \(3 bytes follow its end\); /,
  ],
  [
    'a truncated zstd',
    Buffer.from([0x28, 0xb5, 0x2f, 0xfd, 0]),
    /^: damaged or truncated zstd \(.*\); fetch /,
  ],
  [
    'a line cut off',
    `${GOOD}\n\n${GOOD.slice(0, 40)}`,
    /^:3: "\{.*… is not JSON; correct or delete the line$/,
  ],
  ['a line that is a number', `${GOOD}\n17`, /^:2: "17" is not a JSON object; write one request a line$/],
  ['a line that is null', `${GOOD}\nnull`, /^:2: "null" is not a JSON object; /],
  ['a line that is a list', `${GOOD}\n[1]`, /^:2: "\[1\]" is not a JSON object; /],
  [
    'no timestamp',
    without('timestamp'),
    /^:1: timestamp must be a number ≥ 0, found nothing; correct the line$/,
  ],
  [
    'a timestamp in words',
    line('timestamp', '"1"'),
    /^:1: timestamp must be a number ≥ 0, found "1"; correct /,
  ],
  [
    'a negative timestamp',
    line('timestamp', '-1'),
    /^:1: timestamp must be a number ≥ 0, found -1; correct /,
  ],
  [
    'an endless timestamp',
    line('timestamp', '1e999'),
    /^:1: timestamp must be a number ≥ 0, found null; correct /,
  ],
  [
    'time going back',
    `${GOOD}\n${line('timestamp', '.5'.padStart(3, '0'))}`,
    /^:2: time goes back from 1 to 0.5; sort /,
  ],
  [
    'no input_length',
    without('input_length'),
    /^:1: input_length must be an integer in 0 … 2\^32 − 1, found nothing; /,
  ],
  [
    'a negative length',
    line('input_length', '-7'),
    /^:1: input_length must be an integer .*, found -7; correct /,
  ],
  [
    'a broken length',
    line('output_length', '1.5'),
    /^:1: output_length must be an integer .*, found 1.5; correct /,
  ],
  [
    'a length in words',
    line('output_length', '"9"'),
    /^:1: output_length must be an integer .*, found "9"; correct /,
  ],
  [
    'a huge length',
    line('output_length', '4294967296'),
    /^:1: output_length must be .*, found 4294967296; correct /,
  ],
  [
    'no hash_ids in a line',
    `${GOOD}\n${without('hash_ids')}`,
    /^:2: hash_ids must be a list of at least one block, found nothing; correct /,
  ],
  [
    'an empty path',
    line('hash_ids', '[]'),
    /^:1: hash_ids must be a list of at least one block, found \[\]; correct /,
  ],
  [
    'hash_ids no list',
    line('hash_ids', '"[4]"'),
    /^:1: hash_ids must be a list of .*, found "\[4\]"; correct /,
  ],
  [
    'a negative id',
    line('hash_ids', '[0,-3]'),
    /^:1: hash_ids must be integers in 0 … 2\^53 − 1, found -3; correct /,
  ],
  [
    'a broken id',
    line('hash_ids', '[0.5]'),
    /^:1: hash_ids must be integers in 0 … 2\^53 − 1, found 0.5; correct /,
  ],
  [
    'an id in words',
    line('hash_ids', '["a"]'),
    /^:1: hash_ids must be integers in 0 … 2\^53 − 1, found "a"; correct /,
  ],
  [
    'an id that is null',
    line('hash_ids', '[null]'),
    /^:1: hash_ids must be integers .*, found null; correct /,
  ],
  [
    'an id too large',
    line('hash_ids', '[9007199254740992]'),
    /^:1: hash_ids .*, found 9007199254740992; correct /,
  ],
  [
    'a negative page',
    '7\n-7',
    /^:2: "-7" is not a page identifier; write one a line: an integer in 0 … 2\^64 − 1, or a hash of at least 16 letters and digits$/,
  ],
  ['a broken page', '7\n\n7.5', /^:3: "7.5" is not a page identifier; write /],
  ['a page in words', 'page 7', /^:1: "page 7" is not a page identifier; write /],
  ['a page in hexadecimal', '0x10', /^:1: "0x10" is not a page identifier; write /],
  [
    'a hash with a point',
    '88c46bf20db295831bd2d1718ad7e6f5\n88c46bf20db295831.',
    /^:2: "88c46.*" is not a page /,
  ],
  ['two pages a line', '1 2', /^:1: "1 2" is not a page identifier; write /],
  ['binary data', Buffer.from([1, 2, 3, 255]), /^:1: ".*" is not a page identifier; write /],
  [
    'records under another name',
    oracleGeneral([[1, 2n]]),
    /^: neither text nor a known binary format; give oracleGeneral records a name with oracleGeneral in it, /,
  ],
  [
    'lengths without blocks in JSON',
    '{"timestamp": 1, "client_id": 3, "input_tokens": 9, "output_tokens": 8}',
    /^:1: only arrivals and lengths, no blocks: .*; give one that names the blocks /,
  ],
  [
    'a chat without a name',
    GOOD.replace('{', '{"chat_id": 1.5, '),
    /^:1: chat_id must be an integer or a text, found 1.5; correct the line$/,
  ],
  [
    'a parent that is a list',
    GOOD.replace('{', '{"chat_id": 1, "parent_chat_id": [2], '),
    /^:1: parent_chat_id must be an integer or a text, found \[2\]; correct /,
  ],
];

const RECORDS: typeof CASES = [
  ['no record', '', /^: the trace is empty; give /],
  [
    'a record cut off',
    oracleGeneral([
      [0, 1n],
      [1, 2n],
    ]).subarray(0, 40),
    /^: byte 24: the last record has 16 of 24 bytes; fetch /,
  ],
  [
    'time going back',
    oracleGeneral([
      [5, 1n],
      [6, 2n],
      [5, 3n],
    ]),
    /^: byte 48: time goes back; sort the records by time$/,
  ],
  [
    'time before the start',
    oracleGeneral([
      [5, 1n],
      [4, 1n],
    ]),
    /^: byte 24: time goes back; sort /,
  ],
];

/** The message of the failure to read a file, after the path that it must begin with. */
function complaint(path: string): string {
  try {
    readTrace(path);
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    if (!error.message.startsWith(path)) throw new Error(`the file is not named: ${error.message}`);
    return error.message.slice(path.length);
  }
  throw new Error(`${path} was read`);
}

for (const [name, cases] of [
  ['trace', CASES],
  ['trace.oracleGeneral', RECORDS],
] as const) {
  for (const [wrong, content, message] of cases) {
    t.test(`${name} with ${wrong} is refused in one line`, async (t) => {
      const path = join(t.testdir(), name);
      writeFileSync(path, content);
      t.match(complaint(path), message);
      t.notMatch(complaint(path), /\n/);
    });
  }
}

t.test('a file that is missing, a folder, or out of reach is refused in one line', async (t) => {
  const folder = t.testdir({ file: '1' });
  symlinkSync('loop', join(folder, 'loop'));
  t.match(complaint(join(folder, 'missing')), /^: there is no such file; check the path$/);
  t.match(complaint(join(folder, 'file', 'inside')), /^: there is no such file; check the path$/);
  t.match(complaint(folder), /^: this is a folder; name a file in it$/);
  t.match(complaint(join(folder, 'loop')), /^: cannot be read \(ELOOP.*\); check the file$/);
});
