import * as z from 'zod/mini';
import { matchesGlob } from '../core/pools/glob.ts';
import type { PoolEntry } from '../core/pools/pool-selection.ts';
import { quoteName } from '../core/quote-name.ts';
import { uriProblem } from '../core/repository-uri.ts';
import { branchProblem } from '../core/source/branch-name.ts';
import type { Source } from '../core/source/source.ts';
import { concourseSchema } from './concourse-schema.ts';
import { policyKeys, policyShape } from './policy-schema.ts';
import { poolName, poolsSchema } from './pools-schema.ts';
import { byType, filledText, flag, KEY_TABLE, listOf, oneOf, strict, text } from './schema-parts.ts';

const port = byType<number>(
  { number: z.number(), string: z.pipe(z.string(), z.transform(Number)) },
  'a port number',
).check(
  z.refine((value) => Number.isInteger(value) && value > 0 && value < 65_536, ': expected a port number'),
);

const lines = byType<readonly string[]>(
  {
    string: z.pipe(
      z.string(),
      z.transform((value) =>
        value
          .split('\n')
          .map((line) => line.trim())
          .filter((line) => line !== ''),
      ),
    ),
    array: listOf(filledText('a line of known_hosts'), 'a list of lines'),
  },
  'lines of known_hosts',
);

/** The pool resource's own keys may be null, as for itself: then they are not set. Ours may not. */
export const sourceShape = {
  uri: text('the URL of the lock repository')
    .check(
      z.superRefine((value, context) => {
        const problem = uriProblem(value);
        if (problem !== null) context.addIssue(`: ${problem}`);
      }),
    )
    .register(KEY_TABLE, {
      type: 'URL',
      description: 'The lock repository: https, http, ssh, git+ssh, git, `user@host:path`, or a path.',
    }),
  branch: z
    .nullish(
      text('a branch').check(
        z.superRefine((value, context) => {
          const problem = branchProblem(value);
          if (problem !== null) context.addIssue(`: ${problem}`);
        }),
      ),
    )
    .register(KEY_TABLE, {
      default: "the remote's `HEAD`",
      description: 'The branch with the locks. The log names it.',
    }),
  pools: z.optional(poolsSchema).register(KEY_TABLE, {
    type: 'list of pools',
    default: 'every pool found',
    description:
      'Names, or objects with a `name` and any of the keys from `stale_after` to `by_hand`. A name may be a glob: `*` stops at `/`, `**` does not. An exact name takes precedence over a glob; of several globs the first that matches counts. Also the string `aws:60,vsphere:30` (minutes).',
  }),
  pool: z.nullish(poolName).register(KEY_TABLE, {
    type: 'name',
    description: 'One pool, as for the pool resource. `pools` takes precedence.',
  }),
  ...policyShape,
  concourse: z.optional(concourseSchema).register(KEY_TABLE, {
    type: 'object, or list of them',
    description: '[The Concourse to ask](#sourceconcourse).',
  }),
  private_key: z
    .nullish(text('a private key', { secret: true }))
    .register(KEY_TABLE, { type: 'secret', description: 'SSH key that may read and write the repository.' }),
  private_key_user: z
    .nullish(text('a user name'))
    .register(KEY_TABLE, { description: 'User of the SSH URL, where it names none.' }),
  private_key_passphrase: z
    .nullish(text("the key's passphrase", { secret: true }))
    .register(KEY_TABLE, { type: 'secret', description: 'Passphrase of `private_key`.' }),
  forward_agent: z.nullish(flag()).register(KEY_TABLE, {
    default: 'false',
    description: 'Forward the SSH agent, as the pool resource does.',
  }),
  username: z.nullish(text('a user name')).register(KEY_TABLE, { description: 'User for http and https.' }),
  password: z
    .nullish(text('a password', { secret: true }))
    .register(KEY_TABLE, { type: 'secret', description: 'Password or token for http and https.' }),
  skip_ssl_verification: z.nullish(flag()).register(KEY_TABLE, {
    default: 'false',
    description: "Trust any certificate of the repository's host.",
  }),
  https_tunnel: z
    .nullish(
      strict(
        {
          proxy_host: filledText('a host'),
          proxy_port: port,
          proxy_user: z.nullish(text('a user name')),
          proxy_password: z.nullish(text('a password', { secret: true })),
        },
        'an object with proxy_host and proxy_port',
      ),
    )
    .register(KEY_TABLE, {
      type: 'object',
      description: '`proxy_host`, `proxy_port`, `proxy_user`, `proxy_password`: a proxy for SSH.',
    }),
  git_config: z
    .nullish(
      listOf(
        strict(
          {
            name: filledText('a name such as user.name').check(
              z.refine(
                (name) => /^[a-z0-9-]+\.(?:[^\n]*\.)?[a-z][a-z0-9-]*$/i.test(name),
                ': expected a name such as user.name',
              ),
            ),
            value: byType<string>(
              {
                string: z.string(),
                number: z.pipe(z.number(), z.transform(String)),
                boolean: z.pipe(z.boolean(), z.transform(String)),
              },
              'a string',
            ),
          },
          'an object with a name and a value',
        ),
        'a list of {name, value}',
      ),
    )
    .register(KEY_TABLE, {
      type: 'list of `{name, value}`',
      description:
        'Settings of git. `user.name` and `user.email` are the author of the releases (else `Pool Boy <pool-boy@localhost>`); `commit.gpgsign`, with `gpg.format` and `user.signingkey`, signs them; `core.sshCommand: ssh -o OPTION` reaches old SSH servers.',
    }),
  retry_delay: z
    .nullish(byType<unknown>({ string: z.string(), number: z.number() }, 'a duration'))
    .register(KEY_TABLE, {
      type: 'duration',
      description: 'Accepted, as the pool resource has it, but not used.',
    }),
  known_hosts: z.optional(lines).register(KEY_TABLE, {
    type: 'string or list of lines',
    description: 'Host keys to trust in addition to the built-in keys of major hosts.',
  }),
  skip_host_key_check: z.optional(flag()).register(KEY_TABLE, {
    default: 'false',
    description: 'Trust any host key. Whoever answers under that name gets the commits.',
  }),
  prometheus_push_gateway: z.nullish(text('a URL')).register(KEY_TABLE, {
    type: 'URL',
    description:
      '[Metrics](#metrics-and-alerts) are pushed there after each `out` and each `pool-boy clean`.',
  }),
  log_level: z.optional(oneOf(['info', 'debug'])).register(KEY_TABLE, {
    default: 'info',
    description: '`debug` logs more: git commands and stack traces.',
  }),
};

