import { Failure } from '../../src/core/failure.ts';
import { noParams, type OutParams, outParams } from '../../src/request/params-schema.ts';
import { parseEnvelope, parseRequest, type Request } from '../../src/request/request.ts';

/** The least that a source needs. */
export const LEAST = { uri: 'https://example.com/locks.git', stale_after: 60 };

export type Json = { readonly [key: string]: unknown };

/** A request to `out`, as Concourse sends it. */
export function readOut(source: unknown, params?: unknown, version?: unknown): Request<OutParams> {
  return parseRequest(parseEnvelope(JSON.stringify({ source, params, version })), outParams);
}

/** A request to `check`, as Concourse sends it. */
export function readCheck(source: unknown, version?: unknown, params?: unknown): Request<null> {
  return parseRequest(parseEnvelope(JSON.stringify({ source, params, version })), noParams);
}

/** What is said of a request that is wrong. */
export function problemsOf(read: () => unknown): readonly string[] {
  try {
    read();
  } catch (error) {
    if (error instanceof Failure) return error.sentences;
    throw error;
  }
  return [];
}

/** What is said of a source that has these keys beside the least that it needs. */
export function problemsWith(keys: Json): readonly string[] {
  return problemsOf(() => readOut({ ...LEAST, ...keys }));
}
