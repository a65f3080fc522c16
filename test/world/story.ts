import type { Shrunk } from './shrink.ts';

/** What went wrong, as somebody would tell it who watched. */
export function tell({ script, played }: Shrunk): string {
  const { settings } = script;
  const rules = Object.entries(settings.policy).map(([key, value]) => `${key}: ${value}`);
  return [
    `Seed ${script.seed}: ${played.findings.map(({ kind }) => kind).join(', ')}`,
    `  Claims are written as ${settings.messages}; ${rules.join(', ')}; roles in ${settings.roles.join(', ')}.`,
    ...played.story.map((sentence) => `  - ${sentence}.`),
    ...played.findings.map(({ sentence }) => `  => ${sentence}`),
  ].join('\n');
}