/** `source`, read strictly. All its problems are found at once. */
export const sourceSchema = z.pipe(
  strict(sourceShape, 'an object with a uri'),
  z.transform(
    (value): Source => ({
      repository: {
        uri: value.uri,
        branch: value.branch ?? null,
        privateKey: emptyIsNone(value.private_key),
        privateKeyUser: emptyIsNone(value.private_key_user),
        privateKeyPassphrase: emptyIsNone(value.private_key_passphrase),
        forwardAgent: value.forward_agent ?? false,
        username: emptyIsNone(value.username),
        password: emptyIsNone(value.password),
        skipSslVerification: value.skip_ssl_verification ?? false,
        httpsTunnel:
          value.https_tunnel == null
            ? null
            : {
                host: value.https_tunnel.proxy_host,
                port: value.https_tunnel.proxy_port,
                user: emptyIsNone(value.https_tunnel.proxy_user),
                password: emptyIsNone(value.https_tunnel.proxy_password),
              },
        gitConfig: value.git_config ?? [],
        knownHosts: value.known_hosts ?? [],
        skipHostKeyCheck: value.skip_host_key_check ?? false,
      },
      pools: value.pools ?? (value.pool == null ? null : [{ name: value.pool, policy: {} }]),
      narrowedTo: [],
      policy: policyKeys(value),
      concourses: value.concourse ?? [],
      pushGateway: emptyIsNone(value.prometheus_push_gateway),
      logLevel: value.log_level ?? 'info',
    }),
  ),
);

/** The pool resource takes an empty string for "not set", and one anchor serves both. */
function emptyIsNone(value: string | null | undefined): string | null {
  return value === undefined || value === '' ? null : value;
}

/** A pool, or every pool, that nothing could ever judge: it has no timeout, and there is no Concourse to ask. */
export type UndecidablePool = { readonly kind: 'all' } | { readonly kind: 'named'; readonly name: string };

export function undecidablePools({ concourses, pools, narrowedTo, policy }: Source): UndecidablePool[] {
  if (concourses.length > 0 || policy.staleAfter !== undefined) return [];
  const layers = [...(pools === null ? [] : [pools]), ...narrowedTo];
  const narrowest = layers.at(-1);
  if (narrowest === undefined) return [{ kind: 'all' }];
  const hasTimeout = ({ name }: PoolEntry) =>
    layers.some((layer) => {
      const overlapping = layer.filter((one) => matchesGlob(one.name, name) || matchesGlob(name, one.name));
      return overlapping.length > 0 && overlapping.every((one) => one.policy.staleAfter !== undefined);
    });
  return narrowest.filter((entry) => !hasTimeout(entry)).map(({ name }) => ({ kind: 'named', name }));
}

export function undecidableSentence(pool: UndecidablePool): string {
  switch (pool.kind) {
    case 'all':
      return 'source: set stale_after or concourse; with neither, no lock can be judged stale.';
    case 'named':
      return `source: set stale_after or concourse for pool ${quoteName(pool.name)}; with neither, none of its locks can be judged stale.`;
  }
}
