import { isAlive } from '../../core/build.ts';
import type { Answer } from '../http/atc-session.ts';
import type { AtcBuild } from './answer-schemas.ts';
import { type AtcApi, PAGE } from './api-requests.ts';
import { createListedBuilds, type ListedBuilds } from './listed-builds.ts';

/** So many builds are requested one by one: lists are heavier, and pay only for more. */
const FEW = 10;
/** Of all builds: with more a run of a thousand claims would cost more than the requests that they save. */
const MOST_PAGES = 20;
/** A page in vain is worth its cost where it may save so many requests. */
const WORTH_A_PAGE = 50;

export interface BatchingApi {
  /** The same API, whose requests for single builds are answered from lists where many are made at the same time. */
  readonly api: AtcApi;
  /** Starts a judgement: only builds that have ended are still known. */
  clear(): void;
}

type Lists = Pick<AtcApi, 'allJobs' | 'allBuilds'>;

interface Wanted {
  readonly find: (lists: ListedBuilds) => AtcBuild | null;
  readonly request: () => Promise<Answer<AtcBuild>>;
  readonly settle: (answer: Promise<Answer<AtcBuild>>) => void;
}

/**
 * A thousand claims name a thousand builds. `/api/v1/jobs` shows the oldest living build of each job, and one page of
 * `/api/v1/builds` a thousand of the newest builds of all that the account can see. What they do not show is requested
 * build by build, as it is where only a few are wanted: absence from a list means nothing. `lists` remembers nothing of
 * what `api` was asked: the last look reads the same lists again, since it must see what has begun meanwhile.
 */
export function batchBuilds(api: AtcApi, lists: Lists): BatchingApi {
  const ended = new Map<string, Answer<AtcBuild>>();
  let answers = new Map<string, Promise<Answer<AtcBuild>>>();
  let listed = createListedBuilds();
  let reading: Promise<void> | null = null;
  let batch: Wanted[] = [];

  const get = (key: string, wanted: Pick<Wanted, 'find' | 'request'>): Promise<Answer<AtcBuild>> => {
    const known = ended.get(key);
    if (known !== undefined) return Promise.resolve(known);
    const asked = answers.get(key) ?? keepIfEnded(key, addToBatch(wanted));
    answers.set(key, asked);
    return asked;
  };

  const keepIfEnded = async (key: string, asked: Promise<Answer<AtcBuild>>) => {
    const answer = await asked;
    if (answer.kind === 'got' && !isAlive(answer.value)) ended.set(key, answer);
    return answer;
  };

  /** All that is wanted before the event loop turns is one batch. */
  const addToBatch = (wanted: Pick<Wanted, 'find' | 'request'>) =>
    new Promise<Answer<AtcBuild>>((settle) => {
      if (batch.length === 0) setImmediate(() => void answerBatch());
      batch.push({ ...wanted, settle });
    });

  const answerBatch = async (): Promise<void> => {
    let left: readonly Wanted[] = batch;
    batch = [];
    const shown = listed;
    /** How many are left. */
    const settleShown = (): number => {
      left = left.filter(({ find, settle }) => {
        const value = find(shown);
        if (value !== null) settle(Promise.resolve({ kind: 'got', value }));
        return value === null;
      });
      return left.length;
    };
    try {
      if (left.length > FEW) reading ??= readLists(lists, shown, settleShown);
      await reading;
      settleShown();
    } catch (error) {
      for (const { settle } of left) settle(Promise.reject(error));
      return;
    }
    for (const { request, settle } of left) settle(request());
  };

  return {
    api: {
      ...api,
      build: (pipeline, job, name) =>
        get(JSON.stringify([pipeline, job, name]), {
          find: (from) => from.named(pipeline, job, name),
          request: () => api.build(pipeline, job, name),
        }),
      buildById: (id) => get(id, { find: (from) => from.byId(id), request: () => api.buildById(id) }),
    },
    clear: () => {
      listed = createListedBuilds();
      reading = null;
      answers = new Map();
    },
  };
}

/** Reads on while more than a few builds are left, and gives up after pages that showed few of them. */
async function readLists(lists: Lists, listed: ListedBuilds, settleShown: () => number): Promise<void> {
  const jobs = await lists.allJobs();
  if (jobs.kind === 'got') listed.addJobs(jobs.value);
  let left = settleShown();
  let to: number | null = null;
  let inVain = 0;
  for (let page = 0; page < MOST_PAGES && left > FEW && inVain * WORTH_A_PAGE < left; page += 1) {
    const answer: Answer<readonly AtcBuild[]> = await lists.allBuilds({ to, limit: PAGE });
    if (answer.kind !== 'got') return;
    listed.addBuilds(answer.value);
    const before = left;
    left = settleShown();
    if (answer.value.length < PAGE) return;
    if (before - left <= FEW) inVain += 1;
    to = Math.min(...answer.value.map(({ id }) => id));
  }
}
