import * as z from 'zod/mini';
import type { ConcourseSource } from '../core/source/concourse-source.ts';
import { byType, filledText, flag, got, KEY_TABLE, listOf, oneOf, strict, text } from './schema-parts.ts';

const httpUrl = z.pipe(
  text('a URL'),
  z.transform((value, context) => {
    const url = URL.parse(value);
    const fits = url !== null && /^https?:$/.test(url.protocol) && url.username === '' && url.password === '';
    if (fits && url.search === '' && url.hash === '') return value.replace(/\/+$/, '');
    const expected = 'an http:// or https:// URL without credentials and without a query';
    context.issues.push({
      code: 'custom',
      input: value,
      message: got(value, expected),
    });
    return z.NEVER;
  }),
);

export const concourseKeys = strict(
  {
    url: httpUrl.register(KEY_TABLE, { type: 'URL', description: 'As in `fly login --concourse-url`.' }),
    username: z.optional(text('the name of a local user')).register(KEY_TABLE, {
      description: 'A local user with the role `viewer` in each team whose builds claim locks.',
    }),
    password: z
      .optional(text("the user's password", { secret: true }))
      .register(KEY_TABLE, { type: 'secret', description: 'Goes with `username`.' }),
    token: z.optional(text('a token', { secret: true })).register(KEY_TABLE, {
      type: 'secret',
      description: 'A token in place of `username` and `password`. It expires (after a day by default).',
    }),
    former_urls: z.optional(listOf(httpUrl, 'a list of URLs')).register(KEY_TABLE, {
      type: 'list of URLs',
      description: 'Previous URLs of this Concourse, for claims made then.',
    }),
    ca_cert: z.optional(filledText('a certificate in PEM form')).register(KEY_TABLE, {
      description: 'A certificate to trust, in PEM form.',
    }),
    skip_ssl_verification: z.optional(flag()).register(KEY_TABLE, {
      default: 'false',
      description: 'Trust any certificate. Whoever answers under that name gets the password.',
    }),
    team: z.optional(filledText('a team')).register(KEY_TABLE, {
      default: 'main',
      description: 'The team of claims that name none (pool resources of before 2019).',
    }),
    when_unreachable: z.optional(oneOf(['fail', 'keep'])).register(KEY_TABLE, {
      default: 'fail',
      description:
        'Without a usable answer, `fail` fails the run; `keep` leaves the locks of this Concourse alone and judges the others.',
    }),
  },
  'an object with a url',
);

/** Keys that do not go together are said beside those that are wrong by themselves, not after them. */
const one = z.transform((input, context): ConcourseSource => {
  const parsed = concourseKeys.safeParse(input);
  const login = loginOf(loginKeys.safeParse(input).data ?? {});
  for (const { message, path } of parsed.error?.issues ?? []) {
    context.issues.push({ code: 'custom', input: null, message, path });
  }
  if (typeof login === 'string') context.issues.push({ code: 'custom', input: null, message: login });
  if (!parsed.success || typeof login === 'string') return z.NEVER;
  const value = parsed.data;
  return {
    url: value.url,
    login,
    formerUrls: value.former_urls ?? [],
    caCert: value.ca_cert ?? null,
    skipSslVerification: value.skip_ssl_verification ?? false,
    team: value.team ?? 'main',
    whenUnreachable: value.when_unreachable ?? 'fail',
  };
});

const loginKeys = z.object({
  username: z.optional(z.string()),
  password: z.optional(z.string()),
  token: z.optional(z.string()),
});

/** An empty string is what an unset variable of a pipeline often becomes: a problem, never "no login". */
function loginOf({
  username,
  password,
  token,
}: z.output<typeof loginKeys>): ConcourseSource['login'] | string {
  if (token !== undefined && (username !== undefined || password !== undefined)) {
    return ' has both token and username or password; set either token or username and password, not both';
  }
  if (token !== undefined)
    return token.trim() === '' ? '.token is empty' : { kind: 'token', token: token.trim() };
  if (username === undefined && password === undefined) return { kind: 'none' };
  if (!username)
    return `.username is ${username === '' ? 'empty' : 'missing'}, but password is set; set both`;
  if (!password)
    return `.password is ${password === '' ? 'empty' : 'missing'}, but username is set; set both`;
  return { kind: 'password', username, password };
}

export const concourseSchema = byType<readonly ConcourseSource[]>(
  {
    object: z.pipe(
      one,
      z.transform((only) => [only]),
    ),
    array: listOf(one, 'a list').check(z.minLength(1, ' is empty; leave concourse out, or name one')),
  },
  'an object with a url, or a list of them',
);
