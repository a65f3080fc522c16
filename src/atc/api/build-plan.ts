import type { Build } from '../../core/build.ts';
import type { Version } from './answer-schemas.ts';
import type { AtcReader } from './atc-reader.ts';

/**
 * The versions that a build's `get` steps fetch; null where its plan cannot be seen. A build that has started has a
 * plan: none is shown where its job is not public, or has left a public pipeline.
 */
export async function getsInPlan(
  atc: AtcReader,
  build: Pick<Build, 'id'>,
): Promise<readonly Version[] | null> {
  const answer = await atc.api.plan(build);
  return answer.kind === 'got' ? [...getsIn(answer.value.plan)] : null;
}

/** Steps nest in many ways (`do`, `in_parallel`, `try`, hooks), and new ways come with new versions: look everywhere. */
function* getsIn(node: unknown): Generator<Version> {
  if (typeof node !== 'object' || node === null) return;
  for (const [key, value] of Object.entries(node)) {
    if (key === 'get') yield* versionIn(value);
    yield* getsIn(value);
  }
}

function* versionIn(step: unknown): Generator<Version> {
  if (typeof step !== 'object' || step === null || !('version' in step)) return;
  const { version } = step;
  if (typeof version !== 'object' || version === null) return;
  const fields = Object.entries(version).filter(
    (entry): entry is [string, string] => typeof entry[1] === 'string',
  );
  yield Object.fromEntries(fields);
}
