// Graces, timeouts, holds, and the rule `keep`.
import { type Rule, VERDICT } from './rule.ts';

export const TIME_RULES: readonly Rule[] = [
  {
    name: 'keep covers takers, too',
    where: ['keep'],
    changes: [
      {
        file: `${VERDICT}/judge.ts`,
        from: "if (ended.some(({ status }) => ruleFor(status, policy) === 'keep')) return 'kept';",
        to: "if (asked !== null && possibleClaimants(asked, since).some(({ build }) => ruleFor(build.status, policy) === 'keep')) return 'kept';",
      },
    ],
  },
  {
    name: 'the timeout counts from the claim where that is later',
    where: ['its put claims late', '"messages":"team"'],
    changes: [
      {
        file: `${VERDICT}/holders.ts`,
        from: 'countedFrom: Math.max(since ?? now, holdEnd(claim, now) ?? 0, ...ends),',
        to: 'countedFrom: Math.max(ends.length > 0 ? Math.max(...ends) : (since ?? now), holdEnd(claim, now) ?? 0),',
      },
    ],
  },
  {
    name: "the timeout counts from the last holder's end",
    changes: [
      {
        file: `${VERDICT}/holders.ts`,
        from: 'countedFrom: Math.max(since ?? now, holdEnd(claim, now) ?? 0, ...ends),',
        to: 'countedFrom: Math.max(since ?? now, holdEnd(claim, now) ?? 0),',
      },
    ],
  },
  {
    name: 'a hold counts while it lasts',
    where: ['holds a lock'],
    changes: [
      {
        file: `${VERDICT}/holders.ts`,
        from: 'until === null || until <= now) return null;',
        to: 'until === null || until > 0) return null;',
      },
    ],
  },
  {
    name: 'the timeout counts from the end of a hold',
    where: ['holds a lock'],
    changes: [{ file: `${VERDICT}/holders.ts`, from: 'holdEnd(claim, now) ?? 0, ...ends', to: '...ends' }],
  },
  {
    name: 'handover_timeout ends the wait for a job',
    where: ['handover_timeout'],
    changes: [
      {
        file: `${VERDICT}/holders.ts`,
        from: 'return !onlyWaits(next.why) || !isHandoverOver(times, policy);',
        to: 'void isHandoverOver;\n  return true;',
      },
    ],
  },
  {
    name: 'handover_timeout ends nothing for a build that waits',
    where: ['handover_timeout', 'waits in a job that is paused'],
    changes: [
      {
        file: `${VERDICT}/holders.ts`,
        from: 'return !onlyWaits(next.why) || !isHandoverOver(times, policy);',
        to: 'return !isHandoverOver(times, policy);',
      },
    ],
  },
  {
    name: 'a build that has just ended keeps its lock for its grace',
    changes: [
      {
        file: `${VERDICT}/judge.ts`,
        from: "return 'build-just-ended';",
        to: 'return reasonByRule(input, asked);',
      },
    ],
  },
  {
    name: 'a build that errored has a longer grace',
    where: ['cut off', '"on_error":"release"', '"messages":"url"'],
    changes: [
      {
        file: 'src/core/policy.ts',
        from: "return status === 'errored' ? Math.max(grace, errorGrace) : grace;",
        to: 'return grace;',
      },
    ],
  },
  {
    name: 'by_hand: keep keeps what a person claims',
    where: ['a person claims a lock', '"by_hand":"keep"'],
    changes: [
      {
        file: `${VERDICT}/judge.ts`,
        from: "if (lock.claim.owner.kind === 'person' && policy.byHand === 'keep') return 'kept';",
        to: '',
      },
    ],
  },
];
