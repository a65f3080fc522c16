// What can happen in a world. Each event picks what it happens to by its own random numbers, and does nothing where
// there is nothing to pick: so any of them can be left out of a story, and the rest still makes sense.
import { BUILD_EVENTS } from './builds.ts';
import type { EventKind } from './event-kind.ts';
import { PEOPLE_EVENTS } from './people.ts';
import { PIPELINE_EVENTS } from './pipelines.ts';
import { PLOTS } from './plots.ts';
import { RESOURCE_EVENTS } from './resources.ts';
import { TIME_EVENTS } from './time.ts';

export const EVENTS: readonly EventKind[] = [
  ...TIME_EVENTS,
  ...BUILD_EVENTS,
  ...PIPELINE_EVENTS,
  ...RESOURCE_EVENTS,
  ...PEOPLE_EVENTS,
  ...PLOTS,
];

export const THEMES: readonly string[] = [...new Set(EVENTS.flatMap(({ theme }) => theme ?? []))];

export const eventNamed = (name: string): EventKind => {
  const event = EVENTS.find((each) => each.name === name);
  if (event === undefined) throw new Error(`no event is called ${name}`);
  return event;
};
