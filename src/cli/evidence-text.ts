import { type Build, describeBuild } from '../core/build.ts';
import { type Asked, type Evidence, isAnotherBuild, provesDeath } from '../core/evidence.ts';
import { describePast } from '../core/time-text.ts';

/** What Concourse said about who holds a claim, one fact a line. */
export function evidenceLines(evidence: Evidence, claimedAt: number, now: number): string[] {
  switch (evidence.kind) {
    case 'not-asked':
      return ['It was not asked: the verdict did not need it.'];
    case 'no-concourse':
      return ['None is configured, so nobody can be asked.'];
    case 'unreachable':
      return [`No trustworthy answer: ${evidence.problem}`];
    case 'asked':
      return askedLines(evidence, claimedAt, now);
  }
}

function askedLines(asked: Asked, claimedAt: number, now: number): string[] {
  const { takers, next, forbidden, depth } = asked;
  return [
    claimantLine(asked, claimedAt, now),
    ...takers.map(
      (taker) => `It handed the lock on to ${describeBuild(taker)}, which ${lifeOf(taker, now)}.`,
    ),
    ...(next === null ? [] : [`${next.job} can still take the lock (${next.why}).`]),
    ...(forbidden === null
      ? []
      : [`The account may not look at team ${forbidden.team} on ${forbidden.concourse}.`]),
    ...(depth === 'last-look' ? ['No running build that the account can see has the claim.'] : []),
  ];
}

function claimantLine({ claimant }: Asked, claimedAt: number, now: number): string {
  switch (claimant.kind) {
    case 'no-build':
      return 'The claim names no build.';
    case 'other-concourse':
      return `The claim was made by the Concourse on ${claimant.host}, which is not configured.`;
    case 'not-known':
      return 'It knows no build of that name that fits the claim.';
    case 'found': {
      const { build, foundBy } = claimant.found;
      const how = {
        name: 'under its name',
        pipeline: 'among the builds of its pipeline',
        instance: 'in another instance of its pipeline',
        output: 'by its output',
      }[foundBy];
      const proof = isAnotherBuild(build, claimedAt)
        ? 'It started after the claim, so it is another build of that name.'
        : provesDeath(claimant.found, claimedAt)
          ? `Proof that it made the claim: ${claimant.found.madeTheClaim ? 'the claim is among its outputs' : "the claim's Build URL names it"}.`
          : 'Nothing proves that it made the claim, so its end alone frees nothing.';
      return `The build that claimed was found ${how}: ${describeBuild(build)} ${lifeOf(build, now)}. ${proof}`;
    }
  }
}

function lifeOf(build: Build, now: number): string {
  const started = build.startedAt === null ? '' : `, started ${describePast(build.startedAt, now)}`;
  const ended = build.endedAt === null ? '' : `, ended ${describePast(build.endedAt, now)}`;
  return `is ${build.status}${started}${ended}`;
}
