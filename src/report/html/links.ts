import type { OwnerReport, Report } from '../model.ts';

/**
 * The page of a build. A claim's own Build URL takes precedence; otherwise it is made from the names, if only one
 * Concourse was asked. The names of a claim are a hint, and so is the link.
 */
export function ownerUrl(owner: OwnerReport, concourse: Report['concourse']): string | null {
  if (owner.url !== null) return owner.url;
  const base = onlyOne(concourse);
  if (base === null || owner.build === null) return null;
  if (owner.kind === 'one-off') return `${base}/builds/${encodeURIComponent(owner.build)}`;
  const { team, pipeline, job, build, instance_vars } = owner;
  // Only a Build URL says how Concourse writes an instance.
  if (team === null || pipeline === null || job === null || instance_vars !== null) return null;
  return `${base}/teams/${part(team)}/pipelines/${part(pipeline)}/jobs/${part(job)}/builds/${part(build)}`;
}

/** The page of the build with this id; null where several Concourses may have it. */
export function buildUrl(id: number, concourse: Report['concourse']): string | null {
  const base = onlyOne(concourse);
  return base === null ? null : `${base}/builds/${id}`;
}

function onlyOne(concourse: Report['concourse']): string | null {
  const [first, ...more] = concourse;
  return first === undefined || more.length > 0 ? null : first.url.replace(/\/+$/, '');
}

function part(name: string): string {
  return encodeURIComponent(name.toWellFormed());
}
