/** What a group of metrics in a push gateway is about. The gateway adds these as labels to every metric in it. */
export interface MetricsGroup {
  readonly uri: string;
  /** Empty where it is not known. */
  readonly branch: string;
  /** Empty for a group about the runs as such; Prometheus takes an empty label for an absent one. */
  readonly pool: string;
}

const JOB = 'concourse_pool_boy';

/**
 * The path of a group below the gateway's URL. Its values are in base64: a pool or a repository has slashes in its
 * name, which would end the path segment however they are encoded.
 */
export function metricsGroupPath({ uri, branch, pool }: MetricsGroup): string {
  const labels = [
    ['repository', uri],
    ['branch', branch],
    ['pool', pool],
  ] as const;
  return ['/metrics/job', JOB, ...labels.map(([label, value]) => `${label}@base64/${base64Url(value)}`)].join(
    '/',
  );
}

/** As the gateway decodes it; `=` alone stands for an empty value, since a path segment cannot be empty. */
function base64Url(text: string): string {
  if (text === '') return '=';
  const bytes = new TextEncoder().encode(text.toWellFormed());
  const binary = Array.from(bytes, (byte) => String.fromCharCode(byte)).join('');
  return btoa(binary).replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, '');
}
