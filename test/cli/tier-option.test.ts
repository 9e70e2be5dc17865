import t from 'tap';
import { parseTier } from '../../src/cli/tier-option.ts';
import { DISK_LINK, findDevice, hostLink } from '../../src/kvcache/device.ts';

const device = findDevice('a100-80gb');

t.test('a tier is its name, its size in tokens, and what differs from the usual', async (t) => {
  const host = parseTier('host:2e7', device, 512);
  t.equal(host.capacity, 39_062);
  t.strictSame(host.link, hostLink(device));
  t.equal(host.policy.name, 'lru');
  const disk = parseTier('disk:1000,policy=fifo,ratio=0.25,error=0.02', device, 10);
  t.strictSame(disk.link, { ...DISK_LINK, ratio: 0.25 });
  t.strictSame([disk.policy.name, disk.error], ['fifo', 0.02]);
  const own = parseTier('shelf:160,bandwidth=1e9,latency=0.01', device, 16);
  t.strictSame(own.link, { bandwidth: 1e9, latency: 0.01, ratio: 1 });
});

t.test('a tier that cannot be is refused in one line that says how to write it', async (t) => {
  for (const [text, message] of [
    ['host', /give a name and at least 16 tokens/],
    ['host:15', /give a name and at least 16 tokens/],
    ['host:many', /give a name and at least 16 tokens/],
    ['shelf:160', /give bandwidth= and latency=/],
    ['host:160,speed=3', /“speed=3” is not understood/],
    ['host:160,ratio=', /“ratio=” is not understood/],
    ['host:160,ratio=2', /at most 1/],
    ['host:160,latency=-1', /latency and error not below/],
    ['host:160,policy=discard(lru)', /needs discard bits, of which a tier is not told/],
  ] as const)
    t.throws(() => parseTier(text, device, 16), message, text);
});
