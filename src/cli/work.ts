import type { Start, Work } from './command.ts';

// Each command is imported when it was chosen: help and mistyped options need none of them, and all of them together
// take longer to start than Node itself.

/** What each command does that works with a lock repository. */
export const WORK = {
  status: async (cli) => (await import('./commands/status.ts')).status(cli),
  clean: async (cli) => (await import('./commands/clean.ts')).clean(cli),
  release: async (cli) => (await import('./commands/release.ts')).release(cli),
  hold: async (cli) => (await import('./commands/hold.ts')).hold(cli),
  unhold: async (cli) => (await import('./commands/hold.ts')).unhold(cli),
  claim: async (cli) => (await import('./commands/hold.ts')).claim(cli),
  explain: async (cli) => (await import('./commands/explain.ts')).explain(cli),
  history: async (cli) => (await import('./commands/history.ts')).history(cli),
  doctor: async (cli) => (await import('./commands/doctor/doctor.ts')).doctor(cli),
} satisfies Record<string, Work>;

/** Files of pipelines are enough for `lint`. */
export const LINT: Start = {
  needsRepository: false,
  work: async (cli) => (await import('./commands/lint/lint.ts')).lint(cli),
};
