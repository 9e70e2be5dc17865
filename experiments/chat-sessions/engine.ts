/**
 * A real node-llama-cpp for this checkout, which does not depend on it: installed on first use under node_modules/.cache, slim, that
 * is without the packages for graphics cards (85 MB in place of 725).
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { EngineContext, EngineSequence } from 'onebit/plugin/node-llama-cpp';

export const RELEASE = '3.22.1';
const FOLDER = join(process.cwd(), 'node_modules/.cache/onebit/node-llama-cpp');
const ENTRANCE = join(FOLDER, 'node_modules/node-llama-cpp/dist/index.js');

/** Which of its prebuilt binaries serves this machine. */
const BINARIES: Readonly<Record<string, string>> = {
  'linux-x64': 'linux-x64',
  'linux-arm64': 'linux-arm64',
  'darwin-arm64': 'mac-arm64-metal',
  'darwin-x64': 'mac-x64',
  'win32-x64': 'win-x64',
};

/** What is used of a sequence beside what the session cache asks for. */
export interface LlamaSequence extends EngineSequence {
  controlledEvaluate(
    input: readonly (number | [number, { generateNext: { logits: true } }])[],
  ): Promise<readonly ({ readonly next: { readonly logits?: ReadonlyMap<number, number> } } | undefined)[]>;
  evaluateWithoutGeneratingNewTokens(tokens: readonly number[]): Promise<void>;
}

export interface LlamaContext extends EngineContext<LlamaSequence> {
  dispose(): Promise<void>;
}

interface ChatSession {
  setChatHistory(history: readonly unknown[]): void;
  getChatHistory(): unknown[];
  prompt(message: string, options?: { readonly maxTokens?: number }): Promise<string>;
  dispose(): void;
}

interface Library {
  readonly LlamaLogLevel: { readonly error: unknown };
  readonly LlamaChatSession: new (settings: { readonly contextSequence: LlamaSequence }) => ChatSession;
  getLlama(settings: object): Promise<{
    loadModel(settings: { readonly modelPath: string }): Promise<{
      createContext(settings: object): Promise<LlamaContext>;
    }>;
  }>;
}

export interface Engine {
  readonly LlamaChatSession: Library['LlamaChatSession'];
  /** On one thread, so that results and times repeat. */
  open(modelPath: string, sequences: number, contextSize: number): Promise<LlamaContext>;
}

/**
 * Installs the engine if it is not there. About 20 s and 85 MB the first time.
 *
 * @returns why that cannot be done, on one line; nothing if all is well
 */
export function installEngine(): string | undefined {
  if (existsSync(ENTRANCE)) return undefined;
  const binary = BINARIES[`${process.platform}-${process.arch}`];
  if (binary === undefined)
    return `node-llama-cpp has no slim binary for ${process.platform} ${process.arch}`;
  mkdirSync(FOLDER, { recursive: true });
  writeFileSync(join(FOLDER, 'package.json'), '{ "private": true }\n');
  const packages = [`node-llama-cpp@${RELEASE}`, `@node-llama-cpp/${binary}@${RELEASE}`];
  const options = ['--omit=optional', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'];
  const { status, stderr } = spawnSync('npm', ['install', ...options, ...packages], {
    cwd: FOLDER,
    encoding: 'utf8',
    timeout: 240_000,
  });
  if (status === 0) return undefined;
  return `npm cannot install ${packages[0]}: ${(stderr ?? '').trim().split('\n').at(-1)}`;
}

/** @throws Error if it was not installed, or the machine cannot run its binary */
export async function loadEngine(): Promise<Engine> {
  const library: Library = await import(pathToFileURL(ENTRANCE).href);
  const settings = { gpu: false, build: 'never', progressLogs: false, logLevel: library.LlamaLogLevel.error };
  const llama = await library.getLlama(settings);
  return {
    LlamaChatSession: library.LlamaChatSession,
    open: async (modelPath, sequences, contextSize) => {
      const model = await llama.loadModel({ modelPath });
      return model.createContext({ sequences, contextSize, threads: 1 });
    },
  };
}
