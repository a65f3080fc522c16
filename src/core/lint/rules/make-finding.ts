import type { Finding, Rule } from '../finding.ts';
import type { Job, Pipeline } from '../pipeline.ts';
import type { GetStep, PutStep } from '../step.ts';

interface Place {
  readonly pipeline: Pipeline;
  readonly job: Job;
  readonly step: PutStep | GetStep;
}

export function makeFinding(
  rule: Rule,
  { pipeline, job, step }: Place,
  told: Pick<Finding, 'message' | 'fix'> & Partial<Pick<Finding, 'claimedBy'>>,
): Finding {
  return {
    rule,
    team: pipeline.team,
    pipeline: pipeline.name,
    job: job.name,
    step: step.path,
    resource: step.resource,
    claimedBy: [job.name],
    ...told,
  };
}
