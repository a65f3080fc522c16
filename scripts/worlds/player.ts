// What a worker runs, bundled with the product: plays some seeds, or tells the story of one.

import { playSeeds } from '../../test/world/play-seeds.ts';
import { writeScript } from '../../test/world/script.ts';
import { shrink } from '../../test/world/shrink.ts';
import { tell } from '../../test/world/story.ts';

const [task, ...seeds] = process.argv.slice(2);
if (task === 'play') process.stdout.write(JSON.stringify(await playSeeds(seeds.map(Number))));
else process.stdout.write(tell(await shrink(writeScript(Number(seeds[0])))));
