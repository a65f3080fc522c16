import { writeInstanceVars } from '../model/instance-vars.ts';
import { includesFields, knownVersion, visibleVersions } from '../model/versions.ts';
import type { Build, BuildVersion, Ci, Pipeline, Resource, SavedVersion } from '../types.ts';
import { maySee } from './access.ts';
import { type Answer, empty, json } from './answer.ts';
import type { Ask, PipelineAsk } from './ask.ts';
import { pageLink, readPage, withLinks } from './paging.ts';
import { presentBuild, presentResource } from './present.ts';

export function answerResources({ ci, pipeline }: PipelineAsk): Answer {
  return json(presentResources(ci, pipeline));
}

export function answerResource(ask: PipelineAsk): Answer {
  return withResource(ask, (resource) => json(presentResource(ask.ci, ask.pipeline, resource)));
}

/** Those of archived pipelines as well. */
export function answerAllResources({ ci, access }: Ask): Answer {
  const pipelines = ci.pipelines.filter((pipeline) => maySee(access, pipeline));
  return json(pipelines.flatMap((pipeline) => presentResources(ci, pipeline)));
}

/** Newest first; `filter=key:value`, any number of times, finds versions that have *at least* these fields. */
export function answerVersions(ask: PipelineAsk): Answer {
  const { pipeline, query, externalUrl } = ask;
  return withResource(ask, (resource) => {
    const fields = Object.fromEntries(query.getAll('filter').map(splitFilter));
    const all = visibleVersions(resource);
    const matching = all.filter(({ version }) => includesFields(version, fields)).toReversed();
    const { from, to, limit } = readPage(query);
    const rank = (id: number) => all.findIndex((saved) => saved.id === id);
    const inRange = matching.filter(
      ({ id }) => (from === null || rank(id) >= rank(from)) && (to === null || rank(id) <= rank(to)),
    );
    const shown = from !== null && to === null ? inRange.slice(-limit) : inRange.slice(0, limit);
    const answer = json(shown.map(presentVersion));
    const path = `teams/${pipeline.team}/pipelines/${pipeline.name}/resources/${resource.name}/versions`;
    const url = `${externalUrl}/api/v1/${path}${writeInstanceVars(pipeline.instanceVars)}`;
    return withLinks(answer, linksAround(all, shown, url, limit));
  });
}

export function answerInputTo(ask: PipelineAsk): Answer {
  return answerBuildsWith(ask, (build) => build.inputs);
}

export function answerOutputOf(ask: PipelineAsk): Answer {
  return answerBuildsWith(ask, (build) => build.outputs);
}

function answerBuildsWith(ask: PipelineAsk, versionsOf: (build: Build) => readonly BuildVersion[]): Answer {
  const { ci, pipeline, params } = ask;
  return withResource(ask, (resource) => {
    const isWanted = (entry: BuildVersion) =>
      entry.resource === resource && String(knownVersion(entry)?.id) === params.version;
    // A pending build has no inputs yet, even where the model knows already what they will be.
    const builds = ci.builds.filter(
      (build) =>
        build.pipeline === pipeline && build.status !== 'pending' && versionsOf(build).some(isWanted),
    );
    return json(shuffle(builds).map((build) => presentBuild(ci, build)));
  });
}

/** The database's order is nobody's promise: neither newest first nor oldest first, but always the same. */
function shuffle(builds: readonly Build[]): Build[] {
  return builds.toSorted((a, b) => ((a.id * 7919) % 101) - ((b.id * 7919) % 101));
}

function withResource({ pipeline, params }: PipelineAsk, handle: (resource: Resource) => Answer): Answer {
  const resource = pipeline.resources.find((each) => each.active && each.name === params.resource);
  return resource === undefined ? empty(404) : handle(resource);
}

function presentResources(ci: Ci, pipeline: Pipeline): object[] {
  return pipeline.resources
    .filter((resource) => resource.active)
    .map((resource) => presentResource(ci, pipeline, resource));
}

function splitFilter(filter: string): [string, string] {
  const colon = filter.indexOf(':');
  return [filter.slice(0, colon), filter.slice(colon + 1)];
}

function presentVersion({ id, version, enabled, metadata }: SavedVersion): object {
  return { id, ...(metadata.length > 0 && { metadata }), version, enabled };
}

/** Of all versions around the page, whether they pass the filter or not; and the filter is not in the link. */
function linksAround(
  all: readonly SavedVersion[],
  shown: readonly SavedVersion[],
  url: string,
  limit: number,
): string[] {
  const [newest, oldest] = [shown.at(0), shown.at(-1)];
  if (newest === undefined || oldest === undefined) return [];
  const older = all[all.indexOf(oldest) - 1];
  const newer = all[all.indexOf(newest) + 1];
  return [
    ...(older ? [pageLink(url, 'to', older.id, limit)] : []),
    ...(newer ? [pageLink(url, 'from', newer.id, limit)] : []),
  ];
}
