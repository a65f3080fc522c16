// What goes wrong between the ATC and us, on request.
import type { ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Answer } from './answers/answer.ts';

export type Fault =
  /** The ATC says so; `headers` add to its own. */
  | { kind: 'status'; status: number; body?: string; headers?: Record<string, string> }
  /** Somebody in between says so: none of the ATC's headers. */
  | { kind: 'proxy'; status: number; body?: string; headers?: Record<string, string> }
  /** A login page, with 200. */
  | { kind: 'html' }
  | { kind: 'proxy-404' }
  | { kind: 'broken-json' }
  /** Promises more bytes than it sends, then cuts the connection. */
  | { kind: 'truncated' }
  /** Never answers. */
  | { kind: 'hang' }
  /** Cuts the connection before the answer. */
  | { kind: 'drop' }
  | { kind: 'redirect'; location: string; status?: 301 | 302 | 303 | 307 | 308 }
  /** The right answer, later. */
  | { kind: 'slow'; milliseconds: number };

const PAGE = '<!doctype html><html><body><h1>Sign in</h1></body></html>';

/** Returns true where the right answer is still to be given. */
export async function commitFault(
  fault: Fault,
  response: ServerResponse,
  own: Readonly<Record<string, string>>,
  right: () => Answer,
): Promise<boolean> {
  const say = (status: number, headers: Record<string, string>, body: string) => {
    response.writeHead(status, headers).end(body);
    return false;
  };
  switch (fault.kind) {
    case 'status':
      return say(fault.status, { ...own, ...fault.headers }, fault.body ?? '');
    case 'proxy':
      return say(fault.status, { ...fault.headers }, fault.body ?? PAGE);
    case 'html':
      return say(200, { 'content-type': 'text/html' }, PAGE);
    case 'proxy-404':
      return say(404, { 'content-type': 'text/html' }, '<html><body>nginx: no such page</body></html>');
    case 'broken-json':
      return say(200, { ...own, 'content-type': 'application/json' }, '{"id": 12, "status": ');
    case 'redirect':
      return say(fault.status ?? 301, { location: fault.location }, '');
    case 'truncated': {
      const body = Buffer.from(right().body);
      response.writeHead(200, {
        ...own,
        'content-type': 'application/json',
        'content-length': body.length + 1000,
      });
      response.write(body.subarray(0, Math.max(1, body.length - 5)), () => response.destroy());
      return false;
    }
    case 'drop':
      response.destroy();
      return false;
    case 'hang':
      return false;
    case 'slow':
      await sleep(fault.milliseconds, undefined, { ref: false });
      return true;
  }
}
