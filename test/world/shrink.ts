// Makes a script that went wrong as short as it can be while the same still goes wrong.
import { type Played, play } from './play.ts';
import type { Script } from './script.ts';
import type { Finding } from './truth/verdicts.ts';

export type Shrunk = { script: Script; played: Played };

export async function shrink(script: Script): Promise<Shrunk> {
  let best: Shrunk = { script, played: await play(script) };
  const wanted = best.played.findings[0];
  if (wanted === undefined) return best;
  const goesWrong = async (candidate: Script): Promise<boolean> => {
    const played = await play(candidate).catch(() => null);
    const isSame = played?.findings.some((finding) => isAlike(finding, wanted)) ?? false;
    if (played !== null && isSame) best = { script: candidate, played };
    return isSame;
  };
  for (let before = Number.POSITIVE_INFINITY; weight(best.script) < before; ) {
    before = weight(best.script);
    await dropEvents(() => best.script, goesWrong);
    await dropPipelines(() => best.script, goesWrong);
  }
  return best;
}

/** Ever smaller pieces of the list of events are left out, for as long as that changes nothing. */
async function dropEvents(now: () => Script, goesWrong: (script: Script) => Promise<boolean>): Promise<void> {
  for (
    let size = Math.ceil(now().events.length / 2);
    size >= 1;
    size = size === 1 ? 0 : Math.ceil(size / 2)
  ) {
    for (let from = 0; from < now().events.length; ) {
      const script = now();
      const events = script.events.toSpliced(from, size);
      if (!(await goesWrong({ ...script, events }))) from += size;
    }
  }
}

async function dropPipelines(
  now: () => Script,
  goesWrong: (script: Script) => Promise<boolean>,
): Promise<void> {
  for (let at = now().pipelines.length - 1; at >= 0 && now().pipelines.length > 1; at -= 1) {
    const script = now();
    await goesWrong({ ...script, pipelines: script.pipelines.toSpliced(at, 1) });
  }
}

const weight = ({ events, pipelines }: Script): number => events.length + pipelines.length;

/** The same kind, for the same reason: else one mistake would be shrunk to another. */
const isAlike = (a: Finding, b: Finding): boolean => a.kind === b.kind && causeOf(a) === causeOf(b);

const causeOf = ({ sentence }: Finding): string =>
  /\((?<reason>[a-z-]+): /.exec(sentence)?.groups?.reason ?? '';
