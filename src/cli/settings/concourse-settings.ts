import { concourseSchema } from '../../request/concourse-schema.ts';
import { problemsOf } from '../../request/problem-sentences.ts';
import type { FlyTarget } from './fly-target.ts';
import { type LocatedProblem, locate } from './merge-layers.ts';
import type { Layer, Origin, Setting } from './setting-layers.ts';
import { isObject, type KeyValues } from './source-file.ts';

export interface ConcourseSettings {
  /** What goes into `source.concourse`; null where nothing does. */
  readonly value: unknown;
  /** Where its keys come from: `concourse.0.url`. */
  readonly origins: ReadonlyMap<string, Origin>;
  readonly problems: readonly string[];
  /** What is wrong with a `concourse` of the file, or with an entry of it, that other places replace. */
  readonly unusedProblems: readonly LocatedProblem[];
  readonly warnings: readonly string[];
}

export interface ConcourseInput {
  readonly options: Layer;
  readonly environment: Layer;
  readonly target: FlyTarget | null;
  /** `source.concourse` of the file. */
  readonly file: Setting | null;
}

const TARGET: Origin = { kind: 'option', label: '--target' };
const LOGIN = ['concourse.username', 'concourse.password', 'concourse.token'];

/**
 * Which Concourse to ask, and how to log in there. Credentials go to the Concourse that they were given for and to no
 * other, and half a configuration is a problem: without Concourse only age would decide, which is worse than no run.
 */
export function concourseSettings(input: ConcourseInput): ConcourseSettings {
  const { options, environment, target, file } = input;
  const ownKeys = [...options.keys(), ...environment.keys()].filter((key) => key.startsWith('concourse.'));
  const plain = fromFileAlone(file);
  const problems = [...incomplete(input), ...misdirected(input)];
  if (problems.length > 0) return { ...plain, problems };
  if (ownKeys.length === 0 && target === null) return plain;
  const url = options.get('concourse.url') ?? targetUrl(target) ?? environment.get('concourse.url');
  const base = baseFor(url, file);
  if (typeof base === 'string') return { ...plain, problems: [base] };
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
    value: [value, ...base.others],
    origins: new Map([
      ...fileOrigins(file, base),
      ...[...settings].map(
        ([key, { origin }]) => [key.replace('concourse.', 'concourse.0.'), origin] as const,
      ),
    ]),
    problems: [],
    unusedProblems: unusedProblems(file, base),
    warnings: base.left.map(
      (one) =>
        `The Concourse of the source file at ${String(one.url)} is not asked, since ${url?.origin.label ?? ''} names another one.`,
    ),
  };
}

function fromFileAlone(file: Setting | null): ConcourseSettings {
  const origins = new Map(file === null ? [] : [['concourse', file.origin] as const]);
  return { value: file?.value ?? null, origins, problems: [], unusedProblems: [], warnings: [] };
}

/** The entries of the file keep the names that they have there, wherever they stand in the list that is made of them. */
function fileOrigins(file: Setting | null, { entry, others }: Base): [string, Origin][] {
  if (file === null) return [];
  const entries = valuesOf(file);
  const originAt = (value: unknown): Origin => {
    const label = Array.isArray(file.value)
      ? `${file.origin.label}[${entries.indexOf(value)}]`
      : file.origin.label;
    return { ...file.origin, label };
  };
  const used = entries.includes(entry) ? [entry, ...others] : [null, ...others];
  return used.flatMap((value, i) => (value === null ? [] : [[`concourse.${i}`, originAt(value)]]));
}

/**
 * A mistake in the file is a mistake also where another place takes precedence: it may be the Concourse that somebody
 * counts on in the next run. The login of an entry that gets another one is left out.
 */
