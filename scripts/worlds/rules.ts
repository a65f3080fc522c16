// The rules that protect a holder, or keep a lock from getting stuck, and what takes each of them out.
import type { Change } from './bundle.ts';

export type Rule = {
  name: string;
  /** What leads to a world that needs the rule, each as it stands in a script. */
  where?: readonly string[];
  /** What makes up for the rule where it is missing: it is taken out as well, and what goes wrong for that does not count. */
  covers?: readonly Change[];
  changes: readonly Change[];
};

const VERDICT = 'src/core/verdict';
const EVIDENCE = 'src/atc/evidence';

const NO_NAMESAKES: Change = {
  file: `${EVIDENCE}/read-build.ts`,
  from: "if (!query.isUrlHere || owner.kind !== 'job'",
  to: "if (query.now > 0 || owner.kind !== 'job'",
};

export const RULES: readonly Rule[] = [
  {
    name: 'an output settles who claimed, whatever a name says',
    where: ['changes hands'],
    changes: [
      {
        file: `${VERDICT}/rank-claimants.ts`,
        from: 'const [found, ...others] = candidates.toSorted(',
        to: 'const [found, ...others] = (candidates.some(({ foundBy }) => foundBy === "name") ? candidates.filter(({ foundBy }) => foundBy === "name") : candidates).toSorted(',
      },
    ],
  },
  {
    name: 'a URL alone proves only what began before the claim',
    where: ['a name changes hands, and versions', '"messages":"url"'],
    covers: [NO_NAMESAKES],
    changes: [
      {
        file: `${VERDICT}/proof-of-death.ts`,
        from: 'const URL_TOLERANCE = 30;',
        to: 'const URL_TOLERANCE = 1e9;',
      },
    ],
  },
  {
    name: 'a URL proves nothing while one that runs may have had the name',
    where: ['a name changes hands, and versions', '"messages":"url"'],
    changes: [NO_NAMESAKES],
  },
  {
    name: 'whoever took it and succeeded passes it on',
    where: ['without passed'],
    changes: [
      {
        file: `${EVIDENCE}/pipeline-evidence.ts`,
        from: 'const succeeded = [...takers, ...makers]',
        to: 'const succeeded = [...makers]',
      },
    ],
  },
  {
    name: 'the last look sees who has just ended',
    where: ['bystander'],
    changes: [
      {
        file: `${EVIDENCE}/last-look.ts`,
        from: "(status === 'pending' && rerunOf !== null) || hasJustEnded(build, span, span.now)",
        to: "(status === 'pending' && rerunOf !== null)",
      },
    ],
  },
  {
    name: 'a job that waits for another input can take it',
    where: ['other code'],
    changes: [{ file: `${EVIDENCE}/jobs-behind.ts`, from: "return 'undetermined';", to: 'return null;' }],
  },
  {
    name: 'with version: every an older version comes first',
    where: ['every version', 'several locks are handed on'],
    changes: [{ file: `${EVIDENCE}/jobs-behind.ts`, from: "return 'in-turn';", to: 'return null;' }],
  },
  {
    name: 'a paused job can take it',
    where: ['to a job that was paused before'],
    changes: [
      {
        file: `${EVIDENCE}/jobs-behind.ts`,
        from: "isPaused ? 'paused' : whyItWaits(shown)",
        to: 'whyItWaits(shown)',
      },
    ],
  },
  {
    name: 'what runs is read whatever its job names now',
    where: ['set without its pool'],
    changes: [
      {
        file: `${EVIDENCE}/last-look.ts`,
        from: '(build) => isAtWork(build) && !isOurs(build),',
        to: '(build) => { const job = jobOf(build); return isAtWork(build) && !isOurs(build) && (job === null || canTouchPool(job)); },',
      },
      {
        file: `${EVIDENCE}/takers-by-plan.ts`,
        from: 'const atWork = builds.filter((build) => mayBeAtWork(build, query));',
        to: 'const atWork = builds.filter((build) => mayBeAtWork(build, query) && mayHaveTaken(build, query, jobs, pools));',
      },
    ],
  },
  {
    name: 'plans tell who took what is out of sight',
    where: ['rotated'],
    changes: [
      {
        file: `${EVIDENCE}/pipeline-evidence.ts`,
        from: 'const takers = await takersByPlan(atc, query, pipeline);',
        to: 'const takers: Build[] = []; void takersByPlan;',
      },
      {
        file: `${EVIDENCE}/read-build.ts`,
        from: 'if (!hasHiddenInput(job, inputs, mayBePoolNamed))',
        to: 'if (!hasHiddenInput(job, inputs, mayBePoolNamed) || true)',
      },
    ],
  },
  {
    name: 'instance vars are compared as values',
    where: ['a b&c', '"messages":"url"', 'is renamed after it handed'],
    covers: [
      {
        file: `${EVIDENCE}/find-holders.ts`,
        from: '? foundOnly(made)',
        to: '? { candidates: proven, pipelines }',
      },
      {
        file: `${EVIDENCE}/pipeline-evidence.ts`,
        from: 'known.some(({ madeTheClaim }) => madeTheClaim) ? []',
        to: 'known.some(({ madeTheClaim }) => madeTheClaim) || pipeline.vars !== null ? []',
      },
    ],
    changes: [
      {
        file: 'src/atc/api/api-requests.ts',
        from: 'return isSameValue(row.instanceVars, vars === null ? null : instanceVarsOfQuery(vars));',
        to: 'return (pipelineOf(row)?.vars ?? null) === vars;',
      },
    ],
  },
  {
    name: "a slash in a job's name is read in every way",
    where: ['/prod', 'no-team', 'while a build has a lock'],
    changes: [
      {
        file: 'src/core/claim-owner.ts',
        // biome-ignore lint/suspicious/noTemplateCurlyInString: this is what stands in the source.
        from: 'return [owner, { ...owner, team: null, pipeline: team, job: `${pipeline}/${job}` }];',
        to: 'return [owner];',
      },
    ],
  },
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
    name: 'versions are looked for in all teams',
    where: ['a team is renamed'],
    changes: [
      {
        file: `${EVIDENCE}/search-all-pipelines.ts`,
        from: 'groupByPipeline(pools.filter(',
        to: "groupByPipeline(pools.filter(({ team }) => query.claim.owner.kind !== 'job' || team === (query.claim.owner.team ?? query.defaultTeam)).filter(",
      },
    ],
  },
  {
    name: 'a claim that names nobody is looked for by its version',
    where: ['empty-url'],
    changes: [
      {
        file: `${EVIDENCE}/find-holders.ts`,
        from: "if (owner.kind === 'unknown') return await askByVersion(atc, query);",
        to: "if (owner.kind === 'unknown') return { ...answer(atc, query, []), claimant: { kind: 'no-build' } }; void askByVersion;",
      },
      {
        file: `${EVIDENCE}/search-all-pipelines.ts`,
        from: 'const known = candidatesOf(asked.claimant);',
        to: "const known = candidatesOf(asked.claimant);\n  if (query.claim.owner.kind === 'unknown') return asked;",
      },
    ],
  },
  {
    name: 'the timeout counts from the claim where that is later',
    where: ['its put claims late'],
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
    name: 'a waiting rerun of a taker keeps the lock',
    where: ['a build of a paused job is run again'],
    changes: [
      {
        file: `${EVIDENCE}/last-look.ts`,
        from: "(status === 'pending' && rerunOf !== null) || hasJustEnded",
        to: 'hasJustEnded',
      },
    ],
  },
  {
    name: 'a number or vars that Concourse refuses count for that claim only',
    where: ['nonsense'],
    changes: [
      {
        file: 'src/atc/http/atc-session.ts',
        from: "if (isNamedByMessage && reply.status === 400 && reply.sender.kind === 'atc') return { kind: 'missing' };",
        to: '',
      },
    ],
  },
  {
    name: "one job's next inputs may fail",
    where: ['of a paused job is renamed'],
    changes: [
      {
        file: 'src/atc/http/atc-session.ts',
        from: "if (isFailureOf(kind, error)) return { kind: 'failing' };",
        to: 'void isFailureOf;',
      },
    ],
  },
  {
    name: 'checks hold nothing',
    where: ['checks now', '"roles":["main"]', '"team":"other"', '"public":true'],
    changes: [
      {
        file: 'src/atc/api/build-lists.ts',
        from: 'return builds.filter(({ isCheck }) => !isCheck);',
        to: 'return builds;',
      },
    ],
  },
  {
    name: 'the list of all builds is read to the end',
    where: ['is run by hand, and many'],
    changes: [
      {
        file: 'src/atc/api/build-lists.ts',
        from: 'if (builds.length < PAGE) return { builds: withoutChecks(found), completeFrom: 0 };',
        to: 'return { builds: withoutChecks(found), completeFrom: 0 };',
      },
    ],
  },
  {
    name: "the list of a job's builds is read to the end",
    where: ['hangs for days'],
    changes: [
      { file: 'src/atc/api/build-lists.ts', from: 'if (last <= from) break;', to: 'if (last > 0) break;' },
    ],
  },
  {
    name: 'a stranger keeps a lock only while it can have it',
    where: ['hangs for days', '"roles":["main"]', '"team":"other"', '"public":true'],
    changes: [
      {
        file: `${EVIDENCE}/read-build.ts`,
        from: 'if (claimedAt === null || build.startedAt === null) return true;',
        to: 'if (claimedAt !== Number.NaN) return true;',
      },
    ],
  },
  {
    name: 'a job behind a holder keeps the lock',
    changes: [
      {
        file: `${VERDICT}/holders.ts`,
        from: "if (next === null || policy.onSuccess !== 'handover') return false;",
        to: 'return false;',
      },
    ],
  },
  {
    name: 'a job that has had it counts while a build of it waits',
    where: ['waits in a job that is paused'],
    changes: [
      {
        file: `${EVIDENCE}/jobs-behind.ts`,
        from: "if (!builds.some(({ status }) => status === 'pending')) return NOBODY;",
        to: 'if (builds.length >= 0) return NOBODY;',
      },
    ],
  },
  {
    name: 'an archived pipeline waits for nothing',
    changes: [
      {
        file: `${EVIDENCE}/jobs-behind.ts`,
        from: 'if (state === null || state.archived) return NOBODY;',
        to: 'if (state === null) return NOBODY;',
      },
    ],
  },
  {
    name: 'a last look comes before each release',
    where: ['run by hand'],
    changes: [
      {
        file: `${EVIDENCE}/last-look.ts`,
        from: 'return { builds, pools: takenPools(resources, jobs) };',
        to: 'return { builds: builds.slice(0, 0), pools: takenPools(resources, jobs) };',
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
    name: 'a claim of its own among the outputs is evidence against',
    where: ['a name changes hands, and versions', '"messages":"url"'],
    covers: [NO_NAMESAKES],
    changes: [
      {
        file: `${VERDICT}/proof-of-death.ts`,
        from: 'found.namedByUrl && found.madeAnotherClaim === null &&',
        to: 'found.namedByUrl &&',
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
  {
    name: 'whoever takes a release back claims the lock at that time',
    where: ['takes a release back'],
    changes: [
      {
        file: 'src/git/claims/find-claims.ts',
        from: 'parseClaimMessage(text.message, lock)',
        to: 'parseClaimMessage(origin.text.message, lock)',
      },
      {
        file: 'src/git/claims/find-claims.ts',
        from: 'committedAt: text.committedAt,',
        to: 'committedAt: origin.text.committedAt,',
      },
      {
        file: 'src/git/claims/find-claims.ts',
        from: 'parentCommittedAt: dates.length === 0 ?',
        to: 'parentCommittedAt: dates.length === 0 || origin.restores !== null ?',
      },
    ],
  },
  {
    name: 'builds know a lock by the claim that was taken back',
    where: ['takes a release back'],
    changes: [
      {
        file: 'src/core/lock.ts',
        from: 'return restores === null ? [commit] : [commit, restores];',
        to: 'return restores === null ? [commit] : [commit];',
      },
    ],
  },
  {
    name: 'other instances of a pipeline are searched',
    where: ['a b&c', '"messages":"team"', 'while a build has a lock'],
    changes: [
      {
        file: `${EVIDENCE}/search-claimant.ts`,
        from: 'if (named.vars !== null) return [];',
        to: "if (named.name !== '') return [];",
      },
    ],
  },
];
