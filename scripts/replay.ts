// What each piece of evidence is worth, measured on a real lock repository:
// `node --experimental-import-text scripts/replay.ts REPOSITORY [MOMENTS]`.
import { type History, readHolds } from '../test/replay/read-holds.ts';
import { momentsOf, openReplay, PIECES, type ReplaySession, type Taken } from '../test/replay/replay.ts';

const [repository, count = '300'] = process.argv.slice(2);
if (repository === undefined)
  throw new Error('usage: node --experimental-import-text scripts/replay.ts REPOSITORY [MOMENTS]');

const MINUTE = 60;
/** After the last sign of life of a holder that never released. */
const DELAYS = [3, 16, 32, 64, 256, 1440];

const history = await readHolds(repository, 'main');
console.log(`${history.commits.length} commits, ${history.holds.length} holds, ${history.lives.size} builds`);
const session = await openReplay(repository, history);
const moments = momentsOf(history, Number(count));
console.log(
  `\n${'evidence taken away'.padEnd(22)} ${'judged'.padStart(7)} ${'robbed'.padStart(7)} ${'freed'.padStart(7)}`,
);
for (const without of [null, ...PIECES]) {
  const { judged, robbed, freed } = await session.replay(moments, without);
  const row = [judged, unique(robbed), unique(freed)].map((n) => String(n).padStart(7)).join(' ');
  console.log(`${(without ?? 'none').padEnd(22)} ${row}`);
  if (without === null)
    for (const { at, hold, detail } of robbed) console.log(`  ${at} ${hold.claim} ${detail}`);
}
await countFreed(session, history);
session.close();

function unique(taken: readonly Taken[]): number {
  return new Set(taken.map(({ hold }) => `${hold.claim} ${hold.lock}`)).size;
}

/** Of the locks of builds that a person had to release: how many would have been free, and how soon. */
async function countFreed(session: ReplaySession, { holds, lives }: History): Promise<void> {
  const left = holds.filter(
    ({ claimant, releaser }) => claimant.build !== null && releaser?.owner.kind === 'person',
  );
  const freedAfter = new Map<number, number>();
  let kept = 0;
  let tooShort = 0;
  for (const hold of left) {
    const last = Math.max(lives.get(hold.claimant.build ?? '')?.last ?? hold.from, hold.from);
    const delays = DELAYS.filter((minutes) => last + minutes * MINUTE < (hold.to ?? 0));
    if (delays.length === 0) tooShort += 1;
    let freed: number | null = null;
    for (const delay of delays) {
      const { freed: taken } = await session.replay([last + delay * MINUTE], null);
      if (taken.some((one) => one.hold === hold)) {
        freed = delay;
        break;
      }
    }
    if (freed !== null) freedAfter.set(freed, (freedAfter.get(freed) ?? 0) + 1);
    else if (delays.length > 0) kept += 1;
  }
  console.log(`\n${left.length} locks of builds were released by a person`);
  for (const delay of DELAYS)
    console.log(
      `  ${String(freedAfter.get(delay) ?? 0).padStart(4)} free ${delay} minutes after the last sign of life`,
    );
  console.log(
    `  ${String(kept).padStart(4)} still kept when the person came, ${tooShort} released within ${DELAYS[0]} minutes`,
  );
}
