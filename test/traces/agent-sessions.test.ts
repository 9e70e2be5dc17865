import t from 'tap';
import { readAgentSessions } from '../../src/traces/agent-sessions.ts';
import { readTrace } from '../../src/traces/read-trace.ts';
import { missing, sharedTrace } from './shared-traces.ts';

/** A request of so many tokens. */
function request(time: number, tokens: number, hashIds: unknown) {
  return { t: time, in: tokens, out: 7, hash_ids: hashIds };
}

function session(...requests: object[]) {
  return { block_size: 64, hash_id_scope: 'local', requests };
}

function read(sessions: readonly object[], most?: number) {
  const text = sessions.map((each) => JSON.stringify(each)).join('\n');
  return readAgentSessions(Buffer.from(text), 'agents.jsonl', most);
}

const run = (from: number, length: number) => Array.from({ length }, (_, i) => from + i);

t.test(
  'eight blocks make one, the head of the previous request is kept, and sessions are interleaved',
  async (t) => {
    const trace = read([
      session(
        request(10, 1100, { keep: 0, runs: [[1, 17]] }),
        request(30, 1700, {
          keep: 15,
          runs: [
            [90, 3],
            [40, 8],
          ],
        }),
      ),
      session(request(10, 600, { keep: 0, runs: [[1, 9]] }), request(20, 700, run(1, 10))),
    ]);
    t.strictSame([...trace.time], [0, 0, 10, 20]);
    t.strictSame([...trace.firstBlock], [0, 2, 3, 4, 7]);
    // The second block of the last request ends in 90 where the first had 16; the sessions' blocks 1 … 8 differ.
    t.strictSame([...trace.blocks.pages], [0, 1, 2, 2, 0, 3, 4]);
    t.strictSame([...trace.inputTokens], [1100, 600, 700, 1700]);
    t.strictSame([...trace.outputTokens], [7, 7, 7, 7]);
    t.strictSame([...trace.parent], [-1, -1, 1, -1]);
  },
);

t.test('a sub-agent begins anew, at its own time, and the agent goes on after it', async (t) => {
  const trace = read([
    session(
      request(0, 512, run(1, 8)),
      { t: 5, requests: [request(0, 512, run(50, 8)), request(2, 1024, { keep: 8, runs: [[60, 8]] })] },
      request(6, 1024, { keep: 8, runs: [[20, 8]] }),
    ),
  ]);
  t.strictSame([...trace.time], [0, 5, 6, 7]);
  t.strictSame([...trace.blocks.pages], [0, 1, 0, 2, 1, 3]);
});

t.test('only so many sessions are read as are asked for; a prompt without a block is left out', async (t) => {
  const one = session(request(0, 512, run(1, 8)), request(1, 100, [1]));
  t.equal(read([one, one, one], 2).time.length, 2);
  t.equal(read([one, one, one]).time.length, 3);
});

t.test('what is wrong with a session is said in one line with its place', async (t) => {
  const good = request(0, 512, run(1, 8));
  const cases: [object, RegExp][] = [
    [{ ...session(good), block_size: 16 }, /^agents.jsonl:1: block_size must be 64, found 16; /],
    [{ block_size: 64, requests: 7 }, /^agents.jsonl:1: requests must be a list, found 7; /],
    [session(good, [null]), /^agents.jsonl:1: request 2: t must be a number ≥ 0, found nothing; /],
    [session({ ...good, t: -1 }), /^agents.jsonl:1: request 1: t must be a number ≥ 0, found -1; /],
    [session({ ...good, in: 1.5 }), /^agents.jsonl:1: request 1: in must be an integer .*, found 1.5; /],
    [session({ ...good, out: '7' }), /^agents.jsonl:1: request 1: out must be an integer .*, found "7"; /],
    [session(request(0, 1, 7)), /request 1: hash_ids must be a list, or keep and runs, found 7; /],
    [session(request(0, 1, [-1])), /request 1: hash_ids must be an integer in 0 … .*, found -1; /],
    [
      session(good, request(1, 1, { keep: 9, runs: [] })),
      /request 2: keep must be an integer in 0 … 8, found 9; /,
    ],
    [session(request(0, 1, { keep: 0, runs: 1 })), /request 1: runs must be a list, found 1; /],
    [
      session(request(0, 1, { keep: 0, runs: [[1]] })),
      /request 1: the start of a run must be .*, found nothing; /,
    ],
    [
      session(request(0, 1, { keep: 0, runs: [[1, 1e9]] })),
      /request 1: the length of a run must be .*, found 1000000000; /,
    ],
    [session({ t: 1, requests: [{ t: 'x' }] }), /^agents.jsonl:1: request 1: request 1: t must be /],
    [session(), /^agents.jsonl: the trace is empty; /],
  ];
  for (const [line, message] of cases) {
    t.throws(() => read([line]), { message }, JSON.stringify(line));
  }
});

const FILE = 'weka_claude_code.half.jsonl.gz';

t.test(`${FILE} has 346 sessions of 22,416 requests, 48 of them sub-agents`, missing(FILE), async (t) => {
  const trace = readTrace(sharedTrace(FILE));
  // The 48 hold 524 requests; no prompt is shorter than a block, and 64-token blocks are whole.
  t.equal(trace.time.length, 22_416 - 48 + 524);
  let blocks = 0;
  for (const tokens of trace.inputTokens) blocks += Math.floor(tokens / 512);
  t.equal(trace.blocks.pages.length, blocks);
  t.equal(blocks, 5_444_853);
});

t.test(`100 sessions of ${FILE} are a trace of 1,474,301 accesses`, missing(FILE), async (t) => {
  const trace = readTrace(sharedTrace(FILE), { sessions: 100 });
  t.equal(trace.time.length, 5323);
  t.equal(trace.blocks.pages.length, 1_474_301);
  t.equal(trace.blocks.pageCount, 62_533);
});
