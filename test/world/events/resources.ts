import { visibleVersions } from '../../fake-atc/model/versions.ts';
import type { Pipeline, Resource } from '../../fake-atc/types.ts';
import type { Random } from '../../storm/random.ts';
import { isPool, say, type World } from '../types.ts';
import type { EventKind } from './event-kind.ts';
import { livePipelines, pickFrom } from './pick.ts';

type Found = { pipeline: Pipeline; resource: Resource };

export const RESOURCE_EVENTS: readonly EventKind[] = [
  onPool('credentials are rotated', 3, 'rotations', (world, { pipeline, resource }) => {
    pipeline.rotateCredentials(resource.name);
    const why =
      resource.type === 'pool' ? 'Ada rotates the credentials' : 'A new image of its type changes the scope';
    say(world, `${why} of ${pipeline.name}’s ${resource.name}: its versions are out of sight`);
  }),
  onPool('a version is pinned', 2, 'pins', (world, { pipeline, resource }, random) => {
    const saved = pickFrom(random, visibleVersions(resource));
    if (saved === undefined) return;
    pipeline.pin(resource.name, saved.version);
    say(world, `Ada pins ${pipeline.name}’s ${resource.name} to ${saved.version.ref?.slice(0, 7)}`);
  }),
  onPool('a pin is removed', 2, 'pins', (world, { pipeline, resource }) => {
    if (resource.pinned === null) return;
    pipeline.pin(resource.name, null);
    say(world, `Ada removes the pin of ${pipeline.name}’s ${resource.name}`);
  }),
  onPool('a version is disabled', 1, 'pins', (world, { pipeline, resource }, random) => {
    const saved = pickFrom(random, visibleVersions(resource));
    if (saved === undefined) return;
    saved.enabled = false;
    say(world, `Ada disables ${saved.version.ref?.slice(0, 7)} of ${pipeline.name}’s ${resource.name}`);
  }),
  onPool('somebody checks now', 2, 'checks', (world, { pipeline, resource }) => {
    pipeline.check(resource.name, { status: 'started', start: world.now });
    say(world, `Ada starts a check of ${pipeline.name}’s ${resource.name}`);
  }),
  onPool('a check ends', 2, 'checks', (world, { pipeline, resource }) => {
    const { check } = resource;
    if (check?.status !== 'started') return;
    Object.assign(check, { status: 'succeeded', end: world.now });
    say(world, `The check of ${pipeline.name}’s ${resource.name} ends`);
  }),
  {
    name: 'there is new code',
    weight: 3,
    apply: (world) => {
      for (const pipeline of livePipelines(world)) {
        const code = pipeline.resources.find(({ name }) => name === 'code');
        if (code !== undefined) pipeline.found('code', { ref: `code-${code.versions.length + 1}` });
      }
    },
  },
];

function onPool(
  name: string,
  weight: number,
  theme: string,
  apply: (world: World, found: Found, random: Random) => void,
): EventKind {
  return {
    name,
    weight,
    theme,
    apply: (world, random) => {
      const all = livePipelines(world).flatMap((pipeline) =>
        pipeline.resources.filter(({ type }) => isPool(type)).map((resource) => ({ pipeline, resource })),
      );
      const found = pickFrom(random, all);
      if (found !== undefined) apply(world, found, random);
    },
  };
}
