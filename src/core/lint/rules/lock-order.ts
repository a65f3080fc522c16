import type { Finding } from '../finding.ts';
import { replaced } from '../fix/rewrite.ts';
import { jobYaml, stepYaml } from '../fix/yaml.ts';
import { isSamePool, lockNamed, pathsWhileHeld, waits } from '../held-together.ts';
import type { Job, Pipeline } from '../pipeline.ts';
import { comparePools, poolTitle } from '../pool-identity.ts';
import { lockOrder } from '../sentences.ts';
import type { PutStep } from '../step.ts';
import { claimsIn, type Taking, takeoversIn } from '../taking.ts';
import { hasTimeLimit } from '../time-limit.ts';
import type { Around } from './around.ts';
import { makeFinding } from './make-finding.ts';

/** A job that holds one lock and waits for another. */
interface Order {
  readonly pipeline: Pipeline;
  readonly job: Job;
  readonly held: Taking;
  readonly wanted: Taking & { readonly step: PutStep };
}

/** Two jobs take locks of two pools in opposite orders, and neither stops waiting. Told at the second of them. */
export function findLockOrder({ pipelines }: Around): Finding[] {
  const orders = pipelines.flatMap((pipeline) => pipeline.jobs.flatMap((job) => ordersIn(pipeline, job)));
  return orders.flatMap((here, i) => {
    const there = orders.slice(0, i).find((one) => isOpposite(one, here));
    return there === undefined ? [] : [told(here, there)];
  });
}

function ordersIn(pipeline: Pipeline, job: Job): Order[] {
  const claims = claimsIn(pipeline, job);
  return [...takeoversIn(pipeline, job), ...claims].flatMap((held) => {
    const paths = pathsWhileHeld(pipeline, job, held);
    return claims.flatMap(({ step, pool }) => {
      if (step.kind !== 'put' || step === held.step || !paths.has(step.path)) return [];
      const wanted = { step, pool };
      const endless = waits(wanted) && !hasTimeLimit(job.body, step.path);
      return endless && !isSamePool(held, wanted) ? [{ pipeline, job, held, wanted }] : [];
    });
  });
}

function isOpposite(one: Order, other: Order): boolean {
  if (one.pipeline === other.pipeline && neverTogether(one.job, other.job)) return false;
  const isInOne = one.pipeline === other.pipeline;
  return canBeSame(one.held, other.wanted, isInOne) && canBeSame(one.wanted, other.held, isInOne);
}

function neverTogether(one: Job, other: Job): boolean {
  return one === other || one.serialGroups.some((name) => other.serialGroups.includes(name));
}

function canBeSame(one: Taking, other: Taking, isInOnePipeline: boolean): boolean {
  const isSame = isInOnePipeline ? isSamePool(one, other) : comparePools(one.pool, other.pool) === 'same';
  const [a, b] = [lockNamed(one), lockNamed(other)];
  return isSame && (a === null || b === null || a === b);
}

function told(here: Order, there: Order): Finding {
  const { pipeline, job, wanted } = here;
  const message = lockOrder(
    { where: `Job ${job.name}`, first: title(here.held), second: title(wanted) },
    { where: whereIs(there, pipeline), first: title(there.held), second: title(there.wanted) },
  );
  const place = { pipeline, job, step: wanted.step };
  return makeFinding('lock-order', place, { message, fix: fixOf(here), claimedBy: [] });
}

function whereIs({ pipeline, job }: Order, here: Pipeline): string {
  return pipeline === here ? `job ${job.name}` : `job ${job.name} of pipeline ${pipeline.name}`;
}

function title({ pool, step }: Taking): string {
  return `pool ${poolTitle(pool, step.resource)}`;
}

/** The claims change places; where one lock came from a job in front, the wait for the other gets an end. */
function fixOf({ job, held, wanted }: Order): string {
  const { step } = held;
  if (step.kind !== 'put') return stepYaml({ ...wanted.step, timeout: '1h' });
  const body = swapped(job, step, wanted.step);
  return jobYaml({ ...job, body });
}

function swapped({ body }: Job, one: PutStep, other: PutStep): Job['body'] {
  const marked = replaced(body, one.path, () => ({ ...other, path: 'moved' }));
  const both = replaced(marked, other.path, () => one);
  return replaced(both, 'moved', () => other);
}
