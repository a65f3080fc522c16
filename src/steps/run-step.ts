import { addAbortSignal } from 'node:stream';
import { Failure } from '../core/failure.ts';
import { type Envelope, parseEnvelope } from '../request/request.ts';
import { secretsIn } from '../request/secrets-in.ts';
import { sentencesFor } from '../runtime/error-sentences.ts';
import { guardProcess, unwritten, watchOutput, whenWritten } from '../runtime/guard.ts';
import { createLifetime, type OwnedLifetime } from '../runtime/lifetime.ts';
import { createLog } from '../runtime/log.ts';
import type { RunTools } from '../runtime/run-tools.ts';
import { createMask } from '../runtime/secret-mask.ts';
import { stopOnSignals } from '../runtime/signals.ts';
import { paintFor } from '../runtime/terminal.ts';

declare const POOL_BOY_VERSION: string;

const DEBUGGING = 'log_level: debug';

/** One of Concourse's three programs: a request comes in, an answer goes out as JSON. */
export type Program = (envelope: Envelope, argument: string | undefined, tools: RunTools) => Promise<unknown>;

/**
 * The process's edge. stdout gets one JSON value, or nothing; each problem is one sentence on stderr and exit status
 * 1. A stack trace is only for bugs, and only where debugging was asked for.
 */
export async function runProgram(program: Program): Promise<void> {
  const mask = createMask();
  let debug = false;
  const log = createLog(
    (text) => void process.stderr.write(text),
    mask,
    () => debug,
    paintFor(process.stderr, process.env),
  );
  const lifetime = createLifetime();
  const stoppedBy = stopOnSignals(lifetime, () => finish(lifetime, 1));
  guardProcess({ lifetime, log, debugging: DEBUGGING, stoppedBy });
  const outputError = watchOutput();
  try {
    const envelope = parseEnvelope(await readStdin(lifetime.signal));
    mask.add(...secretsIn(envelope.source));
    debug = wantsDebug(envelope.source);
    const tools: RunTools = {
      lifetime,
      log,
      mask,
      environment: process.env,
      clock: () => Date.now() / 1000,
      version: POOL_BOY_VERSION,
    };
    const answer = await program(envelope, process.argv[2], tools);
    lifetime.end();
    whenWritten(`${JSON.stringify(answer)}\n`, () => {
      const lost = outputError();
      if (lost !== null) log.error(unwritten(lost));
      finish(lifetime, lost === null ? 0 : 1);
    });
  } catch (error) {
    lifetime.end();
    for (const sentence of sentencesFor(error, stoppedBy(), DEBUGGING)) log.error(sentence);
    if (!(error instanceof Failure) && stoppedBy() === null && debug && error instanceof Error)
      log.debug(error.stack ?? '');
    finish(lifetime, 1);
  }
}

/** Ends the process even if some socket is still open. */
function finish(lifetime: OwnedLifetime, status: 0 | 1): void {
  lifetime.end();
  process.exit(status);
}

async function readStdin(signal: AbortSignal): Promise<string> {
  const chunks: Buffer[] = [];
  addAbortSignal(signal, process.stdin);
  for await (const chunk of process.stdin) chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks).toString('utf8');
}

function wantsDebug(source: unknown): boolean {
  return (
    typeof source === 'object' && source !== null && 'log_level' in source && source.log_level === 'debug'
  );
}
