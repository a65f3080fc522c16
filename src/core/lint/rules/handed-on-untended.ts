import type { Finding } from '../finding.ts';
import { releasedAlways } from '../fix/release-always.ts';
import { jobYaml, stepYaml } from '../fix/yaml.ts';
import {
  isReturnedBehind,
  isReturnedElsewhere,
  startsByItself,
  type Takeover,
  takeoversOf,
} from '../handover.ts';
import { type LockUse, untended } from '../leaks.ts';
import { neverReturnedBehind, startedByHand, untendedBehind } from '../sentences.ts';
import type { Around } from './around.ts';
import { makeFinding } from './make-finding.ts';

/** The lock is handed on, and the jobs behind do not return it in every case, or only when a person starts them. */
export function findHandedOnUntended(use: LockUse, around: Around): Finding[] {
  return visit(takeoversOf(use), use.job.name, around, new Set([use.job.name]));
}

/** `takeovers`: all those by which one lock can go on from one job; `seen`: the jobs that were behind already. */
function visit(
  takeovers: readonly Takeover[],
  claimer: string,
  around: Around,
  seen: Set<string>,
): Finding[] {
  if (takeovers.some((one) => isReturnedBehind(one))) return [];
  // A job that does nothing to the lock may only read what it holds.
  const active = takeovers.filter(({ use }) => use.returns.length > 0 || takeoversOf(use).length > 0);
  const [first] = takeovers;
  if (active.length === 0)
    return first === undefined || isReturnedElsewhere(around.pipelines, first.use.taking)
      ? []
      : [neverReturned(first, claimer)];
  return active.flatMap((one) => {
    const gaps = gapsOf(one, claimer, active.length > 1);
    if (seen.has(one.use.job.name)) return gaps;
    seen.add(one.use.job.name);
    return [...gaps, ...visit(takeoversOf(one.use), claimer, around, seen)];
  });
}

function neverReturned({ use, get }: Takeover, claimer: string): Finding {
  const message = neverReturnedBehind(get, use.job.name);
  const fix = jobYaml(releasedAlways(use, { handsOn: false }));
  return found({ use, get }, { message, fix, claimedBy: [claimer] });
}

function gapsOf(takeover: Takeover, claimer: string, isShared: boolean): Finding[] {
  const { use, get } = takeover;
  const handsOn = takeoversOf(use).length > 0;
  const endings = untended(use, { handsOn });
  const findings: Finding[] = [];
  // Of several jobs that have the lock at once, one that only passes it on must not release it under the others.
  const isOthers = isShared && use.returns.length === 0;
  if (endings.length > 0 && !isOthers) {
    const message = untendedBehind(get, endings);
    const fix = jobYaml(releasedAlways(use, { handsOn }));
    findings.push(found(takeover, { message, fix, claimedBy: [claimer] }));
  }
  if (!startsByItself(use.job)) {
    const message = startedByHand(get, use.job.name);
    const fix = stepYaml({ ...get, trigger: true });
    findings.push(found(takeover, { message, fix, claimedBy: [claimer] }));
  }
  return findings;
}

function found(
  { use: { pipeline, job }, get }: Takeover,
  told: Pick<Finding, 'message' | 'fix' | 'claimedBy'>,
): Finding {
  return makeFinding('handed-on-untended', { pipeline, job, step: get }, told);
}
