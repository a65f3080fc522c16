import type { Build } from './build.ts';
import type { InstanceVars, Owner } from './claim-owner.ts';

/** The path of a job, from the team down. `team` is null where a message does not name it. */
export interface JobPath {
  readonly team: string | null;
  readonly pipeline: string;
  readonly instanceVars: InstanceVars | null;
  readonly job: string;
}

/** A job as people write it: `main/deploy/test`, `main/deploy/{"branch":"x"}/test`. */
export function describeJob({ team, pipeline, instanceVars, job }: JobPath): string {
  const vars = instanceVars === null ? null : JSON.stringify(instanceVars);
  return [team, pipeline, vars, job].filter((part) => part !== null).join('/');
}

/** A build of a job, by the build's name: `main/deploy/test #2`. */
export function describeJobBuild(path: JobPath, build: string): string {
  return `${describeJob(path)} #${build}`;
}

/** `main/deploy/test #2`, or `one-off build 7 of team main`. */
export function describeBuild({ id, name, team, pipeline, instanceVars, job }: Build): string {
  if (pipeline === null || job === null) return `one-off build ${id} of team ${team}`;
  return describeJobBuild({ team, pipeline, instanceVars, job }, name);
}

/** Who made a claim, inside a sentence: the build that the message names, or the author of a claim by hand. */
export function describeOwner(owner: Owner, author: string): string {
  switch (owner.kind) {
    case 'job':
      return describeJobBuild(owner, owner.build);
    case 'one-off':
      return `one-off build ${owner.build}`;
    case 'person':
      return author;
    case 'unknown':
      return 'an unknown holder';
  }
}

/** Who made a claim, alone in a table cell, where nothing else says that it was made by hand. */
export function labelOwner(owner: Owner, author: string): string {
  const name = describeOwner(owner, author);
  return owner.kind === 'person' ? `${name} (by hand)` : name;
}

/** The job that claimed, without the build: what the figures of a job are gathered under. */
export function labelJob(owner: Owner): string {
  switch (owner.kind) {
    case 'job':
      return describeJob(owner);
    case 'one-off':
      return 'one-off builds';
    case 'person':
      return 'by hand';
    case 'unknown':
      return 'unknown';
  }
}
