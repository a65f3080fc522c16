/** Who made a claim, as far as the claim commit's message says. A name in a message is a hint, never a proof. */
export type Owner =
  | JobOwner
  | { readonly kind: 'one-off'; readonly build: string; readonly url: string | null }
  | { readonly kind: 'person' }
  | { readonly kind: 'unknown'; readonly url: string | null };

export interface JobOwner extends JobName {
  readonly kind: 'job';
  readonly instanceVars: InstanceVars | null;
  /** The query that picks the pipeline's instance, as the message has it (`vars.branch="main"`), or null. */
  readonly varsQuery: string | null;
  /** A build's *name*: digits, or `N.M` for a rerun. */
  readonly build: string;
  readonly url: string | null;
}

export interface JobName {
  /** Messages before 2018-12 carry no team. */
  readonly team: string | null;
  readonly pipeline: string;
  readonly job: string;
}

/**
 * The owner in each way in which its name can be read, the likeliest first. A job's name can hold a slash (Concourse
 * only warns of it), so `A/B/C` of a message is job C of pipeline B, or, before 2018-12, job B/C of pipeline A. A Build
 * URL and instance vars leave no choice.
 */
export function readingsOf(owner: JobOwner): readonly JobOwner[] {
  const { team, pipeline, job, url, instanceVars } = owner;
  if (team === null || url !== null || instanceVars !== null) return [owner];
  return [owner, { ...owner, team: null, pipeline: team, job: `${pipeline}/${job}` }];
}

export type InstanceVars = { readonly [key: string]: unknown };
