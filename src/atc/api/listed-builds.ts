import { isAlive } from '../../core/build.ts';
import type { AtcBuild, Job } from './answer-schemas.ts';
import { isOfPipeline, type PipelineRef } from './api-requests.ts';

/** Builds that lists have shown, by what claims name them with. */
export interface ListedBuilds {
  /** Of `/api/v1/jobs`: the jobs, and the oldest living build of each. */
  addJobs(jobs: readonly Job[]): void;
  addBuilds(builds: readonly AtcBuild[]): void;
  /** What a request for this build would answer; null where the lists do not tell. */
  named(pipeline: PipelineRef, job: string, name: string): AtcBuild | null;
  byId(id: string): AtcBuild | null;
}

export function createListedBuilds(): ListedBuilds {
  const byName = new Map<string, AtcBuild[]>();
  const byId = new Map<string, AtcBuild>();
  const jobs = new Map<string, Job[]>();

  const add = (build: AtcBuild) => {
    byId.set(String(build.id), build);
    const { team, pipeline, job, name } = build;
    if (pipeline === null || job === null) return;
    const key = keyOf(team, pipeline, job, name);
    const others = (byName.get(key) ?? []).filter(({ id }) => id !== build.id);
    byName.set(key, [...others, build]);
  };

  return {
    addJobs: (list) => {
      for (const job of list) {
        const key = keyOf(job.team, job.pipeline, job.name);
        jobs.set(key, [...(jobs.get(key) ?? []), job]);
        if (job.nextBuild !== null) add(job.nextBuild);
      }
    },
    addBuilds: (list) => {
      for (const build of list) add(build);
    },
    named: (pipeline, job, name) => {
      const { team, name: ofPipeline, vars } = pipeline;
      const isHere = (row: AtcBuild | Job) => isOfPipeline(row, pipeline);
      const build = byName.get(keyOf(team, ofPipeline, job, name))?.find(isHere) ?? null;
      if (build === null || isAlive(build)) return build;
      // A job that was removed is not found by name, nor do its ended builds prove as much as those that are. And vars
      // with numbers that are too long for us may be those of two instances.
      const isActive = jobs.get(keyOf(team, ofPipeline, job))?.some(isHere) ?? false;
      return isActive && vars === null ? build : null;
    },
    byId: (id) => byId.get(id) ?? null,
  };
}

function keyOf(...names: readonly string[]): string {
  return JSON.stringify(names);
}
