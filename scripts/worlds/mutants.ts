// `node scripts/worlds/mutants.ts SEEDS [NAME]`: takes each rule out once, and counts the worlds that go wrong for it.
// A rule that nothing goes wrong without is a rule that the worlds do not try: the exit status is 1.
import { availableParallelism } from 'node:os';
import { countKinds } from '../../test/world/tally.ts';
import { bundleWorlds } from './bundle.ts';
import { RULES } from './rules.ts';
import { playAll } from './workers.ts';

const [seeds = '400', name = ''] = process.argv.slice(2);
const count = Number(seeds);
const workers = availableParallelism();

console.log(`${count} worlds each; with all rules in place:`);
const whole = await playAll(await bundleWorlds('whole'), { from: 0, count, workers });
console.log(`  ${describe(countKinds(whole))}`);
let untried = 0;
for (const rule of RULES.filter((each) => each.name.includes(name))) {
  const bundle = await bundleWorlds('mutant', rule.changes);
  const kinds = countKinds(await playAll(bundle, { from: 0, count, workers }));
  if (Object.keys(kinds).length === 0) untried += 1;
  console.log(`${rule.name}\n  ${describe(kinds)}`);
}
process.exitCode = untried > 0 ? 1 : 0;

function describe(kinds: Readonly<Record<string, number>>): string {
  const parts = Object.entries(kinds).map(([kind, times]) => `${times} ${kind}`);
  return parts.join(', ') || 'nothing goes wrong';
}
