import type { Command } from 'commander';
import { Option } from 'commander';

/** How the text of an option becomes the value of a key. */
export type Reading = 'text' | 'file' | 'list' | 'flag' | 'settings';

/** An option that sets one key of `source`. */
export interface SourceOption {
  readonly flags: string;
  /** The key: `branch`, or `concourse.url` for a key of the Concourse. */
  readonly key: string;
  readonly reading: Reading;
  readonly help: string;
  readonly group: string;
}

const REPOSITORY = 'Lock repository:';
const POLICY = 'When a lock is stale:';
const CONCOURSE = 'Concourse:';
const rules = '(release, timeout, keep)';

const text = (group: string, flags: string, key: string, help: string): SourceOption => ({
  flags,
  key,
  help,
  group,
  reading: 'text',
});

/** Every key that people set by hand, but for secrets: those must not be seen in the list of processes. */
export const SOURCE_OPTIONS: readonly SourceOption[] = [
  text(REPOSITORY, '--repo <url>', 'uri', 'URL or path of the lock repository (POOL_REPO)'),
  text(REPOSITORY, '--branch <name>', 'branch', "its branch (default: the remote's HEAD)"),
  text(
    REPOSITORY,
    '--pools <list>',
    'pools',
    'pools, with minutes after which a lock is stale: aws:60,vsphere:30 (POOLS)',
  ),
  {
    ...text(
      REPOSITORY,
      '--private-key <file>',
      'private_key',
      'SSH key of the repository (or the key itself in POOL_REPO_SSH_PRIVATE_KEY)',
    ),
    reading: 'file',
  },
  text(REPOSITORY, '--private-key-user <name>', 'private_key_user', 'user of the SSH URL'),
  text(
    REPOSITORY,
    '--username <name>',
    'username',
    'user for HTTP (POOL_REPO_USERNAME; the password in POOL_REPO_PASSWORD)',
  ),
  {
    ...text(
      REPOSITORY,
      '--known-hosts <file>',
      'known_hosts',
      'host keys to trust in addition to the built-in keys of major hosts (or the lines in POOL_REPO_KNOWN_HOSTS)',
    ),
    reading: 'file',
  },
  {
    ...text(REPOSITORY, '--skip-host-key-check', 'skip_host_key_check', 'trust any host key'),
    reading: 'flag',
  },
  {
    ...text(
      REPOSITORY,
      '--skip-ssl-verification',
      'skip_ssl_verification',
      "trust any certificate of the repository's host",
    ),
    reading: 'flag',
  },
  {
    ...text(REPOSITORY, '--git-config <name=value>', 'git_config', 'a setting of git, such as user.name=Ada'),
    reading: 'settings',
  },
  text(
    POLICY,
    '--stale-after <duration>',
    'stale_after',
    'age at which a lock is stale: 60 (minutes), 90m, 3h, 2d',
  ),
  {
    ...text(POLICY, '--exclude <glob>', 'exclude', 'never release locks of such names; may be repeated'),
    reading: 'list',
  },
  text(
    POLICY,
    '--grace <duration>',
    'grace',
    'do not release within this time after a claim or the end of a build',
  ),
  text(POLICY, '--error-grace <duration>', 'error_grace', 'the same after a build that errored'),
  text(POLICY, '--warn-after <duration>', 'warn_after', 'warn of locks that are held longer'),
  text(
    POLICY,
    '--on-success <rule>',
    'on_success',
    'for a claimant that succeeded (handover, timeout, release, keep)',
  ),
  text(
    POLICY,
    '--handover-timeout <duration>',
    'handover_timeout',
    'how long a job that only waits keeps the lock (default: as long as it waits)',
  ),
  text(POLICY, '--on-failure <rule>', 'on_failure', `for one that failed ${rules}`),
  text(POLICY, '--on-error <rule>', 'on_error', `for one that errored ${rules}`),
  text(POLICY, '--on-abort <rule>', 'on_abort', `for one that was aborted ${rules}`),
  text(POLICY, '--by-hand-rule <rule>', 'by_hand', 'for claims by people (timeout, keep)'),
  text(
    POLICY,
    '--release-to <pool>',
    'release_to',
    'the pool that released locks go to, to be cleaned there',
  ),
  text(CONCOURSE, '--concourse-url <url>', 'concourse.url', 'the Concourse to ask (CONCOURSE_BASE_URL)'),
  text(
    CONCOURSE,
    '--concourse-username <name>',
    'concourse.username',
    'a local user (CONCOURSE_USERNAME; the password in CONCOURSE_PASSWORD, or a token in CONCOURSE_TOKEN)',
  ),
  text(
    CONCOURSE,
    '--concourse-team <name>',
    'concourse.team',
    'the team of claims that name none (default: main)',
  ),
  {
    ...text(CONCOURSE, '--former-url <url>', 'concourse.former_urls', 'previous URL; may be repeated'),
    reading: 'list',
  },
  {
    ...text(
      CONCOURSE,
      '--concourse-ca-cert <file>',
      'concourse.ca_cert',
      'certificate to trust, in PEM form',
    ),
    reading: 'file',
  },
  {
    ...text(
      CONCOURSE,
      '--concourse-skip-ssl-verification',
      'concourse.skip_ssl_verification',
      "trust any certificate of Concourse's host",
    ),
    reading: 'flag',
  },
  text(
    CONCOURSE,
    '--when-unreachable <rule>',
    'concourse.when_unreachable',
    'fail, or keep the locks (default: fail)',
  ),
  text('Other:', '--push-gateway <url>', 'prometheus_push_gateway', 'Prometheus push gateway for metrics'),
];

/** Adds them, and those that say where to read the rest from. */
export function addSourceOptions(program: Command): void {
  program
    .option('--source <file>', `a resource's source as YAML or JSON; \${NAME} is an environment variable`)
    .addOption(
      new Option('--target <name>', 'the Concourse and the token of a target of fly (~/.flyrc)').helpGroup(
        CONCOURSE,
      ),
    );
  for (const { flags, help, group, reading } of SOURCE_OPTIONS) {
    const option = new Option(flags, help).helpGroup(group);
    if (reading === 'list' || reading === 'settings') option.argParser<string[]>(collect);
    program.addOption(option);
  }
}

/** For options that may be repeated. */
export function collect(value: string, before: readonly string[] | undefined): string[] {
  return [...(before ?? []), value];
}

/** As commander names what it parsed: `--stale-after <duration>` is `staleAfter`. */
export function attributeOf({ flags }: SourceOption): string {
  return new Option(flags).attributeName();
}

export function longFlagOf({ flags }: SourceOption): string {
  return flags.split(' ')[0] ?? flags;
}
