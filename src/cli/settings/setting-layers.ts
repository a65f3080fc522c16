import { Failure } from '../../core/failure.ts';
import type { KeyValues } from './source-file.ts';
import { readText } from './source-file.ts';
import { attributeOf, longFlagOf, SOURCE_OPTIONS, type SourceOption } from './source-options.ts';

/** Where a setting comes from, as the person who set it knows it. */
export interface Origin {
  readonly kind: 'option' | 'variable' | 'file';
  /** `--branch`, `POOLS`, `source.branch`. */
  readonly label: string;
}

export interface Setting {
  readonly value: unknown;
  readonly origin: Origin;
}

/** Keys of `source` that one place sets; keys of the Concourse are called `concourse.url` and so on. */
export type Layer = ReadonlyMap<string, Setting>;

/** The environment variables of the original tool, and further ones for secrets and for host keys. */
const VARIABLES = {
  POOL_REPO: 'uri',
  POOLS: 'pools',
  POOL_REPO_SSH_PRIVATE_KEY: 'private_key',
  POOL_REPO_SSH_PRIVATE_KEY_PASSPHRASE: 'private_key_passphrase',
  POOL_REPO_KNOWN_HOSTS: 'known_hosts',
  POOL_REPO_USERNAME: 'username',
  POOL_REPO_PASSWORD: 'password',
  CONCOURSE_BASE_URL: 'concourse.url',
  CONCOURSE_USERNAME: 'concourse.username',
  CONCOURSE_PASSWORD: 'concourse.password',
  CONCOURSE_TOKEN: 'concourse.token',
} as const;

/** A task of a pipeline sets an empty string where it has nothing to say. */
export function environmentLayer(environment: NodeJS.ProcessEnv): Layer {
  return new Map(
    Object.entries(VARIABLES).flatMap(([label, key]) => {
      const value = environment[label];
      if (value === undefined || value === '') return [];
      return [[key, { value, origin: { kind: 'variable', label } }] as const];
    }),
  );
}

export function optionLayer(options: KeyValues): Layer {
  return new Map(
    SOURCE_OPTIONS.flatMap((option) => {
      const given = options[attributeOf(option)];
      if (given === undefined) return [];
      const origin: Origin = { kind: 'option', label: longFlagOf(option) };
      return [[option.key, { value: settingValue(option, given), origin }] as const];
    }),
  );
}

function settingValue(option: SourceOption, given: unknown): unknown {
  switch (option.reading) {
    case 'file':
      return readText(String(given), longFlagOf(option));
    case 'settings':
      return Array.isArray(given) ? given.map((text) => settingOf(String(text))) : [];
    case 'text':
    case 'list':
    case 'flag':
      return given;
  }
}

function settingOf(text: string): { name: string; value: string } {
  const at = text.indexOf('=');
  if (at < 1) throw new Failure('--git-config: expected NAME=VALUE, as in user.name=Ada.');
  return { name: text.slice(0, at), value: text.slice(at + 1) };
}

export function fileLayer(source: KeyValues): Layer {
  return new Map(
    Object.entries(source).map(
      ([key, value]) => [key, { value, origin: { kind: 'file', label: `source.${key}` } }] as const,
    ),
  );
}
