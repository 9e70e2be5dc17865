import { createContext, Script } from 'node:vm';

/** Where a call runs that may be cut short; `run` is set before each. */
const limited = createContext({ run: () => {} });
const RUN = new Script('run()');

/**
 * Calls a function that damaged input may keep from ending.
 *
 * @param milliseconds after which it is cut short
 * @throws Error when the time is over, and whatever the function throws
 *
 * @example
 * withinTime(2000, () => decode(bytes));
 */
export function withinTime<Result>(milliseconds: number, call: () => Result): Result {
  let result: Result | undefined;
  limited.run = () => {
    result = call();
  };
  RUN.runInContext(limited, { timeout: milliseconds });
  return result as Result;
}
