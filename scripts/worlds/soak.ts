// `node scripts/worlds/soak.ts SEEDS [FROM]`: plays many worlds, and tells of those that went wrong.
import { countKinds } from '../../test/world/tally.ts';
import { bundleWorlds } from './bundle.ts';
import { playAll, tellStory } from './workers.ts';

const [count = 1000, from = 0] = process.argv.slice(2).map(Number);
const MOST_STORIES = 5;

const bundle = await bundleWorlds('soak');
const seeds = Array.from({ length: count }, (_, index) => from + index);
const tally = await playAll(bundle, seeds, (soFar) => {
  if (process.stderr.isTTY)
    process.stderr.write(`\r${soFar.worlds} worlds, ${soFar.failures.length} went wrong `);
  return false;
});
for (const { seed, finding } of tally.failures) console.log(`${seed}: ${finding.kind}: ${finding.sentence}`);
for (const { seed } of tally.failures.slice(0, MOST_STORIES))
  console.log(`\n${await tellStory(bundle, seed)}`);
console.log(`\n${tally.worlds} worlds from seed ${from}, ${tally.runs} runs of out.`);
console.log('Went wrong:', countKinds(tally));
console.log('Released:', tally.releases);
console.log('Left to the timeout:', tally.left);
process.exitCode = tally.failures.length > 0 ? 1 : 0;
