import type { InstanceVars } from './claim-owner.ts';

export type BuildStatus = 'pending' | 'started' | 'succeeded' | 'failed' | 'errored' | 'aborted';

/** A build of Concourse, as the ATC describes it. Times in unix seconds; null while they have not come. */
export interface Build {
  readonly id: number;
  readonly name: string;
  readonly status: BuildStatus;
  readonly team: string;
  readonly pipeline: string | null;
  readonly instanceVars: InstanceVars | null;
  readonly job: string | null;
  readonly startedAt: number | null;
  readonly endedAt: number | null;
  /** The build that this one repeats, with the same inputs; null where it repeats none, or a short list does not tell. */
  readonly rerunOf: number | null;
}

/** The build whose inputs a build and its reruns share. */
export function originalOf({ id, rerunOf }: Build): number {
  return rerunOf ?? id;
}

/** Whether both are one build. Builds of two Concourses can have one number, and even one name. */
export function isSameBuild(a: Build, b: Build): boolean {
  const names = a.id === b.id && a.name === b.name && a.pipeline === b.pipeline && a.team === b.team;
  return names && a.startedAt === b.startedAt && a.endedAt === b.endedAt && a.status === b.status;
}

export function isAlive({ status }: Pick<Build, 'status'>): boolean {
  return status === 'pending' || status === 'started';
}
