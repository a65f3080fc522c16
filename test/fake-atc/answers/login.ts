// Logging in as `fly` does. Before 6.1 the path was /sky/token, since then /sky/issuer/token.
import { randomUUID } from 'node:crypto';
import type { Ci } from '../types.ts';
import { type Answer, json, text } from './answer.ts';

const CLIENT = `Basic ${Buffer.from('fly:Zmx5').toString('base64')}`;
const SCOPE = 'openid profile email federated:id groups';

export type LoginRequest = { path: string; authorization: string | undefined; type: string; body: string };

export function isLogin(path: string): boolean {
  return path === '/sky/issuer/token' || path === '/sky/token';
}

/** Since 6.1 the path of before is a page that is not there. */
export function answerLogin(ci: Ci, { path, authorization, type, body }: LoginRequest): Answer {
  if (ci.login === 'issuer' && path === '/sky/token') return text(404, '404 page not found\n');
  if (ci.login === 'legacy' && path === '/sky/issuer/token') return refuseClient();
  if (authorization !== CLIENT) return refuseClient();
  if (!type.startsWith('application/x-www-form-urlencoded')) return refuse(400, 'unsupported_grant_type', '');

  const form = new URLSearchParams(body);
  if (form.get('grant_type') !== 'password') return refuse(400, 'unsupported_grant_type', '');
  if (form.get('scope') !== SCOPE) {
    return refuse(400, 'invalid_request', 'Missing required scope(s) ["openid"].');
  }
  if (!ci.localUsers) {
    return refuse(400, 'invalid_request', 'Requested connector does not exist.');
  }
  const account = ci.accounts.find(
    (each) => each.username === form.get('username') && each.password === form.get('password'),
  );
  if (account === undefined) return refusePassword();
  if (ci.booting > 0) {
    ci.booting -= 1;
    return refusePassword();
  }
  const token = ci.token(account);
  return json({
    access_token: token,
    token_type: 'bearer',
    expires_in: 86399,
    id_token: `id-token-${randomUUID()}`,
  });
}

function refusePassword(): Answer {
  return refuse(401, 'access_denied', 'Invalid username or password');
}

function refuseClient(): Answer {
  return refuse(401, 'invalid_client', 'Invalid client credentials.');
}

function refuse(status: number, error: string, description: string): Answer {
  return json({ error, ...(description && { error_description: description }) }, status);
}
