import type { GitSetting } from '../../core/source/repository-source.ts';

export type GitEnvironment = Readonly<Record<string, string>>;

/** The variables of our own environment that git and its children get. */
const PASSED_ON = [
  'PATH',
  'HOME',
  'XDG_CONFIG_HOME',
  'USER',
  'LOGNAME',
  'TMPDIR',
  'GNUPGHOME',
  'GIT_CONFIG_GLOBAL',
  'GIT_CONFIG_SYSTEM',
  'GIT_CONFIG_NOSYSTEM',
  'GIT_SSL_CAINFO',
  'GIT_SSL_CAPATH',
  'GIT_SSL_CERT',
  'GIT_SSL_KEY',
  'GIT_SSL_NO_VERIFY',
  'GIT_PROXY_SSL_CAINFO',
  'SSL_CERT_FILE',
  'SSL_CERT_DIR',
  'http_proxy',
  'https_proxy',
  'all_proxy',
  'no_proxy',
  'HTTPS_PROXY',
  'ALL_PROXY',
  'NO_PROXY',
];

/**
 * Set last, so that nothing that a repository or its owner brings runs here, and so that git's output is what the
 * parsers expect.
 */
const OURS: readonly GitSetting[] = [
  { name: 'core.hooksPath', value: '/dev/null' },
  { name: 'core.fsmonitor', value: 'false' },
  { name: 'gc.auto', value: '0' },
  { name: 'maintenance.auto', value: 'false' },
  { name: 'submodule.recurse', value: 'false' },
  { name: 'fetch.recurseSubmodules', value: 'false' },
  { name: 'push.recurseSubmodules', value: 'no' },
  { name: 'push.followTags', value: 'false' },
  // The quick way to find what a push must send would look into contents that the copy lacks.
  { name: 'pack.useSparse', value: 'false' },
  { name: 'fetch.fsckObjects', value: 'false' },
  { name: 'log.showRoot', value: 'true' },
  { name: 'log.diffMerges', value: 'separate' },
  { name: 'log.follow', value: 'false' },
  { name: 'diff.orderFile', value: '/dev/null' },
  { name: 'diff.ignoreSubmodules', value: 'none' },
  { name: 'diff.relative', value: 'false' },
  { name: 'i18n.logOutputEncoding', value: 'UTF-8' },
  // Each of these takes precedence over color.ui.
  ...['ui', 'diff', 'push', 'transport', 'remote', 'advice'].map((what) => ({
    name: `color.${what}`,
    value: 'false',
  })),
];

/**
 * The whole environment of every git command. Settings go in as variables: argv can be read by every process of the
 * machine, and a file would outlive a crash.
 */
export function gitEnvironment(
  outer: NodeJS.ProcessEnv,
  settings: readonly GitSetting[],
  variables: Readonly<Record<string, string>> = {},
): GitEnvironment {
  const environment: Record<string, string> = {};
  for (const name of PASSED_ON) {
    const value = outer[name];
    if (value !== undefined) environment[name] = value;
  }
  const all = [...settings, ...OURS];
  all.forEach(({ name, value }, index) => {
    environment[`GIT_CONFIG_KEY_${index}`] = name;
    environment[`GIT_CONFIG_VALUE_${index}`] = value;
  });
  return {
    ...environment,
    ...variables,
    GIT_CONFIG_COUNT: String(all.length),
    // Messages are classified by their English words, and no person is there to answer a prompt.
    LC_ALL: 'C',
    GIT_TERMINAL_PROMPT: '0',
    GIT_ASKPASS: 'false',
    SSH_ASKPASS: 'false',
    GIT_ALLOW_PROTOCOL: 'file:git:http:https:ssh',
    GIT_ADVICE: '0',
    // Else `git log` writes to a pipe after every single commit, which costs both sides more than the commit.
    GIT_FLUSH: '0',
    GIT_DEFAULT_HASH: 'sha1',
    GIT_DEFAULT_REF_FORMAT: 'files',
  };
}
