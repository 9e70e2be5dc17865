/** What vLLM and SGLang publish, in both forms, sound and corrupt. */
import { pack } from 'msgpackr';
import t from 'tap';
import { decodeBatch } from '../../src/plugin/observer/kv-events.ts';

const stored = { block_hashes: [5, 6], parent_block_hash: 4, token_ids: [1, 2, 3, 4], block_size: 2 };

/** As vLLM and SGLang write events now, and as they did with `array_like`. */
const FORMS = {
  maps: [
    { type: 'BlockStored', ...stored, lora_id: null, medium: 'GPU', group_idx: 0, session_id: 'x' },
    { type: 'BlockRemoved', block_hashes: [5] },
    { type: 'AllBlocksCleared' },
  ],
  arrays: [
    ['BlockStored', [5, 6], 4, [1, 2, 3, 4], 2, null, 'GPU', null, 'later fields'],
    ['BlockRemoved', [5]],
    ['AllBlocksCleared'],
  ],
};

for (const [form, events] of Object.entries(FORMS)) {
  t.test(`events as ${form}`, async (t) => {
    t.strictSame(decodeBatch(pack([12.5, events, 0])), {
      time: 12.5,
      events: [
        { kind: 'stored', blocks: [5, 6], parent: 4, blockSize: 2, medium: 'GPU' },
        { kind: 'removed', blocks: [5], medium: undefined },
        { kind: 'cleared' },
      ],
      corrupt: [],
    });
  });
}

t.test('copies in another tier, of which vLLM tells hashes alone, have no tokens', async (t) => {
  const copy = { block_hashes: [5], parent_block_hash: null, token_ids: [], block_size: 0, medium: 'CPU' };
  t.strictSame(decodeBatch(pack([1, [{ type: 'BlockStored', ...copy }]])), {
    time: 1,
    events: [{ kind: 'stored', blocks: [5], parent: undefined, blockSize: 0, medium: 'CPU' }],
    corrupt: [],
  });
});

t.test('hashes are integers of any size and sign, or bytes', async (t) => {
  const bytes = Buffer.from('00000000000010070123456789abcdef', 'hex');
  const hashes = [0, 2 ** 53 - 1, 2n ** 64n - 1n, -1n, -5, bytes, new Uint8Array(32).fill(255)];
  const { events, corrupt } = decodeBatch(pack([1, [{ type: 'BlockRemoved', block_hashes: hashes }]]));
  t.strictSame(corrupt, []);
  t.strictSame(events[0].kind === 'removed' && events[0].blocks, [
    0,
    2 ** 53 - 1,
    2 ** 53 - 1,
    2 ** 53 - 1,
    2 ** 53 - 5,
    0x03456789abcdef,
    2 ** 53 - 1,
  ]);
});

t.test(
  'a corrupt event is left out and told, the others are read; unknown events and fields are left aside',
  async (t) => {
    const batch = [
      1,
      [
        { type: 'BlockRemoved', block_hashes: ['text'] },
        { type: 'BlockRemoved', block_hashes: [null] },
        { type: 'BlockRemoved', block_hashes: 7 },
        { type: 'BlockStored', ...stored, block_size: 0 },
        [],
        'event',
        null,
        { type: 'SomethingNew', of: 'a later release' },
        { type: 'AllBlocksCleared' },
      ],
    ];
    const { events, corrupt } = decodeBatch(pack(batch));
    t.strictSame(events, [{ kind: 'cleared' }]);
    t.strictSame(corrupt, [
      'a block hash is of type string',
      'a block hash is of type null',
      'block_hashes is no list',
      'block_size is no positive integer',
      'an event has no name',
      'an event is neither list nor map',
      'an event is neither list nor map',
    ]);
  },
);

t.test('a payload that is no batch is an error, whatever its bytes', async (t) => {
  for (const payload of [
    pack(7),
    pack([]),
    pack(['now', []]),
    pack([1, 2]),
    Buffer.alloc(0),
    Buffer.from([0xdc, 9]),
  ])
    t.throws(() => decodeBatch(payload));
  const sound = pack([12.5, FORMS.maps, 0]);
  for (let cut = 1; cut < sound.length; cut++)
    t.throws(() => decodeBatch(sound.subarray(0, cut)), `cut at ${cut}`);
});
