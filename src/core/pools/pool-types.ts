/** The types that Concourse itself brings, without `pool`. */
const BUILT_IN = new Set([
  'bosh-io-release',
  'bosh-io-stemcell',
  'docker-image',
  'git',
  'github-release',
  'hg',
  'mock',
  'registry-image',
  's3',
  'semver',
  'time',
]);

/** Whether a resource of this type may be a pool: a pipeline can give the pool resource's type any other name. */
export function mayBePool(type: string): boolean {
  return !BUILT_IN.has(type);
}
