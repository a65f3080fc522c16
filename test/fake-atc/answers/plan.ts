// The steps of a build. Made up from the job, nested as real plans are, so that a reader has to look everywhere.
import type { Build, BuildVersion, Job, Pipeline, Resource, Version } from '../types.ts';

type Step = { id: string } & Record<string, unknown>;

export function presentPlan(build: Build): unknown {
  return build.plan !== undefined ? build.plan : { schema: 'exec.v2', plan: makePlan(build) };
}

/** A build has its plan from the moment it starts. */
export function hasPlan(build: Build): boolean {
  return build.plan !== undefined || build.start !== null;
}

function makePlan(build: Build): Step {
  if (build.resource !== null) return makeCheckPlan(build.resource);
  let lastId = 0;
  const step = (kind: string, body: unknown): Step => {
    lastId += 1;
    return { id: lastId.toString(16), [kind]: body };
  };
  const { job, pipeline } = build;
  const gets = stepsOf(job?.inputs ?? [], build.inputs, pipeline).map(({ name, resource, type, version }) =>
    step('get', { type, name, resource, ...(version && { version }) }),
  );
  const puts = stepsOf(job?.outputs ?? [], build.outputs, pipeline).map(({ name, resource, type }) =>
    step('on_success', {
      step: step('put', { type, name, resource }),
      on_success: step('get', { type, name, resource }),
    }),
  );
  const task = step('task', { name: 'work', privileged: false });
  const timed = step('timeout', { step: step('try', { step: task }), duration: '1h' });
  const [first = step('task', { name: 'nothing-to-put', privileged: false }), ...rest] = puts;
  return step('ensure', {
    step: step('do', [step('in_parallel', { steps: gets }), first, timed, step('do', rest)]),
    ensure: step('task', { name: 'clean-up', privileged: false }),
  });
}

function makeCheckPlan({ name, type }: Resource): Step {
  return { id: '1', check: { name, type } };
}

type PlannedStep = { name: string; resource: string; type: string; version: Version | undefined };

/** The steps of the config and, for a config that has changed since, those that the build is known to have run. */
function stepsOf(
  configured: Job['inputs'] | Job['outputs'],
  known: readonly BuildVersion[],
  pipeline: Pipeline | null,
): PlannedStep[] {
  const names = new Set([...configured, ...known].map((step) => step.name));
  return [...names].map((name) => {
    const version = known.find((step) => step.name === name);
    const resource =
      version?.resource.name ?? configured.find((step) => step.name === name)?.resource ?? name;
    const type = pipeline?.resources.find((row) => row.name === resource)?.type ?? 'pool';
    return { name, resource, type, version: version?.saved.version };
  });
}
