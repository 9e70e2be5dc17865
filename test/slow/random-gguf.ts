/** Writes a small Llama of random weights as a GGUF file (version 3), which llama.cpp loads like any other model. */
import { writeFileSync } from 'node:fs';
import { SeededRandom } from '../../src/support/random.ts';

const LAYERS = 2;
const WIDTH = 64;
const HEADS = 4;
const KV_HEADS = 2;
const HIDDEN = 128;
const CONTEXT = 2048;
const ALIGNMENT = 32;

/** Three special tokens and one for each byte. */
const TOKENS = ['<unk>', '<s>', '</s>', ...Array.from({ length: 256 }, (_, byte) => `<0x${hex(byte)}>`)];
export const VOCABULARY = TOKENS.length;
/** Keys and values of a token, 16 bits each. */
export const STATE_BYTES_PER_TOKEN = LAYERS * 2 * ((KV_HEADS * WIDTH) / HEADS) * 2;

interface Tensor {
  readonly name: string;
  /** Fastest dimension first. */
  readonly shape: readonly number[];
}

/** Types of metadata, as GGUF numbers them. */
const UINT32 = 4;
const INT32 = 5;
const FLOAT32 = 6;
const STRING = 8;
const ARRAY = 9;

/** @param seed of the weights; another seed is another model of the same shape */
export function writeRandomModel(path: string, seed: number): void {
  const tensors = tensorList();
  const metadata = metadataList();
  const head = [Buffer.from('GGUF'), uint32(3), uint64(tensors.length), uint64(metadata.length), ...metadata];
  let offset = 0;
  for (const { name, shape } of tensors) {
    head.push(text(name), uint32(shape.length), ...shape.map(uint64), uint32(0), uint64(offset));
    offset += padded(bytesOf(shape));
  }
  const random = new SeededRandom(seed);
  const length = head.reduce((sum, part) => sum + part.length, 0);
  const data = tensors.map((tensor) => weights(tensor, random));
  writeFileSync(path, Buffer.concat([...head, Buffer.alloc(padded(length) - length), ...data]));
}

function tensorList(): Tensor[] {
  const kv = (KV_HEADS * WIDTH) / HEADS;
  const layers = Array.from({ length: LAYERS }, (_, layer) =>
    Object.entries({
      attn_norm: [WIDTH],
      attn_q: [WIDTH, WIDTH],
      attn_k: [WIDTH, kv],
      attn_v: [WIDTH, kv],
      attn_output: [WIDTH, WIDTH],
      ffn_norm: [WIDTH],
      ffn_gate: [WIDTH, HIDDEN],
      ffn_up: [WIDTH, HIDDEN],
      ffn_down: [HIDDEN, WIDTH],
    }).map(([name, shape]) => ({ name: `blk.${layer}.${name}.weight`, shape })),
  );
  return [
    { name: 'token_embd.weight', shape: [WIDTH, VOCABULARY] },
    ...layers.flat(),
    { name: 'output_norm.weight', shape: [WIDTH] },
    { name: 'output.weight', shape: [WIDTH, VOCABULARY] },
  ];
}

function metadataList(): Buffer[] {
  const number = (key: string, value: number) => Buffer.concat([text(key), uint32(UINT32), uint32(value)]);
  const word = (key: string, value: string) => Buffer.concat([text(key), uint32(STRING), text(value)]);
  const list = (key: string, type: number, values: readonly Buffer[]) =>
    Buffer.concat([text(key), uint32(ARRAY), uint32(type), uint64(values.length), ...values]);
  return [
    word('general.architecture', 'llama'),
    word('general.name', 'random'),
    number('llama.context_length', CONTEXT),
    number('llama.embedding_length', WIDTH),
    number('llama.block_count', LAYERS),
    number('llama.feed_forward_length', HIDDEN),
    number('llama.attention.head_count', HEADS),
    number('llama.attention.head_count_kv', KV_HEADS),
    number('llama.rope.dimension_count', WIDTH / HEADS),
    Buffer.concat([text('llama.attention.layer_norm_rms_epsilon'), uint32(FLOAT32), float32(1e-5)]),
    word('tokenizer.ggml.model', 'llama'),
    list('tokenizer.ggml.tokens', STRING, TOKENS.map(text)),
    list(
      'tokenizer.ggml.scores',
      FLOAT32,
      TOKENS.map(() => float32(0)),
    ),
    // 2 unknown, 3 control, 6 a byte.
    list(
      'tokenizer.ggml.token_type',
      INT32,
      TOKENS.map((_, i) => uint32([2, 3, 3][i] ?? 6)),
    ),
    number('tokenizer.ggml.bos_token_id', 1),
    number('tokenizer.ggml.eos_token_id', 2),
    number('tokenizer.ggml.unknown_token_id', 0),
  ];
}

function weights({ name, shape }: Tensor, random: SeededRandom): Buffer {
  const buffer = Buffer.alloc(padded(bytesOf(shape)));
  const spread = 1.5 / Math.sqrt(shape[0]);
  const isNorm = name.includes('norm');
  for (let at = 0; at < bytesOf(shape); at += 4)
    buffer.writeFloatLE(isNorm ? 1 : spread * random.normal(), at);
  return buffer;
}

function bytesOf(shape: readonly number[]): number {
  return 4 * shape.reduce((product, size) => product * size, 1);
}

function padded(length: number): number {
  return Math.ceil(length / ALIGNMENT) * ALIGNMENT;
}

function hex(byte: number): string {
  return byte.toString(16).toUpperCase().padStart(2, '0');
}

function text(value: string): Buffer {
  return Buffer.concat([uint64(Buffer.byteLength(value)), Buffer.from(value)]);
}

function uint32(value: number): Buffer {
  const buffer = Buffer.alloc(4);
  buffer.writeUInt32LE(value);
  return buffer;
}

function uint64(value: number): Buffer {
  const buffer = Buffer.alloc(8);
  buffer.writeBigUInt64LE(BigInt(value));
  return buffer;
}

function float32(value: number): Buffer {
  const buffer = Buffer.alloc(4);
  buffer.writeFloatLE(value);
  return buffer;
}
