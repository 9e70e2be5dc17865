/** A place that holds KV blocks, and the way from there to the device. */
export interface Link {
  /** Bytes a second. */
  readonly bandwidth: number;
  /** Seconds before the first byte of a transfer. */
  readonly latency: number;
  /** Bytes stored for each byte of KV, at most 1 where a codec shortens them. */
  readonly ratio: number;
}
