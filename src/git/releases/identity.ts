import type { GitSetting } from '../../core/source/repository-source.ts';
import type { Git } from '../command/git-command.ts';

/** Whom a commit names as its author. */
export interface Identity {
  readonly name: string;
  readonly email: string;
}

/** Who makes releases, as for every other git command of the same settings. */
export function identityOf(settings: readonly GitSetting[]): Identity {
  const last = (name: string) =>
    settings.findLast((setting) => setting.name.toLowerCase() === name && setting.value.trim() !== '')?.value;
  return { name: last('user.name') ?? 'Pool Boy', email: last('user.email') ?? 'pool-boy@localhost' };
}

/** The person at this machine, as git's own commands would name them; null where git would ask who that is. */
export async function authorOf(git: Git): Promise<Identity | null> {
  const name = await setting(git, 'user.name');
  const email = await setting(git, 'user.email');
  return name === null ? null : { name, email: email ?? '' };
}

async function setting(git: Git, key: string): Promise<string | null> {
  const { status, stdout } = await git({ args: ['config', '--get', key] });
  const value = stdout.toString('utf8').trim();
  return status === 0 && value !== '' ? value : null;
}
