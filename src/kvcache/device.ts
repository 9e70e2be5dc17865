import { Failure } from '../support/failure.ts';
import type { Link } from './link.ts';

/** An accelerator, or several that share a model. */
export interface Device {
  readonly name: string;
  /** Bytes. */
  readonly memory: number;
  /** Dense bfloat16 operations a second, at peak. */
  readonly operations: number;
  /** Bytes a second between memory and processor. */
  readonly memoryBandwidth: number;
  /** Bytes a second from the host, one way. */
  readonly hostBandwidth: number;
  readonly source: string;
}

/** Peak values; what a real engine reaches of them is the `utilisation` of a cost model. */
export const DEVICES: readonly Device[] = [
  {
    name: 'a100-80gb',
    memory: 80e9,
    operations: 312e12,
    memoryBandwidth: 2039e9,
    // PCIe 4.0 ×16: the data sheet gives 64 GB/s for both ways together.
    hostBandwidth: 32e9,
    source: 'NVIDIA A100 Tensor Core GPU data sheet, June 2021: A100 80GB SXM',
  },
  {
    name: 'h100-80gb',
    memory: 80e9,
    // The data sheet's 1,979 teraflops are with sparsity.
    operations: 989.5e12,
    memoryBandwidth: 3350e9,
    // PCIe 5.0 ×16: 128 GB/s for both ways together.
    hostBandwidth: 64e9,
    source: 'NVIDIA H100 Tensor Core GPU data sheet, 2023: H100 SXM',
  },
];

/**
 * A device of the list, or several of them that split the model evenly (`4×a100-80gb`; also `4xa100-80gb`). What they say
 * to each other is left out.
 *
 * @throws Failure for a device that is not in the list
 */
export function findDevice(name: string): Device {
  const [, digits, kind] = name.match(/^(?:(\d+)[x×])?(.*)$/) as RegExpMatchArray;
  const found = DEVICES.find((device) => device.name === kind);
  const count = Number(digits ?? 1);
  if (found === undefined || count === 0)
    throw new Failure(
      `unknown device “${name}”; known: ${DEVICES.map(({ name }) => name).join(', ')}, and several as in 4x${DEVICES[0].name}`,
    );
  return {
    name,
    memory: count * found.memory,
    operations: count * found.operations,
    memoryBandwidth: count * found.memoryBandwidth,
    hostBandwidth: count * found.hostBandwidth,
    source: found.source,
  };
}

/** From the host's memory; a transfer is begun in about ten microseconds, which is an assumption. */
export function hostLink({ hostBandwidth }: Device): Link {
  return { bandwidth: hostBandwidth, latency: 1e-5, ratio: 1 };
}

/** From a solid-state disk on PCIe 4.0 ×4, which carries 7.9 GB/s; that it gives 7 and answers in 0.1 ms is an assumption. */
export const DISK_LINK: Link = { bandwidth: 7e9, latency: 1e-4, ratio: 1 };

/** From other machines over a network of 100 Gb/s; that a transfer is begun in a millisecond is an assumption. */
export const REMOTE_LINK: Link = { bandwidth: 12.5e9, latency: 1e-3, ratio: 1 };
