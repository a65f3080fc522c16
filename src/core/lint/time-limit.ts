import { childrenOf, type Step } from './step.ts';

/** Whether a step ends after some time, by its own `timeout` or that of a step around it. */
export function hasTimeLimit(body: Step, path: string): boolean {
  if (body.path === path) return 'timeout' in body && body.timeout !== null;
  const inside = childrenOf(body).find((child) => holds(child, path));
  if (inside === undefined) return false;
  return (body.kind === 'timeout' && inside === body.step) || hasTimeLimit(inside, path);
}

function holds(step: Step, path: string): boolean {
  return step.path === path || childrenOf(step).some((child) => holds(child, path));
}
