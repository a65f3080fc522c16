// Sets the stand-in up as the Concourse was when a question was asked: with everything that the recordings tell about
// it, of each thing what was recorded nearest in time, and first of all what this answer itself says.
import { ciModel } from '../model.ts';
import type { Build, BuildStatus, Ci, Pipeline } from '../types.ts';
import { addAccounts } from './add-accounts.ts';
import { addDetails, addNextInputs } from './add-versions.ts';
import { collectRows, type Row, type Rows } from './collect-rows.ts';
import { addResource, pipelineOf, sourceOf } from './find-pipeline.ts';
import type { Recording } from './recordings.ts';

export function rebuildConcourse(version: string, asked: Recording, all: readonly Recording[]): Ci {
  const ci = ciModel({ version, now: asked.at, externalUrl: 'https://ci.example.com', accounts: [] });
  if (asked.status === 501) ci.jobsLimited = 501;
  const nearest = all.toSorted((a, b) => Math.abs(a.at - asked.at) - Math.abs(b.at - asked.at));
  const ordered = [asked, ...nearest.filter((other) => other !== asked)].filter(isUseful);
  const rows = collectRows(ordered, asked);
  addAccounts(ci, asked, ordered);
  const pipelines = addPipelines(ci, rows);
  addHiddenPipeline(ci, pipelines, asked);
  addBuilds(ci, pipelines, rows);
  addMissingNeighbours(ci, pipelines, asked);
  for (const recording of ordered) addDetails(ci, recording);
  addNextInputs(pipelines, asked);
  return ci;
}

const isUseful = ({ status, body }: Recording) => status === 200 && typeof body === 'object';

function addPipelines(ci: Ci, rows: Rows): Pipeline[] {
  for (const team of ['main', ...[...rows.pipelines.values()].map((row) => row.team_name)]) {
    if (!ci.teams.includes(team)) ci.teams.push(team);
  }
  const ordered = [...rows.pipelines.values()].toSorted((a, b) => Number(a.id) - Number(b.id));
  return ordered.map((row) => {
    const isHere = (other: Row) =>
      other.team_name === row.team_name &&
      other.pipeline_name === row.name &&
      (other.pipeline_id ?? row.id) === row.id;
    const pipeline = ci.pipeline(row.team_name, row.name, {
      ...(typeof row.id === 'number' && { id: row.id }),
      public: row.public,
      instanceVars: row.instance_vars,
      resources: [...rows.resources.values()]
        .filter(isHere)
        .map(({ name, type }) => ({ name, type, source: sourceOf(type) })),
    });
    for (const resource of [...rows.resources.values()].filter(isHere)) {
      pipeline.pin(resource.name, resource.pinned_version ?? null);
      pipeline.resource(resource.name).lastChecked = resource.last_checked ?? null;
    }
    for (const job of [...rows.jobs.values()].filter(isHere).toSorted((a, b) => a.id - b.id)) {
      for (const step of [...(job.inputs ?? []), ...(job.outputs ?? [])])
        addResource(pipeline, step.resource);
      const added = pipeline.addJob({ id: job.id, name: job.name, inputs: job.inputs, outputs: job.outputs });
      added.hasNewInputs = job.has_new_inputs ?? false;
      Object.assign(added, { paused: job.paused ?? false, pausedAt: job.paused_at ?? null });
    }
    return Object.assign(pipeline, {
      paused: row.paused,
      archived: row.archived,
      pausedBy: row.paused_by ?? null,
      pausedAt: row.paused_at ?? null,
      lastUpdated: row.last_updated,
    });
  });
}

