import { Failure } from '../../core/failure.ts';
import type { PolicyKeys } from '../../core/policy.ts';
import type { ConcourseSource } from '../../core/source/concourse-source.ts';
import type { Source } from '../../core/source/source.ts';
import { problemsOf } from '../../request/problem-sentences.ts';
import { secretsIn } from '../../request/secrets-in.ts';
import { sourceSchema } from '../../request/source-schema.ts';
import { UsageError } from '../../runtime/exit-status.ts';
import type { Log } from '../../runtime/log.ts';
import type { Mask } from '../../runtime/secret-mask.ts';
import { concourseSettings } from './concourse-settings.ts';
import { type FlyTarget, readFlyTarget } from './fly-target.ts';
import { type LocatedProblem, locate, mergeLayers } from './merge-layers.ts';
import { readPoolLayers } from './pool-layers.ts';
import { environmentLayer, fileLayer, type Layer, optionLayer } from './setting-layers.ts';
import { type KeyValues, readSourceFile } from './source-file.ts';

export interface SettingsInput {
  /** As commander parsed them. */
  readonly options: KeyValues;
  readonly environment: NodeJS.ProcessEnv;
  readonly mask: Mask;
  readonly log: Pick<Log, 'warn'>;
  /** Unix seconds. */
  readonly now: number;
}

/**
 * The source of one run: options take precedence over environment variables, and these over the file. All of it is
 * read by the resource's own schema, and a problem names the option or variable that it comes from.
 */
export function readSettings(input: SettingsInput): Source {
  const source = readOptionalSettings(input);
  if (source !== null) return source;
  throw new UsageError(
    'No lock repository was named; use --repo URL, set POOL_REPO, or give a --source FILE that has a uri.',
  );
}

/** The same; null where no lock repository is named, whatever else is. */
export function readOptionalSettings({ options, environment, mask, log, now }: SettingsInput): Source | null {
  const fromOptions = optionLayer(options);
  const fromEnvironment = environmentLayer(environment);
  const path = options.source;
  const file = typeof path === 'string' ? readSourceFile(path, environment) : {};
  const fromFile = fileLayer(file);
  const target = typeof options.target === 'string' ? readFlyTarget(options.target, environment, now) : null;
  const { values, origins } = mergeLayers([fromFile, fromEnvironment, fromOptions]);
  mask.add(...secretsIn(values), ...secretsIn(file), target?.token);
  const concourse = concourseSettings({
    options: fromOptions,
    environment: fromEnvironment,
    target,
    file: fromFile.get('concourse') ?? null,
  });
  mask.add(...secretsIn(concourse.value));
  if (concourse.problems.length > 0) throw new Failure(concourse.problems);
  if (values.uri === undefined) return null;
  const raw = concourse.value === null ? values : { ...values, concourse: concourse.value };
  const parsed = sourceSchema.safeParse(raw);
  const problems = parsed.success
    ? []
    : problemsOf(parsed.error).map((one) => locate(one, new Map([...origins, ...concourse.origins])));
  const override = parsed.success ? policyOptions(fromOptions, parsed.data.policy) : {};
  const { problems: poolProblems, ...rules } = readPoolLayers(
    { file: fromFile, environment: fromEnvironment, options: fromOptions },
    override,
  );
  failFor([...problems, ...concourse.unusedProblems, ...poolProblems]);
  if (!parsed.success) return null;
  for (const warning of concourse.warnings) log.warn(warning);
  const { concourses } = parsed.data;
  return {
    ...parsed.data,
    ...rules,
    concourses: target === null ? concourses : concourses.map(fromTarget(target)),
  };
}

/** Where every problem is on the command line, the command line is wrong; else more is. */
function failFor(problems: readonly LocatedProblem[]): void {
  if (problems.length === 0) return;
  const sentences = [...new Set(problems.map(({ sentence }) => sentence))];
  throw problems.every(({ origin }) => origin === 'option')
    ? new UsageError(sentences)
    : new Failure(sentences);
}

/** The schema knows nothing of fly; whoever logged in with it does so again with it. */
function fromTarget({ token, renewWith }: FlyTarget): (one: ConcourseSource) => ConcourseSource {
  return (one) =>
    one.login.kind === 'token' && one.login.token === token.trim()
      ? { ...one, login: { ...one.login, renewWith } }
      : one;
}

/** The policy keys that options set. Exclusions only ever add up, so none of them replaces another. */
function policyOptions(options: Layer, keys: PolicyKeys): PolicyKeys {
  const names = [...options.keys()].map((key) =>
    key.replace(/_(\w)/g, (_all, letter: string) => letter.toUpperCase()),
  );
  return Object.fromEntries(
    Object.entries(keys).filter(([name]) => name !== 'exclude' && names.includes(name)),
  );
}
