// `node scripts/worlds/mutants.ts SEEDS [NAME]`: takes each rule out once, and plays worlds until some go wrong for it.
// A rule that nothing goes wrong without is one that the worlds do not try: then the exit status is 1.
import { availableParallelism } from 'node:os';
import { countKinds, type Tally } from '../../test/world/tally.ts';
import { bundleWorlds } from './bundle.ts';
import { RULES } from './rules.ts';
import { playAll } from './workers.ts';

const [seeds = '1000', name = ''] = process.argv.slice(2);
const range = { from: 0, count: Number(seeds), workers: availableParallelism() };
/** So many worlds that go wrong are found, and then the next rule is tried. */
const ENOUGH = 3;

let untried = 0;
for (const rule of RULES.filter((each) => each.name.includes(name))) {
  const bundle = await bundleWorlds('mutant', rule.changes);
  const tally = await playAll(
    bundle,
    { ...range, where: rule.where ?? '' },
    ({ failures }) => failures.length >= ENOUGH,
  );
  if (tally.failures.length === 0) untried += 1;
  console.log(`${rule.name}\n  ${describe(tally)}`);
}
process.exitCode = untried > 0 ? 1 : 0;

function describe(tally: Tally): string {
  const kinds = Object.entries(countKinds(tally)).map(([kind, times]) => `${times} ${kind}`);
  const [first] = tally.failures;
  const example = first === undefined ? '' : `; seed ${first.seed}: ${first.finding.sentence}`;
  return `${kinds.join(', ') || 'nothing goes wrong'} in ${tally.worlds} worlds${example}`;
}