function unusedProblems(file: Setting | null, { entry }: Base): LocatedProblem[] {
  if (file === null) return [];
  const checked = valuesOf(file).map((value) => (value === entry ? withoutLogin(entry) : value));
  const value = Array.isArray(file.value) ? checked : checked[0];
  const parsed = concourseSchema.safeParse(value);
  if (parsed.success) return [];
  const origins = new Map([['concourse', file.origin]]);
  return problemsOf(parsed.error).map(({ path, message }) =>
    locate({ path: ['concourse', ...path], message }, origins),
  );
}

function targetUrl(target: FlyTarget | null): Setting | undefined {
  return target === null ? undefined : { value: target.url, origin: TARGET };
}

function loginOf({ options, environment, target }: ConcourseInput): (readonly [string, Setting])[] {
  if (target !== null) return [['concourse.token', { value: target.token, origin: TARGET }]];
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
  readonly others: readonly unknown[];
  /** Those that are not asked, since another URL was given. */
  readonly left: readonly KeyValues[];
}

function baseFor(url: Setting | undefined, file: Setting | null): Base | string {
  const values = file === null ? [] : valuesOf(file);
  if (url !== undefined) {
    const entry = entryAt(url, file);
    return entry === null
      ? { entry: {}, others: [], left: values.filter(isObject) }
      : { entry, others: values.filter((one) => one !== entry), left: [] };
  }
  const [only, ...others] = values;
  if (only !== undefined && others.length === 0)
    // What is no object is a problem of the file, which is found there.
    return { entry: isObject(only) ? only : {}, others: [], left: [] };
  return only === undefined
    ? 'There are settings for a Concourse, but no URL; set --concourse-url (or CONCOURSE_BASE_URL).'
    : 'The source names several Concourses; choose one with --concourse-url.';
}

function valuesOf({ value }: Setting): readonly unknown[] {
  return Array.isArray(value) ? value : [value];
}

function entryAt(url: Setting | undefined, file: Setting | null): KeyValues | null {
  const plain = (text: unknown) => String(text).replace(/\/+$/, '');
  const entries = file === null ? [] : valuesOf(file).filter(isObject);
  return entries.find((entry) => plain(entry.url) === plain(url?.value)) ?? null;
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
    return ['CONCOURSE_TOKEN is set as well as a username or password; set either of them, not both.'];
  if (username && !password) {
    return ['CONCOURSE_USERNAME is set, but CONCOURSE_PASSWORD is not (or is empty); set both.'];
  }
  if (password && !username)
    return ['CONCOURSE_PASSWORD is set, but CONCOURSE_USERNAME is not (or is empty); set both.'];
  if (
    environment.has('concourse.url') &&
    !options.has('concourse.url') &&
    !username &&
    !token &&
    entryAt(environment.get('concourse.url'), file) === null
  ) {
    return [
      'CONCOURSE_BASE_URL is set, but CONCOURSE_USERNAME and CONCOURSE_PASSWORD (or CONCOURSE_TOKEN) are not; set them, or use --concourse-url where all pipelines are public.',
    ];
  }
  if ((username || token) && !has('concourse.url') && file === null)
    return [
      'CONCOURSE_BASE_URL is not set (or is empty), but a login for Concourse is; set both or neither.',
    ];
  return [];
}

/** A password must not go to another Concourse than the one that it was set for. */
function misdirected({ options, environment, target }: ConcourseInput): string[] {
  const wanted = options.get('concourse.url');
  const named = environment.get('concourse.url');
  if (target !== null && wanted !== undefined)
    return ['--target and --concourse-url both name a Concourse; use only one of them.'];
  if (wanted === undefined || named === undefined || target !== null) return [];
  const plain = (setting: Setting) => String(setting.value).replace(/\/+$/, '');
  const hasLogin = LOGIN.some((key) => environment.has(key));
  if (!hasLogin || plain(wanted) === plain(named)) return [];
  return [
    'The login in the environment belongs to CONCOURSE_BASE_URL, but --concourse-url names another Concourse; unset one of them.',
  ];
}
