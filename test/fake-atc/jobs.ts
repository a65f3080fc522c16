import { maySee } from './access.ts';
import { type Answer, empty, json, text } from './answer.ts';
import type { Ask, PipelineAsk } from './ask.ts';
import { withJob } from './builds.ts';
import { nextInputs } from './next-inputs.ts';
import { presentJob } from './present.ts';
import type { Pipeline } from './types.ts';

export function answerJobs({ pipeline }: PipelineAsk): Answer {
  return json(presentJobs(pipeline));
}

export function answerJob(ask: PipelineAsk): Answer {
  return withJob(ask, (job) => json(presentJob(ask.pipeline, job)));
}

export function answerAllJobs({ ci, access }: Ask): Answer {
  if (ci.jobsLimited !== null) return text(ci.jobsLimited, '');
  const pipelines = ci.pipelines.filter((pipeline) => !pipeline.archived && maySee(access, pipeline));
  return json(pipelines.flatMap((pipeline) => presentJobs(pipeline)));
}

/** The versions that the job's next build would take, with the resource's source as it stands in the config. */
export function answerJobInputs(ask: PipelineAsk): Answer {
  const { pipeline } = ask;
  return withJob(ask, (job) => {
    const next = nextInputs(pipeline, job);
    if (next === null) return empty(404);
    return json(
      job.inputs.flatMap((input) => {
        const saved = next.get(input.name);
        const resource = pipeline.resource(input.resource);
        const { type, source, tags } = resource;
        if (saved === undefined) return [];
        return [
          {
            name: input.name,
            resource: resource.name,
            type,
            source,
            version: saved.version,
            ...(tags.length > 0 && { tags }),
          },
        ];
      }),
    );
  });
}

function presentJobs(pipeline: Pipeline): object[] {
  return pipeline.jobs.filter((job) => job.active).map((job) => presentJob(pipeline, job));
}
