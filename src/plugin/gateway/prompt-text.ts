/** What of a request body decides which blocks it shares with others. */
export interface PromptText {
  /** Whatever separates caches: blocks are shared only by prompts of equal salts. */
  readonly salt: string;
  /** The prompt in order, so that the next turn of a conversation begins with the present one. */
  readonly text: Buffer;
  /** Number of tokens, where the prompt is given in tokens: 4 bytes of the text each. */
  readonly tokens?: number;
}

/** Paths of the requests that carry a prompt: OpenAI's, Anthropic's, and the native ones of SGLang and llama.cpp's server. */
const PROMPT_PATHS = /^(\/v1)?\/(chat\/completions|completions|completion|responses|messages|generate)$/;

export function carriesPrompt(method: string | undefined, url: string | undefined): boolean {
  return method === 'POST' && PROMPT_PATHS.test((url ?? '').split('?', 1)[0]);
}

/**
 * The prompt of a request body. Chat messages follow the tools and the system prompt, each with its role: not the template of
 * the engine, but equal where the engine's text is equal, and in the same order.
 *
 * @param body parsed JSON
 * @returns `undefined` where there is no prompt, or several in one request
 */
export function promptText(body: unknown): PromptText | undefined {
  if (typeof body !== 'object' || body === null) return undefined;
  const fields = body as Record<string, unknown>;
  const salt = JSON.stringify([fields.model, fields.cache_salt, fields.lora_path]);
  const prompt = fields.prompt ?? fields.input_ids ?? fields.text ?? fields.input;
  if (isTokens(prompt)) {
    return { salt, text: Buffer.from(Uint32Array.from(prompt).buffer), tokens: prompt.length };
  }
  const head = [fields.tools, fields.system, fields.instructions].filter((part) => part !== undefined);
  const parts = Array.isArray(fields.messages) ? fields.messages : prompt;
  if (typeof parts === 'string') return { salt, text: textOf([...head, parts]) };
  // A list of strings is several prompts.
  if (!Array.isArray(parts) || parts.length === 0 || !parts.every(isMessage)) return undefined;
  return { salt, text: textOf([...head, ...parts]) };
}

/** The parts as bytes, each on a line of its own. Written piece by piece: a long text is copied once. */
function textOf(parts: readonly unknown[]): Buffer {
  const pieces = parts.flatMap((part, i) => (i === 0 ? piecesOf(part) : ['\n', ...piecesOf(part)]));
  const text = Buffer.allocUnsafe(pieces.reduce((bytes, piece) => bytes + Buffer.byteLength(piece), 0));
  let at = 0;
  for (const piece of pieces) at += text.write(piece, at);
  return text;
}

/** Long texts are taken as they are, which is faster than to write them as JSON. */
function piecesOf(part: unknown): string[] {
  if (typeof part === 'string') return [part];
  const { role, content, ...more } = part as Record<string, unknown>;
  if (typeof content !== 'string') return [JSON.stringify(part)];
  const rest = Object.keys(more).length > 0 ? JSON.stringify(more) : '';
  return [`${role}:`, content, rest];
}

function isTokens(prompt: unknown): prompt is number[] {
  return Array.isArray(prompt) && prompt.length > 0 && prompt.every((token) => Number.isInteger(token));
}

function isMessage(part: unknown): boolean {
  return typeof part === 'object' && part !== null && !Array.isArray(part);
}
