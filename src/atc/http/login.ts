import { setTimeout as wait } from 'node:timers/promises';
import * as z from 'zod/mini';
import type { ConcourseSource } from '../../core/source/concourse-source.ts';
import type { ConcourseTools } from '../config.ts';
import { BOUNDS } from '../config.ts';
import { AtcError } from './atc-error.ts';
import type { Client } from './http-client.ts';
import type { Reply } from './send-request.ts';

/** The OAuth client of `fly`: the same id and password in every Concourse, so no secret. */
const FLY = `Basic ${Buffer.from('fly:Zmx5').toString('base64')}`;
const SCOPE = 'openid profile email federated:id groups';

const tokenAnswer = z.object({
  access_token: z.string().check(z.minLength(1)),
  id_token: z.nullish(z.string()),
});
const refusalAnswer = z.object({ error: z.string(), error_description: z.nullish(z.string()) });

/** Since Concourse 6.1. */
const TOKEN_PATH = '/sky/issuer/token';
/** Before; there the new path answers `invalid_client`, while newer ones answer 404 to this one. */
const LEGACY_TOKEN_PATH = '/sky/token';

/** The token for further requests, or null without a login. */
export async function logIn(
  client: Client,
  { login }: ConcourseSource,
  tools: ConcourseTools,
): Promise<string | null> {
  switch (login.kind) {
    case 'none':
      return null;
    case 'token':
      tools.mask.add(login.token);
      return login.token;
    case 'password': {
      tools.mask.add(login.password);
      const { username } = login;
      const request = () => requestToken(client, username, login.password);
      let answer = await request();
      if (refusal(answer.reply)?.error === 'access_denied') {
        // An ATC that is still starting refuses a right password for a moment.
        tools.log.info(`${client.url} refuses the password: trying once more, in case it is still starting.`);
        await wait(2 * (tools.bounds?.wait ?? BOUNDS.wait), undefined, { signal: tools.lifetime.signal });
        answer = await request();
      }
      return tokenOf(answer, client.url, username, tools);
    }
  }
}

interface TokenAnswer {
  readonly reply: Reply;
  readonly path: string;
}

async function requestToken(client: Client, username: string, password: string): Promise<TokenAnswer> {
  const form = { grant_type: 'password', username, password, scope: SCOPE };
  const send = async (path: string) => ({
    path,
    reply: await client.send({ path, authorization: FLY, form }),
  });
  const answer = await send(TOKEN_PATH);
  const isForeign = refusal(answer.reply)?.error === 'invalid_client';
  if (answer.reply.status !== 404 && !isForeign) return answer;
  const legacy = await send(LEGACY_TOKEN_PATH);
  // There is none: then the first answer says more.
  return isForeign && legacy.reply.status === 404 ? answer : legacy;
}

function tokenOf(
  { reply, path }: TokenAnswer,
  url: string,
  username: string,
  { mask }: ConcourseTools,
): string {
  const { status } = reply;
  if (status === 200) {
    const answer = tokenAnswer.safeParse(reply.json);
    if (!answer.success) throw new AtcError(url, { kind: 'not-a-token' });
    mask.add(answer.data.access_token, answer.data.id_token);
    return answer.data.access_token;
  }
  if (status === 404) throw new AtcError(url, { kind: 'no-token-endpoint' });
  const refused = refusal(reply);
  switch (refused?.error) {
    case undefined:
      // A token endpoint says why in JSON, so this is none.
      throw new AtcError(url, {
        kind: 'status',
        path,
        status,
        sender: { ...reply.sender, kind: 'somebody-else' },
        retryAfter: null,
      });
    case 'access_denied':
      throw new AtcError(url, { kind: 'wrong-password', username });
    case 'invalid_request':
      throw new AtcError(url, { kind: 'no-local-users' });
    case 'invalid_client':
      throw new AtcError(url, { kind: 'foreign-token-endpoint', status });
  }
  const words = [refused?.error, refused?.error_description].filter(Boolean).join(', ');
  throw new AtcError(url, { kind: 'login-refused', username, status, words });
}

function refusal(reply: Reply) {
  if (reply.status < 400) return null;
  return refusalAnswer.safeParse(reply.json).data ?? null;
}
