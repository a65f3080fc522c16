import * as z from 'zod/mini';
import type { ConcourseSource } from '../core/source/concourse-source.ts';
import type { ConcourseTools } from './config.ts';
import { AtcError } from './http/atc-error.ts';
import { openAtcSession } from './http/atc-session.ts';

/** What one Concourse says about itself and about the account. */
export type Account =
  | {
      readonly kind: 'accepted';
      readonly url: string;
      /** Every URL that claims may know it by. */
      readonly addresses: readonly string[];
      readonly version: string;
      /** The roles in each team; null where there is no login. */
      readonly teams: ReadonlyMap<string, readonly string[]> | null;
      readonly isAdmin: boolean;
    }
  /** Why it is not known, in a sentence. */
  | { readonly kind: 'failed'; readonly problem: string };

const userAnswer = z.object({
  is_admin: z.nullish(z.boolean()),
  teams: z.nullish(z.record(z.string(), z.nullable(z.array(z.string())))),
});

/** Logs in, and asks for the account and its roles: what an operator checks when setting up Pool Boy. */
export async function askAccount(config: ConcourseSource, tools: ConcourseTools): Promise<Account> {
  try {
    const session = openAtcSession(config, tools);
    const { info } = await session.begin();
    const { url } = session;
    const external = info.external_url ?? null;
    const addresses = [url, ...config.formerUrls, ...(external === null ? [] : [external])];
    if (config.login.kind === 'none')
      return { kind: 'accepted', url, addresses, version: info.version, teams: null, isAdmin: false };
    const answer = await session.request({ schema: userAnswer })('/api/v1/user');
    if (answer.kind !== 'got') return { kind: 'failed', problem: `${url} does not say who the account is.` };
    const { teams, is_admin } = answer.value;
    return {
      kind: 'accepted',
      url,
      addresses,
      version: info.version,
      teams: new Map(Object.entries(teams ?? {}).map(([team, roles]) => [team, roles ?? []])),
      isAdmin: is_admin ?? false,
    };
  } catch (error) {
    if (error instanceof AtcError) return { kind: 'failed', problem: error.message };
    throw error;
  }
}
