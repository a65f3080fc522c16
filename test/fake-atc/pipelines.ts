import { mayRead, maySee } from './access.ts';
import { type Answer, empty, json } from './answer.ts';
import type { Ask, PipelineAsk } from './ask.ts';
import { presentPipeline } from './present.ts';

export function answerPipeline({ pipeline }: PipelineAsk): Answer {
  return json(presentPipeline(pipeline));
}

export function answerTeamPipelines({ ci, access, params }: Ask): Answer {
  const team = params.team ?? '';
  if (!ci.teams.includes(team)) return empty(404);
  const all = ci.pipelines.filter((pipeline) => pipeline.team === team);
  const visible = mayRead(access, team) ? all : all.filter((pipeline) => pipeline.public);
  return json(visible.map(presentPipeline));
}

export function answerAllPipelines({ ci, access }: Ask): Answer {
  return json(ci.pipelines.filter((pipeline) => maySee(access, pipeline)).map(presentPipeline));
}
