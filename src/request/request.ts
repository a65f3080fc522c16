import * as z from 'zod/mini';
import { Failure } from '../core/failure.ts';
import { quoteName } from '../core/quote-name.ts';
import type { Version } from '../core/resource-version.ts';
import type { Source } from '../core/source/source.ts';
import { sentencesOf } from './problem-sentences.ts';
import { got, text } from './schema-parts.ts';
import { sourceSchema, undecidablePools, undecidableSentence } from './source-schema.ts';

/** What Concourse sends on stdin, read but not yet judged. Concourse may add keys of its own. */
export interface Envelope {
  readonly source: unknown;
  readonly params: unknown;
  readonly version: unknown;
}

const envelope = z.looseObject({
  source: z.optional(z.unknown()),
  params: z.optional(z.unknown()),
  version: z.optional(z.unknown()),
});

export function parseEnvelope(stdin: string): Envelope {
  if (stdin.trim() === '') {
    throw new Failure('stdin is empty; expected the JSON request that Concourse sends.');
  }
  const parsed = envelope.safeParse(parseJson(stdin));
  if (!parsed.success)
    throw new Failure('stdin is not a JSON object; expected the JSON request that Concourse sends.');
  const { source, params, version } = parsed.data;
  if (source === undefined || source === null) {
    throw new Failure("The request on stdin has no source; expected the resource's source as an object.");
  }
  return { source, params: params ?? {}, version: version ?? null };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // JSON.parse quotes what it was given in its message, and that may hold a secret.
    throw new Failure('stdin is not JSON; expected the JSON request that Concourse sends.');
  }
}

const COMMIT = 'the hash of a commit';

/** A person may pass a version to `fly`, and git must not read what they wrote as an option or a refspec. */
const versionSchema = z.strictObject(
  {
    ref: text(COMMIT).check(z.refine((ref) => /^[0-9a-z][\w./-]*$/i.test(ref), `: expected ${COMMIT}`)),
    stale: z.optional(text('a string such as none')),
  },
  {
    error: (issue) =>
      issue.code === 'unrecognized_keys'
        ? `: expected only ref and stale, got ${issue.keys.map(quoteName).join(', ')}`
        : got(issue.input, 'an object with a ref'),
  },
);

const versionOrNull = z.nullable(versionSchema);

/** A request of one of the programs. All its problems are reported at once. */
export interface Request<P> {
  readonly source: Source;
  readonly params: P;
  readonly version: Version | null;
}

export function parseRequest<P>(
  { source, params, version }: Envelope,
  paramsSchema: z.ZodMiniType<P>,
): Request<P> {
  const readSource = sourceSchema.safeParse(source);
  const readParams = paramsSchema.safeParse(params);
  const readVersion = versionOrNull.safeParse(version);
  const problems = [
    ...(readSource.success
      ? undecidablePools(readSource.data).map(undecidableSentence)
      : sentencesOf(readSource.error, 'source')),
    ...(readParams.success ? [] : sentencesOf(readParams.error, 'params')),
    ...(readVersion.success ? [] : sentencesOf(readVersion.error, 'version')),
  ];
  if (problems.length > 0 || !readSource.success || !readParams.success || !readVersion.success) {
    throw new Failure(problems);
  }
  return { source: readSource.data, params: readParams.data, version: readVersion.data };
}
