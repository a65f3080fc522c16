import { existsSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod/mini';
import { describeDuration } from '../../core/duration.ts';
import { Failure } from '../../core/failure.ts';
import { parseYaml, readText } from './source-file.ts';

/** A Concourse that somebody has logged in to with `fly`. */
export interface FlyTarget {
  readonly url: string;
  readonly token: string;
  /** The command that gets a new token. */
  readonly renewWith: string;
  readonly caCert: string | null;
  readonly skipSslVerification: boolean;
}

const target = z.object({
  api: z.string(),
  insecure: z.nullish(z.boolean()),
  ca_cert: z.nullish(z.string()),
  token: z.nullish(z.object({ value: z.string() })),
});
const flyrc = z.object({ targets: z.record(z.string(), z.unknown()) });

/** Reads a target of `~/.flyrc`. `now` in unix seconds, since tokens expire. */
export function readFlyTarget(name: string, environment: NodeJS.ProcessEnv, now: number): FlyTarget {
  const home = environment.FLY_HOME || environment.HOME;
  if (!home) throw new Failure('--target needs ~/.flyrc, but HOME is not set.');
  const path = join(home, '.flyrc');
  const login = `fly --target ${name} login`;
  if (!existsSync(path))
    throw new Failure(`--target ${name}: there is no ${path}; log in with: ${login} --concourse-url URL`);
  const targets = flyrc.safeParse(parseYaml(readText(path, '--target'), path)).data?.targets ?? {};
  const names = Object.keys(targets);
  if (!names.includes(name)) {
    const there = names.length === 0 ? 'it has none' : `it has ${names.join(', ')}`;
    throw new Failure(`--target ${name}: ${path} has no such target; ${there}.`);
  }
  const found = target.safeParse(targets[name]);
  if (!found.success)
    throw new Failure(`--target ${name}: ${path} names no Concourse for it; log in with: ${login}`);
  const { api, token, ca_cert, insecure } = found.data;
  if (!token?.value) throw new Failure(`--target ${name}: it is not logged in; log in with: ${login}`);
  const expiry = expiryOf(token.value);
  if (expiry !== null && expiry <= now) {
    throw new Failure(
      `--target ${name}: its token expired ${describeDuration(now - expiry)} ago; log in again with: ${login}`,
    );
  }
  return {
    url: api,
    token: token.value,
    renewWith: login,
    caCert: ca_cert || null,
    skipSslVerification: insecure ?? false,
  };
}

/** Tokens that are JWTs say when they expire, in unix seconds; of others only Concourse knows. */
function expiryOf(token: string): number | null {
  const payload = token.split('.')[1];
  if (payload === undefined) return null;
  try {
    const claims: unknown = JSON.parse(Buffer.from(payload, 'base64url').toString('utf8'));
    return z.object({ exp: z.number() }).safeParse(claims).data?.exp ?? null;
  } catch {
    return null;
  }
}
