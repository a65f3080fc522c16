import { parse, stringify } from 'yaml';
import type { Finding } from '../../../src/core/lint/finding.ts';
import { lint } from '../../../src/core/lint/lint.ts';
import type { Pipeline } from '../../../src/core/lint/pipeline.ts';
import type { PoolIdentity } from '../../../src/core/lint/pool-identity.ts';
import { readPipelineConfig } from '../../../src/pipeline/read-pipeline.ts';

export const RESOURCES = `
resources:
- name: aws
  type: pool
  source: {uri: git@git.example.com:ci/locks.git, branch: main, pool: aws}
- name: gcp
  type: pool
  source: {uri: git@git.example.com:ci/locks.git, branch: main, pool: gcp}
- name: code
  type: git
  source: {uri: https://git.example.com/code.git}
`;

/** The jobs of one pipeline, with the resources above. */
export function jobs(text: string): string {
  return `${RESOURCES}\njobs:\n${text}`;
}

export type SizeOf = (pool: PoolIdentity) => number | null;

export function readYaml(text: string, name = 'ci'): Pipeline {
  const config = readPipelineConfig(parse(text, { merge: true }));
  if (config === null) throw new Error('no pipeline');
  return { team: 'main', name, ...config };
}

export function lintYaml(text: string, sizeOf?: SizeOf): Finding[] {
  return lint([readYaml(text)], sizeOf);
}

/** What is left once every fix was put in, one after the other. */
export function lintFixed(text: string, sizeOf?: SizeOf): Finding[] {
  let current = text;
  for (let round = 0; round < 10; round += 1) {
    const [finding] = lintYaml(current, sizeOf);
    if (finding === undefined) return [];
    current = withFix(current, finding);
  }
  return lintYaml(current, sizeOf);
}

type Tree = { [key: string]: unknown };

/** A fix is a job, whose keys replace those of the job with its name, or a step, whose keys replace those at its path. */
export function withFix(text: string, { job, step, fix }: Finding): string {
  const pipeline = parse(text, { merge: true });
  const [fixed] = parse(fix);
  const of = pipeline.jobs.find(({ name }: Tree) => name === job);
  if ('plan' in fixed) {
    const hooks = ['on_success', 'on_failure', 'on_error', 'on_abort', 'ensure'];
    for (const hook of hooks) delete of[hook];
    Object.assign(of, fixed);
  } else {
    Object.assign(at(of, step), fixed);
  }
  return stringify(pipeline, { aliasDuplicateObjects: false });
}

function at(job: Tree, path: string): Tree {
  const parts = path.match(/[a-z_]+|\d+/g) ?? [];
  // biome-ignore lint/suspicious/noExplicitAny: a tree of any shape
  return parts.reduce((tree: any, part) => tree[part], job);
}
