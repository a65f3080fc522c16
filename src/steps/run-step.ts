import { addAbortSignal } from 'node:stream';
import { type Envelope, parseEnvelope } from '../request/request.ts';
import { secretsIn } from '../request/secrets-in.ts';
import { runProcess } from '../runtime/run-process.ts';
import type { RunTools } from '../runtime/run-tools.ts';

/** One of Concourse's three programs: a request comes in on stdin, an answer goes out as JSON. */
export type Step = (envelope: Envelope, argument: string | undefined, tools: RunTools) => Promise<unknown>;

/** Runs a step. stdout gets one JSON value, or nothing where the step failed. */
export async function runStep(name: 'check' | 'in' | 'out', step: Step): Promise<void> {
  await runProcess({
    debugSwitch: 'log_level: debug',
    answerMustArrive: true,
    run: async ({ tools, announce, logMore }) => {
      announce(name);
      const envelope = parseEnvelope(await readStdin(tools.lifetime.signal));
      tools.mask.add(...secretsIn(envelope.source));
      if (wantsDebug(envelope.source)) logMore();
      const answer = await step(envelope, process.argv[2], tools);
      return { status: 0, answer: `${JSON.stringify(answer)}\n` };
    },
  });
}

async function readStdin(signal: AbortSignal): Promise<string> {
  const chunks: Buffer[] = [];
  addAbortSignal(signal, process.stdin);
  for await (const chunk of process.stdin) chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks).toString('utf8');
}

/** Before the request is validated: its errors, too, may need a debug log. */
function wantsDebug(source: unknown): boolean {
  return (
    typeof source === 'object' && source !== null && 'log_level' in source && source.log_level === 'debug'
  );
}
