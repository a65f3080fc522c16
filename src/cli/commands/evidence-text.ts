import { type Build, isAlive } from '../../core/build.ts';
import { describeBuild } from '../../core/naming.ts';
import { describePast } from '../../core/time.ts';
import type { Asked, Evidence, FoundBuild } from '../../core/verdict/evidence.ts';
import { isAnotherBuild, provesDeath } from '../../core/verdict/proof-of-death.ts';
import { candidatesOf } from '../../core/verdict/rank-claimants.ts';
import { describeForbidden } from '../../core/verdict/verdict-sentence.ts';

/** What Concourse said about who holds a claim, one fact a line. */
export function evidenceLines(evidence: Evidence, claimedAt: number | null, now: number): string[] {
  switch (evidence.kind) {
    case 'not-asked':
      return ['It was not asked: the verdict did not need it.'];
    case 'no-concourse':
      return ['No Concourse is configured.'];
    case 'unreachable':
      return [`No usable answer: ${evidence.problem}`];
    case 'asked':
      return askedLines(evidence, claimedAt, now);
  }
}

function askedLines(asked: Asked, claimedAt: number | null, now: number): string[] {
  const { takers, next, withheld, forbidden, unread, depth } = asked;
  return [
    ...claimantLines(asked, claimedAt, now),
    ...takers.map((taker) => `${describeBuild(taker)} had the claim as an input; it ${lifeOf(taker, now)}.`),
    ...next.map(
      ({ job, why, behind }) => `${job} can still take the lock (${why}), behind ${describeBuild(behind)}.`,
    ),
    ...(withheld === null
      ? []
      : [
          `No job takes the claim while ${withheld.how === 'pinned' ? 'another version' : 'this version'} of ${withheld.resource} is ${withheld.how}.`,
        ]),
    ...(forbidden === null ? [] : [describeForbidden(forbidden)]),
    ...(unread === null ? [] : [unread]),
    ...(depth === 'last-look' && unread === null && !takers.some(isAlive)
      ? ['No running build that the account can see has the claim.']
      : []),
  ];
}

function claimantLines({ claimant }: Asked, claimedAt: number | null, now: number): string[] {
  switch (claimant.kind) {
    case 'no-build':
      return ['The claim names no build.'];
    case 'other-concourse':
      return [`The claim was made by the Concourse on ${claimant.host}, which is not configured.`];
    case 'not-known':
      return ['It has no matching build.'];
    case 'found':
      return candidatesOf(claimant).map((found) => foundLine(found, claimedAt, now));
  }
}

function foundLine(found: FoundBuild, claimedAt: number | null, now: number): string {
  const { build, foundBy } = found;
  const how = {
    name: 'under its name',
    pipeline: 'among the builds of its pipeline',
    instance: 'in another instance of its pipeline',
    output: 'by its output',
  }[foundBy];
  const proof = isAnotherBuild(found, claimedAt)
    ? 'It started after the claim, so it is another build of that name.'
    : provesDeath(found, claimedAt)
      ? `Proof that it made the claim: ${found.madeTheClaim ? 'the claim is among its outputs' : "the claim's Build URL names it"}.`
      : found.madeTheClaim
        ? 'The claim is among its outputs.'
        : isAlive(build)
          ? 'It is alive, which keeps the lock, with or without a proof that it made the claim.'
          : 'Nothing proves that it made the claim, so its end alone frees nothing.';
  return `The build that claimed was found ${how}: ${describeBuild(build)} ${lifeOf(build, now)}. ${proof}`;
}

function lifeOf(build: Build, now: number): string {
  const started = build.startedAt === null ? '' : `, started ${describePast(build.startedAt, now)}`;
  const ended = build.endedAt === null ? '' : `, ended ${describePast(build.endedAt, now)}`;
  return `is ${build.status}${started}${ended}`;
}
