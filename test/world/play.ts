// Plays a script: the world goes on, Pool Boy runs in between, and at the end everybody is gone.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ciModel } from '../fake-atc/model.ts';
import { startAtc } from '../fake-atc/start-atc.ts';
import { createRandom } from '../storm/random.ts';
import { endEverything } from './events/end-everything.ts';
import { eventNamed } from './events/events.ts';
import { openPoolBoy, type PoolBoy } from './pool-boy.ts';
import { POOL_BOY_RUNS, type Script } from './script.ts';
import { EXTERNAL_URL, giveBack } from './site/claim-locks.ts';
import { createLockRepository, headOf } from './site/lock-repository.ts';
import { setUp } from './site/pipelines.ts';
import { type Finding, judgeRelease, type Left, mayStay } from './truth/verdicts.ts';
import { say, standingClaims, type World } from './types.ts';

export type Played = {
  /** The first thing that went wrong; empty where all was right. */
  findings: readonly Finding[];
  story: readonly string[];
  runs: number;
  releases: ReadonlyMap<string, number>;
  left: Left;
};

/** Unix seconds: 2027-01-15 08:00 UTC. */
const START = 1_800_000_000;

/** One in so many worlds has the real `out` release every lock; the others, those that only git can tell of. */
const WITH_GIT = 8;

export async function play(script: Script): Promise<Played> {
  const folder = mkdtempSync(join(tmpdir(), 'pool-boy-world-'));
  const world = createWorld(script, join(folder, 'locks.git'));
  const atc = await startAtc(world.ci);
  const boy = openPoolBoy({
    repository: world.repository,
    source: sourceFor(world, atc.url),
    clock: () => world.now,
    withGit: script.seed % WITH_GIT === 0,
  });
  try {
    return await playOn(world, script, boy);
  } finally {
    boy.end();
    await atc.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

function createWorld({ settings, pipelines }: Script, folder: string): World {
  const version = settings.messages === 'url' ? '8.2.5' : '7.14.3';
  const roles = Object.fromEntries(settings.roles.map((team) => [team, 'viewer']));
  const ci = ciModel({
    version,
    now: START,
    externalUrl: EXTERNAL_URL,
    accounts: [{ username: 'pool-boy', roles }],
  });
  ci.teams = ['main', 'other'];
  const world: World = {
    now: START,
    ci,
    repository: createLockRepository(folder, settings.pools, START - 600),
    settings,
    shapes: new Map(),
    lives: new Map(),
    claims: [],
    checked: new Map(),
    story: [],
  };
  for (const { team, name, plan, public: isPublic, instanceVars } of pipelines) {
    setUp(world, team, name, plan, { public: isPublic, ...(instanceVars && { instanceVars }) });
    const whose = `${team}/${name}${instanceVars ? JSON.stringify(instanceVars) : ''}`;
    say(world, `Pipeline ${whose}${isPublic ? ' (public)' : ''}: ${plan.about}`);
  }
  return world;
}

function sourceFor(world: World, url: string): object {
  const token = world.ci.token();
  // A login that runs out is another story.
  for (const known of world.ci.tokens.values()) known.expires = Number.POSITIVE_INFINITY;
  return {
    uri: `file://${world.repository.folder}`,
    branch: 'main',
    ...world.settings.policy,
    concourse: { url, token },
  };
}

async function playOn(world: World, script: Script, boy: PoolBoy): Promise<Played> {
  const releases = new Map<string, number>();
  const left: Left = new Map();
  let runs = 0;
  const done = (findings: readonly Finding[]): Played => ({
    findings,
    story: world.story,
    runs,
    releases,
    left,
  });
  const run = async (): Promise<Finding[]> => {
    runs += 1;
    return await runPoolBoy(world, boy, releases, left);
  };
  for (const { name, seed } of script.events) {
    if (name !== POOL_BOY_RUNS) {
      eventNamed(name).apply(world, createRandom(seed));
      continue;
    }
    const findings = await run();
    if (findings.length > 0) return done(findings);
  }
  endEverything(world, createRandom(script.seed));
  const findings = await run();
  if (findings.length > 0) return done(findings);
  return done(standingClaims(world).flatMap((claim) => stuck(world, claim.pool, claim.lock, boy)));
}

async function runPoolBoy(
  world: World,
  boy: PoolBoy,
  releases: Map<string, number>,
  left: Left,
): Promise<Finding[]> {
  const claims = standingClaims(world);
  if (claims.length === 0) return [];
  try {
    const outcome = await boy.run(world.claims);
    const made = outcome.map((release) => {
      const claim = claims.find(({ commit, lock }) => commit === release.claim && lock === release.lock);
      if (claim === undefined) throw new Error(`${release.lock} was not claimed by ${release.claim}`);
      return { ...release, claim };
    });
    const findings = made.flatMap((release) => judgeRelease(world, release, left));
    for (const { claim, reason, commit } of made) {
      if (commit === null) giveBack(world, claim, 'pool-boy');
      else claim.end = { at: world.now, by: 'pool-boy', commit };
      releases.set(reason, (releases.get(reason) ?? 0) + 1);
      say(world, `Pool Boy releases ${claim.pool}/${claim.lock}: ${reason}`);
    }
    const pushed = made.flatMap(({ pool, lock, commit }) =>
      commit === null ? [] : [{ pool, lock, commit }],
    );
    if (pushed.length > 0) world.repository.adopt(headOf(world.repository.folder), pushed, world.now);
    return findings;
  } catch (error) {
    const what = error instanceof Error ? (error.stack ?? error.message) : String(error);
    return [{ kind: 'the run failed', lock: '', sentence: `Pool Boy failed: ${what}` }];
  }
}

function stuck(world: World, pool: string, lock: string, boy: PoolBoy): Finding[] {
  const claim = standingClaims(world).find((each) => each.pool === pool && each.lock === lock);
  if (claim === undefined || mayStay(world, claim) !== null) return [];
  const verdict = boy.lastVerdict(pool, lock);
  return [
    { kind: 'stuck', lock: `${pool}/${lock}`, sentence: `${pool}/${lock} is still claimed (${verdict})` },
  ];
}
