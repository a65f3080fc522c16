/** The build that this program runs in: it holds no lock, whatever its inputs say. */
export interface OwnBuild {
  readonly id: number;
  readonly externalUrl: string;
}

/** Any variable of a build may be missing; then it is not known which build is ours. */
export function ownBuildOf(environment: NodeJS.ProcessEnv): OwnBuild | null {
  const { BUILD_ID: id, ATC_EXTERNAL_URL: externalUrl } = environment;
  if (!id || !/^\d+$/.test(id) || !externalUrl) return null;
  return { id: Number(id), externalUrl };
}

/** Where a person finds this build. Concourse gives the URL itself only since 8.0. */
export function ownBuildUrl(environment: NodeJS.ProcessEnv): string | null {
  const { BUILD_URL, BUILD_ID, ATC_EXTERNAL_URL } = environment;
  if (BUILD_URL) return BUILD_URL;
  // Concourse's default, where no external URL is configured.
  if (!BUILD_ID || !ATC_EXTERNAL_URL || /^https?:\/\/127\.0\.0\.1(:|\/|$)/.test(ATC_EXTERNAL_URL))
    return null;
  return `${ATC_EXTERNAL_URL.replace(/\/+$/, '')}/builds/${BUILD_ID}`;
}
