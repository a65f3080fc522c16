import { labelOwner } from '../core/naming.ts';
import type { OwnerReport } from './model.ts';

/** The report's keys are flat: the names are null where the owner is of another kind. */
export function ownerName(owner: OwnerReport, author: string): string {
  const { kind, team, pipeline, instance_vars: instanceVars, job, build, url } = owner;
  switch (kind) {
    case 'job':
      return labelOwner(
        {
          kind,
          team,
          pipeline: pipeline ?? '',
          instanceVars,
          varsQuery: null,
          job: job ?? '',
          build: build ?? '',
          url,
        },
        author,
      );
    case 'one-off':
      return labelOwner({ kind, build: build ?? '', url }, author);
    case 'person':
      return labelOwner({ kind }, author);
    case 'unknown':
      return labelOwner({ kind, url }, author);
  }
}
