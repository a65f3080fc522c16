import type { FlyTarget } from './fly-target.ts';
import type { Layer, Setting } from './setting-layers.ts';
import { isObject, type KeyValues } from './source-file.ts';

export interface ConcourseSettings {
  /** What goes into `source.concourse`, with the names of what set it; null where nothing did. */
  readonly concourse: Setting | null;
  readonly labels: ReadonlyMap<string, string>;
  readonly problems: readonly string[];
}

export interface ConcourseInput {
  readonly options: Layer;
  readonly environment: Layer;
  readonly target: FlyTarget | null;
  /** `source.concourse` of the file. */
  readonly file: Setting | null;
}

const LOGIN = ['concourse.username', 'concourse.password', 'concourse.token'];

/**
 * Which Concourse to ask, and how to log in there. Credentials go to the Concourse that they were given for and to no
 * other, and half a configuration is a problem: without Concourse only age would decide, which is worse than no run.
 */
export function concourseSettings(input: ConcourseInput): ConcourseSettings {
  const { options, environment, target, file } = input;
  const problems = [...incomplete(input), ...misdirected(input)];
  const ownKeys = [...options.keys(), ...environment.keys()].filter((key) => key.startsWith('concourse.'));
  if (problems.length > 0 || (ownKeys.length === 0 && target === null))
    return { concourse: file, labels: new Map(), problems };
  const url = options.get('concourse.url') ?? targetUrl(target) ?? environment.get('concourse.url');
  const base = baseFor(url, file);
  if (typeof base === 'string') return { concourse: file, labels: new Map(), problems: [base] };
  // What logs in at another place in the ranking is left out as a whole: half of two logins is none.
  const login = loginOf(input);
  const others = [...options].filter(([key]) => key.startsWith('concourse.') && !LOGIN.includes(key));
  const settings = new Map<string, Setting>([
    ...(url === undefined ? [] : [['concourse.url', url] as const]),
    ...others,
    ...login,
  ]);
  const value = {
    ...(login.length > 0 ? withoutLogin(base.entry) : base.entry),
    ...(target === null
      ? {}
      : {
          ...(target.caCert === null ? {} : { ca_cert: target.caCert }),
          ...(target.skipSslVerification ? { skip_ssl_verification: true } : {}),
        }),
    ...Object.fromEntries(
      [...settings].map(([key, setting]) => [key.slice('concourse.'.length), setting.value]),
    ),
  };
  return {
    concourse: { value: [value, ...base.others], label: 'source.concourse' },
    labels: new Map(
      [...settings].map(([key, setting]) => [key.replace('concourse.', 'concourse.0.'), setting.label]),
    ),
    problems,
  };
}

function targetUrl(target: FlyTarget | null): Setting | undefined {
  return target === null ? undefined : { value: target.url, label: '--target' };
}

function loginOf({ options, environment, target }: ConcourseInput): (readonly [string, Setting])[] {
  if (target !== null) return [['concourse.token', { value: target.token, label: '--target' }]];
  const set = new Map([...environment, ...options]);
  return LOGIN.flatMap((key) => {
    const setting = set.get(key);
    return setting === undefined ? [] : [[key, setting] as const];
  });
}

interface Base {
  /** The entry of the file that the other settings refine: that of the same URL, or the only one. */
  readonly entry: KeyValues;
  /** Further Concourses of the file, which stay: they built some of the claims. */
  readonly others: readonly KeyValues[];
}

function baseFor(url: Setting | undefined, file: Setting | null): Base | string {
  const entries = entriesOf(file);
  if (url !== undefined) {
    const entry = entryAt(url, file);
    return entry === null
      ? { entry: {}, others: [] }
      : { entry, others: entries.filter((one) => one !== entry) };
  }
  const [only, ...others] = entries;
  if (only !== undefined && others.length === 0) return { entry: only, others };
  return only === undefined
    ? 'There are settings for a Concourse, but no URL: set --concourse-url (or CONCOURSE_BASE_URL).'
    : 'The source names several Concourses: say which one is meant with --concourse-url.';
}

function entriesOf(file: Setting | null): readonly KeyValues[] {
  const entries: unknown[] = file === null ? [] : Array.isArray(file.value) ? file.value : [file.value];
  return entries.filter(isObject);
}

function entryAt(url: Setting | undefined, file: Setting | null): KeyValues | null {
  const plain = (text: unknown) => String(text).replace(/\/+$/, '');
  return entriesOf(file).find((entry) => plain(entry.url) === plain(url?.value)) ?? null;
}

function withoutLogin(base: KeyValues): KeyValues {
  return Object.fromEntries(Object.entries(base).filter(([key]) => !LOGIN.includes(`concourse.${key}`)));
}

/** The original tool wanted all three, and so does this one, unless there is a token. */
function incomplete({ options, environment, target, file }: ConcourseInput): string[] {
  if (target !== null) return [];
  const has = (key: string) => environment.has(key) || options.has(key);
  const username = has('concourse.username');
  const password = has('concourse.password');
  const token = has('concourse.token');
  if (token && (username || password))
    return ['CONCOURSE_TOKEN and a username or password are set: want one of the two.'];
  if (username && !password) {
    return ['CONCOURSE_PASSWORD is not set (or empty): it goes with CONCOURSE_USERNAME.'];
  }
  if (password && !username)
    return ['CONCOURSE_USERNAME is not set (or empty): it goes with CONCOURSE_PASSWORD.'];
  if (
    environment.has('concourse.url') &&
    !options.has('concourse.url') &&
    !username &&
    !token &&
    entryAt(environment.get('concourse.url'), file) === null
  ) {
    return [
      'CONCOURSE_BASE_URL is set, but CONCOURSE_USERNAME and CONCOURSE_PASSWORD (or CONCOURSE_TOKEN) are not: set them, or say --concourse-url where all pipelines are public.',
    ];
  }
  if ((username || token) && !has('concourse.url') && file === null)
    return ['CONCOURSE_BASE_URL is not set (or empty), but a login for Concourse is: set both or neither.'];
  return [];
}

/** A password must not go to another Concourse than the one that it was set for. */
function misdirected({ options, environment, target }: ConcourseInput): string[] {
  const wanted = options.get('concourse.url');
  const named = environment.get('concourse.url');
  if (target !== null && wanted !== undefined)
    return ['--target and --concourse-url both name a Concourse: want one of the two.'];
  if (wanted === undefined || named === undefined || target !== null) return [];
  const plain = (setting: Setting) => String(setting.value).replace(/\/+$/, '');
  const hasLogin = LOGIN.some((key) => environment.has(key));
  if (!hasLogin || plain(wanted) === plain(named)) return [];
  return [
    'The login in the environment belongs to CONCOURSE_BASE_URL, but --concourse-url names another Concourse: unset one of them.',
  ];
}