/** Where an answer is 401 or 403 the pipeline is there, though nobody who asked could see it. */
function addHiddenPipeline(ci: Ci, pipelines: Pipeline[], { path, status }: Recording): void {
  const [, team = '', name = ''] = /teams\/([^/]+)\/pipelines\/([^/?]+)/.exec(path) ?? [];
  const isHidden = name !== '' && (status === 401 || status === 403) && pipelineOf(pipelines, path) === null;
  if (isHidden) pipelines.push(ci.pipeline(team, name));
  const [, listed = ''] = /^\/api\/v1\/teams\/([^/]+)\//.exec(path) ?? [];
  if (status === 200 && listed !== '' && !ci.teams.includes(listed)) ci.teams.push(listed);
}

function addBuilds(ci: Ci, pipelines: readonly Pipeline[], rows: Rows): void {
  for (const row of [...rows.builds.values()].toSorted((a, b) => a.id - b.id)) {
    const pipeline = pipelines.find((each) => each.id === row.pipeline_id || isNamed(each, row)) ?? null;
    addBuild(ci, pipeline, row);
  }
}

const isNamed = (pipeline: Pipeline, row: Row) =>
  row.pipeline_id === undefined && pipeline.team === row.team_name && pipeline.name === row.pipeline_name;

function addBuild(ci: Ci, pipeline: Pipeline | null, row: Row): Build {
  const [, originalName] = /^(.*)\.(\d+)$/.exec(row.name) ?? [];
  const original = ci.builds.find(
    ({ id, name, job }) =>
      id === row.rerun_of?.id ||
      (job !== null &&
        name === originalName &&
        job === pipeline?.jobs.find((each) => each.name === row.job_name)),
  );
  const config = {
    id: row.id,
    name: row.name,
    status: row.status as BuildStatus,
    start: timeOf(row.start_time),
    end: timeOf(row.end_time),
    ...(row.reap_time && { reaped: row.reap_time }),
    ...(row.created_by && { createdBy: row.created_by }),
    ...(original && { rerunOf: original }),
  };
  const made = makeBuild(ci, pipeline, row, config);
  if (original !== undefined) made.rerunNumber = row.rerun_number ?? 1;
  return made;
}

function makeBuild(ci: Ci, pipeline: Pipeline | null, row: Row, config: Row): Build {
  if (pipeline === null) return ci.oneOff(row.team_name, config);
  const checked = row.resource_name ?? row.plan?.check?.name;
  if (checked !== undefined) {
    addResource(pipeline, checked);
    const before = pipeline.resource(checked).check;
    const check = pipeline.check(checked, config);
    // A resource shows its newest check that was not started by hand.
    if (row.plan === undefined) pipeline.resource(checked).check = before;
    // Checks of the ATC itself are in no list of builds.
    if (row.api_url === undefined) ci.builds = ci.builds.filter((build) => build !== check);
    return check;
  }
  if (row.job_name === undefined) return ci.oneOff(pipeline.team, { ...config, pipeline });
  if (!pipeline.jobs.some(({ name }) => name === row.job_name)) {
    pipeline.addJob({ name: row.job_name });
    pipeline.removeJob(row.job_name);
  }
  return pipeline.build(row.job_name, config);
}

const timeOf = (time: number | undefined) => (time === undefined || time < 0 ? null : time);

/** A link names a build or version that is there, whatever else is known of it. */
function addMissingNeighbours(ci: Ci, pipelines: readonly Pipeline[], asked: Recording): void {
  for (const [, id = ''] of (asked.headers.Link ?? '').matchAll(/[?&](?:to|from)=(\d+)/g)) {
    if (asked.path.includes('/versions') || ci.builds.some((build) => build.id === Number(id))) continue;
    const [, team = 'main'] = /teams\/([^/]+)/.exec(asked.path) ?? [];
    const pipeline = pipelineOf(pipelines, asked.path);
    const [, job = pipeline?.jobs[0]?.name] = /jobs\/([^/]+)/.exec(asked.path) ?? [];
    addBuild(ci, pipeline, {
      id: Number(id),
      name: '0',
      status: 'succeeded',
      team_name: team,
      ...(pipeline && { job_name: job }),
      start_time: asked.at - 1,
    });
  }
  ci.builds.sort((a, b) => a.id - b.id);
}
