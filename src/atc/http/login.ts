import { setTimeout as wait } from 'node:timers/promises';
import type { ConcourseSource } from '../../core/source/concourse-source.ts';
import { loginAnswer, loginRefusal } from '../api/answer-schemas.ts';
import type { ConcourseTools } from '../config.ts';
import { BOUNDS } from '../config.ts';
import { AtcError } from './atc-error.ts';
import type { Client, Reply } from './http-client.ts';

/** The OAuth client of `fly`: the same id and password in every Concourse, so no secret. */
const FLY = `Basic ${Buffer.from('fly:Zmx5').toString('base64')}`;
const SCOPE = 'openid profile email federated:id groups';

/** The token to ask with, or null where there is no login. */
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
      const ask = () => askForToken(client, login.username, login.password);
      let reply = await ask();
      if (refusal(reply)?.error === 'access_denied') {
        // An ATC that is still starting refuses a right password for a moment.
        tools.log.info(`${client.url} refuses the password: trying once more, in case it is still starting.`);
        await wait(2 * (tools.bounds?.wait ?? BOUNDS.wait), undefined, { signal: tools.lifetime.signal });
        reply = await ask();
      }
      return tokenOf(reply, client.url, login.username, tools);
    }
  }
}

/** Since Concourse 6.1 the path is `/sky/issuer/token`, where older ones answer `invalid_client` or 404; theirs is `/sky/token`. */
async function askForToken(client: Client, username: string, password: string): Promise<Reply> {
  const form = { grant_type: 'password', username, password, scope: SCOPE };
  const reply = await client.send({ path: '/sky/issuer/token', authorization: FLY, form });
  const isOlder = reply.status === 404 || refusal(reply)?.error === 'invalid_client';
  return isOlder ? await client.send({ path: '/sky/token', authorization: FLY, form }) : reply;
}

function tokenOf(reply: Reply, url: string, username: string, { mask }: ConcourseTools): string {
  if (reply.status === 200) {
    const answer = loginAnswer.safeParse(reply.json);
    if (!answer.success)
      throw new AtcError(`${url} answers the login with something other than a token: check concourse.url.`);
    mask.add(answer.data.access_token, answer.data.id_token);
    return answer.data.access_token;
  }
  const refused = refusal(reply);
  if (refused?.error === 'access_denied')
    throw new AtcError(
      `${url} refuses the password of ${username}: check concourse.username and concourse.password.`,
    );
  if (refused?.error === 'invalid_request')
    throw new AtcError(
      `${url} has no local users, so a password cannot log in: add a local user, or set concourse.token.`,
    );
  if (reply.status === 404)
    throw new AtcError(`${url} offers no login for a password (404): check concourse.url.`);
  const words =
    refused === null ? '' : `: ${[refused.error, refused.error_description].filter(Boolean).join(', ')}`;
  throw new AtcError(`${url} refuses the login of ${username} (${reply.status}${words}).`);
}

function refusal(reply: Reply) {
  if (reply.status < 400) return null;
  return loginRefusal.safeParse(reply.json).data ?? null;
}
