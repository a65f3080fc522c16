// What the large hosts say, word for word as users have posted it; names of people and repositories are replaced.
// Read in November 2026 in: greenkeeper-lockfile #103 (GitHub, read-only deploy key), gitlabhq #10417 (GitHub, no
// right), keithamus/css-minify-tests #198 (GitHub, rules), foundry-rs/block-explorers #110 (GitHub, protected branch),
// go-gitea/gitea #31525 and #8472, community.atlassian.com (Bitbucket, branch restriction), kouhan.cn 00038805
// (Bitbucket, read-only key), gitee-pages-action #16 (Gitee).
import { describe, expect, it } from '@jest/globals';
import { answerOf } from '../../../src/git/releases/push-commit.ts';

const URI = 'https://git.example.com/o/locks.git';
const REJECTED = (why: string) => `!\trefs/pool-boy/push:refs/heads/main\t[remote rejected] (${why})\n`;

function answerTo(stderr: string, stdout = '') {
  const outcome = { status: 1, end: 'exited' as const, stdout: Buffer.from(stdout), stderr };
  const answer = answerOf(outcome, { uri: URI, branch: 'main', isPush: true });
  return 'failure' in answer
    ? {
        answer: answer.kind,
        kind: answer.failure.kind,
        isWorthRetry: answer.failure.isWorthRetry,
        message: answer.failure.message,
      }
    : { answer: answer.kind };
}

const COULD_NOT_READ = `fatal: Could not read from remote repository.

Please make sure you have the correct access rights
and the repository exists.
`;

describe('a key or an account that may only read', () => {
  it.each<[string, string, string]>([
    [
      'GitHub, by SSH',
      `ERROR: The key you are authenticating with has been marked as read only.\n${COULD_NOT_READ}`,
      'The key you are authenticating with has been marked as read only',
    ],
    [
      'GitHub, by HTTPS',
      `remote: Permission to o/locks.git denied to somebody.\nfatal: unable to access '${URI}/': The requested URL returned error: 403\n`,
      'Permission to o/locks.git denied to somebody',
    ],
    [
      'Bitbucket',
      `conq: repository access denied. access via a deployment key is read-only.\n${COULD_NOT_READ}`,
      'repository access denied. access via a deployment key is read-only',
    ],
    [
      'Gitee',
      `Access deined: DeployKey does not support push code\n${COULD_NOT_READ}`,
      'DeployKey does not support push code',
    ],
  ])('%s', (_host, stderr, words) => {
    expect(answerTo(stderr)).toEqual({
      answer: 'refused',
      kind: 'not-allowed-to-push',
      isWorthRetry: false,
      message: `${URI} does not let this account push (${words}); give it the right to write.`,
    });
  });
});

describe('a branch that nobody may push to', () => {
  it.each<[string, string, string, string]>([
    [
      'GitHub, protected branch',
      `remote: error: GH006: Protected branch update failed for refs/heads/main.
remote:
remote: - Changes must be made through a pull request.
error: failed to push some refs to 'github.com:o/locks.git'
`,
      'protected branch hook declined',
      'GH006: Protected branch update failed for refs/heads/main. - Changes must be made through a pull request (protected branch hook declined)',
    ],
    [
      'GitHub, rules',
      `remote: error: GH013: Repository rule violations found for refs/heads/main.        
remote: Review all repository rules at https://github.com/o/locks/rules?ref=refs%2Fheads%2Fmain        
remote: 
remote: - Changes must be made through a pull request.        
remote: 
error: failed to push some refs to 'https://github.com/o/locks'
`,
      'push declined due to repository rule violations',
      'GH013: Repository rule violations found for refs/heads/main. Review all repository rules at https://github.com/o/locks/rules?ref=refs%2Fheads%2Fmain - Changes must be made through a pull request (push declined due to repository rule violations)',
    ],
    [
      'Gitea, no right',
      'remote:\nremote: Gitea: User permission denied for writing.\nerror: failed to push some refs\n',
      'pre-receive hook declined',
      'Gitea: User permission denied for writing (pre-receive hook declined)',
    ],
    [
      'Gitea, protected branch',
      'remote: Gitea: protected branch main can not be pushed to\nerror: failed to push some refs\n',
      'pre-receive hook declined',
      'Gitea: protected branch main can not be pushed to (pre-receive hook declined)',
    ],
    [
      'Bitbucket, branch restriction',
      'remote: Permission denied to update branch main.\nerror: failed to push some refs\n',
      'pre-receive hook declined',
      'Permission denied to update branch main (pre-receive hook declined)',
    ],
  ])('%s', (_host, stderr, why, words) => {
    expect(answerTo(stderr, REJECTED(why))).toEqual({
      answer: 'refused',
      kind: 'refused-by-hook',
      isWorthRetry: false,
      message: `${URI} refused the push to main: ${words}.`,
    });
  });
});
