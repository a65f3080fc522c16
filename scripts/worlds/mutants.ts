// `node scripts/worlds/mutants.ts WORLDS [NAME]`: takes each rule out once, and plays worlds until some go wrong for it.
// A rule that nothing goes wrong without is one that the worlds do not try: then the exit status is 1.
import { writeScript } from '../../test/world/script.ts';
import { addTallies, countKinds, NOTHING, type Tally } from '../../test/world/tally.ts';
import { bundleWorlds } from './bundle.ts';
import type { Rule } from './rules/rule.ts';
import { RULES } from './rules/rules.ts';
import { playAll } from './workers.ts';

const [most = '500', name = ''] = process.argv.slice(2);
/** So many worlds that go wrong are found, and then the next rule is tried. */
const ENOUGH = 3;
/** After so many worlds those that went wrong are counted. */
const PIECE = 50;
/** So many scripts are looked through for worlds that may need a rule. */
const SCRIPTS = 100_000;

let untried = 0;
for (const rule of RULES.filter((each) => each.name.includes(name))) {
  const tally = await playWithout(rule);
  if (tally.failures.length === 0) untried += 1;
  console.log(`${rule.name}\n  ${describe(tally)}`);
}
process.exitCode = untried > 0 ? 1 : 0;

/** Only worlds count in which all is right with the rule. */
async function playWithout(rule: Rule): Promise<Tally> {
  const covers = rule.covers ?? [];
  const mutant = await bundleWorlds('mutant', [...covers, ...rule.changes]);
  const product = await bundleWorlds('product', covers);
  const seeds = seedsFor(rule);
  let tally = NOTHING;
  for (let next = 0; next < seeds.length && tally.failures.length < ENOUGH; next += PIECE) {
    const played = await playAll(mutant, seeds.slice(next, next + PIECE));
    const wrong = played.failures.map(({ seed }) => seed);
    const asItIs = await playAll(product, wrong);
    const alsoWrong = asItIs.failures.map(({ seed }) => seed);
    const failures = played.failures.filter(({ seed }) => !alsoWrong.includes(seed));
    tally = addTallies(tally, { ...played, failures });
    if (covers.length === 0 && alsoWrong.length > 0)
      throw new Error(`With "${rule.name}" these seeds go wrong, too: ${alsoWrong.join(', ')}`);
  }
  return tally;
}

/** Only such whose scripts have all that leads there. */
function seedsFor({ where = [] }: Rule): number[] {
  const found: number[] = [];
  for (let seed = 0; seed < SCRIPTS && found.length < Number(most); seed += 1) {
    const script = where.length === 0 ? '' : JSON.stringify(writeScript(seed));
    if (where.every((part) => script.includes(part))) found.push(seed);
  }
  return found;
}

function describe(tally: Tally): string {
  const kinds = Object.entries(countKinds(tally)).map(([kind, times]) => `${times} ${kind}`);
  const [first] = tally.failures;
  const example = first === undefined ? '' : `; seed ${first.seed}: ${first.finding.sentence}`;
  return `${kinds.join(', ') || 'nothing goes wrong'} in ${tally.worlds} worlds${example}`;
}
