import type { Finding } from '../../../core/lint/finding.ts';
import type { Pipeline } from '../../../core/lint/pipeline.ts';

export function lintAsJson(pipelines: readonly Pipeline[], findings: readonly Finding[]) {
  return {
    schema: 1,
    findings: findings.map(({ rule, team, pipeline, job, step, resource, message, fix }) => ({
      rule,
      team,
      pipeline,
      job,
      step,
      resource,
      message,
      fix,
    })),
    summary: {
      pipelines: pipelines.length,
      jobs: pipelines.reduce((sum, { jobs }) => sum + jobs.length, 0),
      findings: findings.length,
    },
  };
}
