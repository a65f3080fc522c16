// Who made a claim, and what proves that its build ended.
import type { Change } from '../bundle.ts';
import { EVIDENCE, type Rule, VERDICT } from './rule.ts';

const NO_NAMESAKES: Change = {
  file: `${EVIDENCE}/read-build.ts`,
  from: "if (!query.isUrlHere || owner.kind !== 'job'",
  to: "if (query.now > 0 || owner.kind !== 'job'",
};

export const CLAIMANT_RULES: readonly Rule[] = [
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
    name: 'versions are looked for in all teams',
    where: ['a team is renamed'],
    changes: [
      {
        file: `${EVIDENCE}/search-all-pipelines.ts`,
        from: 'groupByPipeline(asking)',
        to: "groupByPipeline(asking.filter(({ team }) => query.claim.owner.kind !== 'job' || team === (query.claim.owner.team ?? query.defaultTeam)))",
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
