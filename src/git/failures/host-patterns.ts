import { inBrackets, type MessagePattern, notAllowed } from './message-pattern.ts';
import { remoteWords } from './remote-words.ts';

const refusesAccess: MessagePattern['sentence'] = ({ uri, isPush = false }, _match, stderr) =>
  isPush
    ? `${uri} does not let this account push${inBrackets(stderr)}; give it the right to write.`
    : `${uri} does not let this account read${inBrackets(stderr)}; give it the right to read.`;

/** What git hosts say in their own words, over SSH and HTTP alike, and what is not there. */
export const HOST_PATTERNS: readonly MessagePattern[] = [
  {
    pattern: /SAML|single sign-?on/i,
    isSaidByRemote: true,
    kind: notAllowed,
    sentence: ({ uri }, _match, stderr) =>
      `${uri} requires single sign-on${inBrackets(stderr)}; authorize the key or token for that organization.`,
  },
  {
    pattern: /(?:repository|project|repo)\b.*\barchived|\barchived (?:repository|project|repo)/i,
    isSaidByRemote: true,
    kind: notAllowed,
    sentence: ({ uri }, _match, stderr) =>
      `${uri} is archived, so nobody can push to it${inBrackets(stderr)}; unarchive it, or set uri to another repository.`,
  },
  {
    pattern:
      /marked as read[ -]only|key is read-only|does not support push|does not have write access|deploy key .* (?:read|write)|Write access to repository not granted/i,
    isSaidByRemote: true,
    kind: 'not-allowed-to-push',
    sentence: refusesAccess,
  },
  {
    pattern: /TF401019|You may not have access to this repository or it no longer exists/i,
    isSaidByRemote: true,
    kind: 'no-repository',
    sentence: ({ uri }, _match, stderr) =>
      `There is no git repository at ${uri}, or the given account is not permitted to see it${inBrackets(stderr)}; check uri and the credentials.`,
  },
  {
    pattern:
      /TF401027|Permission to \S+ denied|not allowed to (?:push|download|pull|upload)|not authorized to (?:read|write)|permission denied for (?:read|writ)ing|insufficient permission|do(?:es)? not have (?:the )?(?:permission|access|level)|not permitted to|access denied|^(?:Gitea: |Forgejo: )?(?:Unauthorized|Forbidden)\.?$/im,
    isSaidByRemote: true,
    kind: notAllowed,
    sentence: refusesAccess,
  },
  {
    pattern: /Rate limit|Too many (?:requests|connections|sessions)|maintenance|temporarily unavailable/i,
    isSaidByRemote: true,
    kind: 'server-trouble',
    sentence: ({ uri }, [words], stderr) =>
      `${uri} cannot serve this at the moment (${remoteWords(stderr) || words}); try again later.`,
  },
  {
    pattern: /couldn't find remote ref/,
    kind: 'no-branch',
    sentence: ({ uri, branch }) => `${uri} has no branch ${branch}; set branch to one that is there.`,
  },
  {
    pattern:
      /does not appear to be a git repository|not a git archive|repository '?.*'? ?(?:not found|does not exist|not exported)|Cannot find repository|project you were looking for could not be found|not a git repository|requested URL returned error: 404/i,
    kind: 'no-repository',
    sentence: ({ uri }) =>
      `There is no git repository at ${uri}, or the given account is not permitted to see it; check uri and the credentials.`,
  },
];
