import { Failure } from '../support/failure.ts';

/**
 * A policy as plain data, which crosses worker threads and process borders: a name, the policies it wraps, its
 * parameters. Written `name`, `name(policy, …, parameter=number, …)`.
 */
export interface PolicyDescription {
  readonly name: string;
  readonly policies: readonly PolicyDescription[];
  readonly parameters: Readonly<Record<string, number>>;
}

/**
 * Reads a policy expression.
 *
 * @param text for example `switch(discard(lru), lru, margin=50)`
 * @throws Failure naming the position where the text stops making sense
 *
 * @example
 * parsePolicy('discard(lru)'); // { name: 'discard', policies: [{ name: 'lru', … }], parameters: {} }
 */
export function parsePolicy(text: string): PolicyDescription {
  const tokens = [...text.matchAll(/\s*([a-z][a-z0-9-]*|-?\d+(?:\.\d+)?|[(),=]|\S)/gi)];
  let at = 0;
  const peek = () => tokens[at]?.[1];
  const fail = (expected: string): never => {
    const found = peek() === undefined ? 'the end' : `“${peek()}”`;
    const token = tokens[at];
    const position =
      (token === undefined ? text.length : token.index + token[0].length - token[1].length) + 1;
    throw new Failure(`policy “${text}”, character ${position}: expected ${expected}, found ${found}`);
  };
  const take = (expected: string): string => {
    if (peek() !== expected) fail(`“${expected}”`);
    return tokens[at++][1];
  };
  const description = (): PolicyDescription => {
    if (!/^[a-z]/i.test(peek() ?? '')) fail('the name of a policy');
    const name = tokens[at++][1];
    const policies: PolicyDescription[] = [];
    const parameters: Record<string, number> = {};
    if (peek() !== '(') return { name, policies, parameters };
    do {
      at++;
      if (tokens[at + 1]?.[1] === '=') {
        const parameter = tokens[at][1];
        at += 2;
        if (!/^-?\d/.test(peek() ?? '')) fail('a number');
        parameters[parameter] = Number(tokens[at++][1]);
      } else {
        policies.push(description());
      }
    } while (peek() === ',');
    take(')');
    return { name, policies, parameters };
  };
  const result = description();
  if (at < tokens.length) fail('the end');
  return result;
}

/**
 * Splits a list of policy expressions at the commas outside brackets.
 *
 * @example
 * splitPolicies('lru,switch(lazy-mark0,lru)'); // ['lru', 'switch(lazy-mark0,lru)']
 */
export function splitPolicies(text: string): string[] {
  const parts = [''];
  let depth = 0;
  for (const character of text) {
    if (character === '(') depth++;
    if (character === ')') depth--;
    if (character === ',' && depth === 0) parts.push('');
    else parts[parts.length - 1] += character;
  }
  return parts.map((part) => part.trim());
}

/** Writes a description the way `parsePolicy` reads it; equal descriptions give equal text. */
export function formatPolicy({ name, policies, parameters }: PolicyDescription): string {
  const parts = policies.map(formatPolicy);
  for (const key of Object.keys(parameters).sort()) parts.push(`${key}=${parameters[key]}`);
  return parts.length === 0 ? name : `${name}(${parts.join(',')})`;
}
