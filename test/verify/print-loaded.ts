/** Loads the policy files that it is given and prints what came of each, a JSON value a line; run apart from any other loader. */
import { Failure } from '../../src/support/failure.ts';
import { loadPolicy } from '../../src/verify/run/load-policy.ts';

for (const subject of process.argv.slice(2)) {
  const { name, summary, needs, failure } = await loadPolicy(subject).then(
    (policy) => ({ ...policy, failure: undefined }),
    (error) => ({
      name: undefined,
      summary: undefined,
      needs: undefined,
      failure: error instanceof Failure ? error.message : `defect: ${error}`,
    }),
  );
  console.log(JSON.stringify({ name, summary, needs, failure }));
}
