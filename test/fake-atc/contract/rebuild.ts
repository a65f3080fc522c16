// Sets the stand-in up as the Concourse was when a question was asked: with everything that the recordings tell about
// it, of each thing what was recorded nearest in time, and first of all what this answer itself says.
import { ciModel } from '../model.ts';
import type { Build, BuildStatus, Ci, Pipeline, Resource } from '../types.ts';
import type { Recording } from './recordings.ts';

// biome-ignore lint/suspicious/noExplicitAny: the answers are what is compared, whatever shape they have.
type Row = Record<string, any>;

/** Ids of pipelines whose own are not told. */
const MADE_UP = 1_000_000;

type Rows = {
  pipelines: Map<number, Row>;
  jobs: Map<number, Row>;
  resources: Map<string, Row>;
  builds: Map<number, Row>;
};

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

function collectRows(recordings: readonly Recording[], asked: Recording): Rows {
  const rows: Rows = { pipelines: new Map(), jobs: new Map(), resources: new Map(), builds: new Map() };
  const named = new Map<number | string, Row>();
  const keep = <K>(map: Map<K, Row>, key: K, row: Row, isFromAnswer: boolean) => {
    // What did not exist yet when this question was asked would change lists and their links.
    if (!isFromAnswer && row.start_time > asked.at) return;
    const nearest = map.get(key);
    // Of a build in a list of jobs some fields are left out; of everything else all is said each time.
    const isShort = nearest !== undefined && 'status' in nearest && !('api_url' in nearest);
    if (nearest === undefined || isShort) map.set(key, { ...row, ...nearest });
  };
  // A pipeline that is only named by its jobs, resources or builds: whoever saw those has the role.
  const keepNamed = (row: Row) => {
    const { pipeline_name: name, team_name, pipeline_instance_vars: instance_vars } = row;
    const id = row.pipeline_id ?? `${team_name}/${name}`;
    named.set(id, { id, name, team_name, instance_vars, paused: false, public: false, archived: false });
  };
  const visit = (value: unknown, isFromAnswer: boolean): void => {
    if (Array.isArray(value)) for (const each of value) visit(each, isFromAnswer);
    else if (typeof value === 'object' && value !== null) {
      const row: Row = value;
      if ('pipeline_name' in row) keepNamed(row);
      if ('public' in row) keep(rows.pipelines, row.id, row, isFromAnswer);
      else if ('status' in row) keep(rows.builds, row.id, row, isFromAnswer);
      else if ('pipeline_name' in row && 'type' in row) {
        keep(
          rows.resources,
          `${row.team_name}/${row.pipeline_id ?? row.pipeline_name}/${row.name}`,
          row,
          isFromAnswer,
        );
      } else if ('pipeline_name' in row && 'id' in row) keep(rows.jobs, row.id, row, isFromAnswer);
      for (const inner of Object.values(row)) visit(inner, isFromAnswer);
    }
  };
  for (const recording of recordings) visit(recording.body, recording === asked);
  const known = [...rows.pipelines.values()];
  for (const [id, row] of named) {
    const isKnown = known.some((each) => each.id === id || `${each.team_name}/${each.name}` === id);
    if (!isKnown) rows.pipelines.set(typeof id === 'number' ? id : MADE_UP + rows.pipelines.size, row);
  }
  return rows;
}

function addAccounts(ci: Ci, asked: Recording, recordings: readonly Recording[]): void {
  const info = recordings.find(({ path }) => path === '/api/v1/info')?.body as Row | undefined;
  Object.assign(ci, { clusterName: info?.cluster_name, workerVersion: info?.worker_version });
  addOwners(ci, recordings);
  const users = recordings.filter(({ path, as }) => path === '/api/v1/user' && as === 'viewer');
  // Which teams the viewer sees changed in the course of the recording, and decides nothing else that was asked.
  const own =
    users.find(({ name }) => name === asked.name) ?? users.find(({ name: file }) => file === 'user.viewer');
  const teams: Record<string, string[]> = (own?.body as Row | undefined)?.teams ?? { main: ['viewer'] };
  const roles = Object.fromEntries(Object.entries(teams).map(([team, [role = 'viewer']]) => [team, role]));
  ci.account({ username: 'pool-boy', roles });
  ci.account({ username: 'nobody' });
}

function addOwners(ci: Ci, recordings: readonly Recording[]): void {
  const teams = recordings.find(({ name }) => name === 'teams.viewer')?.body as Row[] | undefined;
  const owners = new Map<string, Record<string, string>>();
  for (const { name, auth } of teams ?? []) {
    for (const user of auth.owner?.users ?? []) {
      const username = user.slice('local:'.length);
      owners.set(username, { ...owners.get(username), [name]: 'owner' });
    }
  }
  for (const [username, roles] of owners) ci.account({ username, roles });
}

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

const sourceOf = (type: string) =>
  type === 'pool'
    ? { branch: 'master', pool: 'aws', retry_delay: 1_000_000_000, uri: 'git://git.example.com/locks.git' }
    : { initial: '1' };

function addResource(pipeline: Pipeline, name: string): Resource {
  const known = pipeline.resources.find((resource) => resource.name === name);
  return known ?? pipeline.addResource({ name, source: sourceOf('pool') });
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

function pipelineOf(pipelines: readonly Pipeline[], path: string): Pipeline | null {
  const [, team, name = ''] = /teams\/([^/]+)\/pipelines\/([^/?]+)/.exec(path) ?? [];
  return pipelines.find((each) => each.team === team && each.name === decodeURIComponent(name)) ?? null;
}

/** What a recording tells about versions, and what builds took and made. */
function addDetails(ci: Ci, recording: Recording): void {
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
function addNextInputs(pipelines: readonly Pipeline[], { path, status, body }: Recording): void {
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
