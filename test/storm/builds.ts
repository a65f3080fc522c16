// Builds that claim, hand on, release or die, by one pool client. The order is that of a seed; the races are real.
import { endBuild } from '../fake-atc/model.ts';
import type { Build, BuildStatus, Ci, Pipeline } from '../fake-atc/types.ts';
import type { PoolClient } from './pool-client.ts';
import type { Random } from './random.ts';

/** One claim and how long somebody may rely on it. */
export interface Hold {
  readonly lock: string;
  readonly claim: string;
  /** The branch's head when its last holder ended; null while somebody holds it. */
  deadSince: string | null;
}

interface Life {
  readonly hold: Hold;
  readonly build: Build;
}

export interface Worker {
  /** One operation on a lock, or one event in a build's life. */
  step(): Promise<void>;
  readonly holds: readonly Hold[];
}

const MOST_LIVES = 7;

export function createWorker(
  name: string,
  { ci, client, random, head }: { ci: Ci; client: PoolClient; random: Random; head: () => string },
): Worker {
  const pipeline: Pipeline = ci.pipeline('main', name, {
    resources: [{ name: 'locks', type: 'pool' }],
    jobs: [
      { name: 'solo', outputs: ['locks'] },
      { name: 'acquire', outputs: ['locks'] },
      {
        name: 'use',
        inputs: [{ resource: 'locks', passed: ['acquire'], trigger: true }],
        outputs: ['locks'],
      },
    ],
  });
  const holds: Hold[] = [];
  const lives: Life[] = [];

  const end = ({ hold, build }: Life, status: BuildStatus) => {
    hold.deadSince = head();
    endBuild(build, status, ci.time());
    lives.splice(
      lives.findIndex((life) => life.build === build),
      1,
    );
  };
  const die = (life: Life) => end(life, random.pick(['failed', 'errored', 'aborted']));

  const claim = async () => {
    const build = pipeline.build(random.pick(['solo', 'acquire']), { status: 'started', start: ci.time() });
    // An aborted build's step can live on, and claim when the build is over.
    const isOrphan = random.below(12) === 0;
    const before = head();
    if (isOrphan) endBuild(build, 'aborted', ci.time());
    const claimed = await client.claim(
      (free) => (free.length === 0 ? undefined : random.pick(free)),
      (lock) => ({ message: claimMessage(build, lock), at: ci.time() }),
    );
    if (claimed === null) {
      if (!isOrphan) endBuild(build, 'aborted', ci.time());
      return;
    }
    const hold: Hold = { lock: claimed.lock, claim: claimed.commit, deadSince: isOrphan ? before : null };
    holds.push(hold);
    if (isOrphan) return;
    const life = { hold, build };
    lives.push(life);
    // A worker can vanish before Concourse has heard of the claim.
    if (random.below(12) === 0) return end(life, 'errored');
    pipeline.addOutput(build, { resource: 'locks', version: { ref: claimed.commit } });
  };
  const startTaker = ({ hold, build }: Life) => {
    const taker = pipeline.build('use', {
      status: 'started',
      start: ci.time(),
      inputs: [{ resource: 'locks', version: { ref: hold.claim } }],
    });
    lives[lives.findIndex((life) => life.build === build)] = { hold, build: taker };
  };
  const release = async (life: Life) => {
    const { hold, build } = life;
    const message = messageOf(build, 'unclaiming', hold.lock);
    const commit = await client.release(hold.lock, message, () => ci.time());
    pipeline.addOutput(build, { resource: 'locks', version: { ref: commit } });
    end(life, 'succeeded');
  };

  return {
    holds,
    async step() {
      // Between the two nobody runs who holds the lock.
      const handedOn = lives.find(({ build }) => build.status === 'succeeded');
      if (handedOn !== undefined) return startTaker(handedOn);
      if (lives.length === 0 || (lives.length < MOST_LIVES && random.below(3) > 0)) return claim();
      const life = random.pick(lives);
      const dies = random.below(10) < 5;
      if (dies) return die(life);
      if (life.build.job?.name !== 'acquire') return release(life);
      return endBuild(life.build, 'succeeded', ci.time());
    },
  };

  /** Two ways in which the pool resource has signed claims; each worker has one. */
  function claimMessage(build: Build, lock: string): string {
    if (name === 'fork') return messageOf(build, 'claiming', lock);
    const url = `${ci.externalUrl}/teams/main/pipelines/${name}/jobs/${build.job?.name}/builds/${build.name}`;
    return `claiming: ${lock.split('/')[1]}\nBuild URL: ${url}`;
  }
  function messageOf(build: Build, what: string, lock: string): string {
    return `main/${name}/${build.job?.name} build ${build.name} ${what}: ${lock.split('/')[1]}`;
  }
}
