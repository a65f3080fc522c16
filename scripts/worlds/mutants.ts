// `node scripts/worlds/mutants.ts WORLDS [NAME]`: takes each rule out once, and plays worlds until some go wrong for it.
// A rule that nothing goes wrong without is one that the worlds do not try: then the exit status is 1.
import { writeScript } from '../../test/world/script.ts';
import { countKinds, type Tally } from '../../test/world/tally.ts';
import { bundleWorlds } from './bundle.ts';
import { RULES, type Rule } from './rules.ts';
import { playAll } from './workers.ts';

const [most = '500', name = ''] = process.argv.slice(2);
/** So many worlds that go wrong are found, and then the next rule is tried. */
const ENOUGH = 3;
/** So many scripts are looked through for worlds that may need a rule. */
const SCRIPTS = 100_000;

const product = await bundleWorlds('product');
let untried = 0;
for (const rule of RULES.filter((each) => each.name.includes(name))) {
  const bundle = await bundleWorlds('mutant', rule.changes);
  const tally = await playAll(bundle, seedsFor(rule), ({ failures }) => failures.length >= ENOUGH);
  const asItIs = await playAll(
    product,
    tally.failures.map(({ seed }) => seed),
  );
  if (tally.failures.length === 0 || asItIs.failures.length > 0) untried += 1;
  console.log(`${rule.name}\n  ${describe(tally, asItIs)}`);
}
process.exitCode = untried > 0 ? 1 : 0;

/** Only such whose scripts have all that leads there. */
function seedsFor({ where = [] }: Rule): number[] {
  const found: number[] = [];
  for (let seed = 0; seed < SCRIPTS && found.length < Number(most); seed += 1) {
    const script = where.length === 0 ? '' : JSON.stringify(writeScript(seed));
    if (where.every((part) => script.includes(part))) found.push(seed);
  }
  return found;
}

function describe(tally: Tally, asItIs: Tally): string {
  const kinds = Object.entries(countKinds(tally)).map(([kind, times]) => `${times} ${kind}`);
  const [first] = tally.failures;
  const example = first === undefined ? '' : `; seed ${first.seed}: ${first.finding.sentence}`;
  const others = asItIs.failures.map(({ seed }) => seed).join(', ');
  const also = others === '' ? '' : `; WITH the rule these go wrong, too: seeds ${others}`;
  return `${kinds.join(', ') || 'nothing goes wrong'} in ${tally.worlds} worlds${example}${also}`;
}
