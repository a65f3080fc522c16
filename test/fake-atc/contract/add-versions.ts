import type { Ci, Pipeline, Resource } from '../types.ts';
import type { Row } from './collect-rows.ts';
import { addResource, pipelineOf } from './find-pipeline.ts';
import type { Recording } from './recordings.ts';

/** What a recording tells about versions, and what builds took and made. */
export function addDetails(ci: Ci, recording: Recording): void {
  const { path, body, headers } = recording;
  const [, id, question] = /^\/api\/v1\/builds\/(\d+)\/(plan|resources)$/.exec(path) ?? [];
  const build = ci.builds.find((each) => each.id === Number(id));
  const pipeline = build?.pipeline ?? pipelineOf(ci.pipelines, path);
  // biome-ignore lint/suspicious/noExplicitAny: see above.
  const answer = body as any;
  if (build !== undefined && question === 'plan') build.plan ??= body;
  if (build?.pipeline && question === 'resources' && build.inputs.length + build.outputs.length === 0) {
    for (const { name, version } of answer.outputs) {
      const step = build.job?.outputs.find((output) => output.name === name);
      build.pipeline.addOutput(build, { name, resource: step?.resource ?? name, version });
    }
    for (const { name, version } of answer.inputs) {
      const step = build.job?.inputs.find((input) => input.name === name);
      build.pipeline.addInput(build, { name, resource: step?.resource ?? name, version });
    }
  }
  const [, name = '', rest = ''] = /\/resources\/([^/]+)\/versions(.*)$/.exec(path) ?? [];
  const resource = pipeline?.resources.find((each) => each.name === name);
  if (resource === undefined || pipeline === null) return;
  const [, version, relation] = /^\/(\d+)\/(input_to|output_of)/.exec(rest) ?? [];
  if (relation === undefined && resource.versions.length === 0) {
    const [, older] = /to=(\d+)/.exec(headers.Link ?? '') ?? [];
    const rows = [
      ...answer,
      ...(older ? [{ id: Number(older), version: { ref: older }, enabled: true }] : []),
    ];
    for (const row of rows.toReversed()) addVersion(pipeline, resource, row);
  }
  if (relation === undefined) return;
  for (const { id: taker } of answer) {
    const taken = ci.builds.find((each) => each.id === taker);
    const saved = resource.versions.find((each) => each.id === Number(version)) ?? {
      id: Number(version),
      version: { ref: version },
    };
    addVersion(pipeline, resource, saved);
    const entry = { resource: resource.name, version: saved.version as Record<string, string> };
    if (taken !== undefined && relation === 'input_to') pipeline.addInput(taken, entry);
    if (taken !== undefined && relation === 'output_of') pipeline.addOutput(taken, entry);
  }
}

/** What the scheduler had stored, as far as the answer tells: the rules by which it does are tested by themselves. */
export function addNextInputs(pipelines: readonly Pipeline[], { path, status, body }: Recording): void {
  const [, job] = /\/jobs\/([^/]+)\/inputs$/.exec(path) ?? [];
  const pipeline = pipelineOf(pipelines, path);
  if (pipeline === null || !pipeline.jobs.some(({ name }) => name === job) || job === undefined) return;
  if (status === 404) pipeline.setNextInputs(job, null);
  if (status === 500) storeMissingInput(pipeline, job);
  if (status !== 200 || !Array.isArray(body)) return;
  for (const { name, resource, source } of body) {
    Object.assign(addResource(pipeline, resource), { source });
    const input = pipeline.job(job).inputs.find((each) => each.name === name);
    if (input === undefined)
      pipeline.job(job).inputs = [...pipeline.job(job).inputs, inputOf(name, resource)];
  }
  pipeline.setNextInputs(job, Object.fromEntries(body.map(({ name, version }) => [name, version])));
}

const inputOf = (name: string, resource: string) => ({
  name,
  resource,
  passed: [],
  trigger: false,
  version: null,
});

function storeMissingInput(pipeline: Pipeline, job: string): void {
  const resource = pipeline.resource(pipeline.job(job).inputs[0]?.resource ?? '');
  const [saved] = pipeline.found(resource.name, { ref: 'stored' });
  if (saved === undefined) return;
  // In an archived pipeline any input is one that is not there.
  const name = pipeline.archived ? (pipeline.job(job).inputs[0]?.name ?? '') : 'before';
  pipeline.job(job).nextInputs = new Map([[name, { resource, saved }]]);
}

function addVersion(pipeline: Pipeline, resource: Resource, row: Row): void {
  if (resource.versions.some(({ id }) => id === row.id)) return;
  const [saved] = pipeline.found(resource.name, row.version);
  if (saved === undefined) return;
  Object.assign(saved, { id: row.id, enabled: row.enabled ?? true, metadata: row.metadata ?? [] });
  resource.versions.sort((a, b) => a.id - b.id);
}
