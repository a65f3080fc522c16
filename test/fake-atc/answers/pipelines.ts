import { mayRead, maySee } from './access.ts';
import { type Answer, empty, json } from './answer.ts';
import type { Ask, PipelineAsk } from './ask.ts';
import { presentPipeline } from './present.ts';

export function answerPipeline({ ci, pipeline }: PipelineAsk): Answer {
  return json(presentPipeline(ci, pipeline));
}

/** As `fly get-pipeline` has it, with every secret that no credential manager holds. An archived one has none. */
export function answerPipelineConfig({ pipeline }: PipelineAsk): Answer {
  if (pipeline.archived) return empty(404);
  const config = pipeline.file ?? {
    resources: pipeline.resources
      .filter(({ active }) => active)
      .map(({ name, type, source }) => ({ name, type, source })),
    jobs: pipeline.jobs
      .filter(({ active }) => active)
      .map(({ name, inputs, outputs }) => ({
        name,
        plan: [
          ...inputs.map((input) => ({ get: input.name, resource: input.resource, passed: input.passed })),
          ...outputs.map((output) => ({ put: output.name, resource: output.resource })),
        ],
      })),
  };
  const answer = json({ config });
  return { ...answer, headers: { ...answer.headers, 'x-concourse-config-version': '1' } };
}

export function answerTeamPipelines({ ci, access, params }: Ask): Answer {
  const team = params.team ?? '';
  if (!ci.teams.includes(team)) return empty(404);
  const all = ci.pipelines.filter((pipeline) => pipeline.team === team);
  const visible = mayRead(access, team) ? all : all.filter((pipeline) => pipeline.public);
  return json(visible.map((pipeline) => presentPipeline(ci, pipeline)));
}

export function answerAllPipelines({ ci, access }: Ask): Answer {
  const visible = ci.pipelines.filter((pipeline) => maySee(access, pipeline));
  // Those of one's own teams come first.
  const ordered = visible.toSorted(
    (a, b) => Number(mayRead(access, b.team)) - Number(mayRead(access, a.team)),
  );
  return json(ordered.map((pipeline) => presentPipeline(ci, pipeline)));
}
