/**
 * A failure the user can mend: its message is one line that names the place (file, line, option) and the remedy.
 * The command line prints the message alone and exits with 1; every other error is a defect and keeps its stack.
 *
 * @example
 * throw new Failure('trace.jsonl:17: hash_ids must be non-negative integers, found -3; correct or delete the line');
 */
export class Failure extends Error {
  override readonly name = 'Failure';
}

/**
 * Asserts a fact that holds unless the program itself is wrong.
 *
 * @param fact the condition
 * @param message what was expected, for whoever repairs the defect
 * @throws Error when the fact does not hold
 */
export function assert(fact: boolean, message: string): asserts fact {
  if (!fact) throw new Error(message);
}

/** An error in one line, with its kind where that says something. */
export function oneLine(error: unknown): string {
  const text = error instanceof Error && error.name === 'Error' ? error.message : String(error);
  return text.replace(/\s+/g, ' ').trim();
}
