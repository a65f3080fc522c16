import { existsSync, writeFileSync } from 'node:fs';
import { expect, it } from '@jest/globals';
import { tracePackets } from '../../../src/git/releases/push-trace.ts';
import { temporaryFolder } from '../temporary-folder.ts';

const ID = '1'.repeat(40);
const line = (who: string, packet: string) =>
  `12:00:00.000000 pkt-line.c:86           packet: ${who} ${packet}\n`;

it.each<[string, string, boolean | null, boolean]>([
  ['nothing was written', '', null, false],
  [
    'the server reports',
    line('        push<', `${ID} refs/heads/main\\0report-status delete-refs agent=x`) +
      line('        push<', 'unpack ok') +
      line('        push<', 'ok refs/heads/main'),
    true,
    true,
  ],
  [
    'the server reports over HTTP',
    line('   send-pack<', `${ID} refs/heads/main\\0delete-refs report-status agent=x`) +
      line('   send-pack<', 'ok refs/heads/Z\\303\\274rich'),
    true,
    true,
  ],
  [
    'the server rejects',
    line('        push<', `${ID} refs/heads/main\\0report-status`) +
      line('        push<', 'ng refs/heads/main pre-receive hook declined'),
    true,
    false,
  ],
  [
    'it is no receive-pack',
    line('        push<', `${ID} refs/heads/main\\0multi_ack ofs-delta`),
    false,
    false,
  ],
  [
    'only the receive-pack of this machine wrote it',
    line('receive-pack>', `${ID} refs/heads/main\\0report-status`) +
      line('receive-pack>', 'ok refs/heads/main'),
    null,
    false,
  ],
])('where %s', (_name, written, offersReports, isReported) => {
  const trace = tracePackets(temporaryFolder());
  const file = trace.variables.GIT_TRACE_PACKET ?? '';
  if (written !== '') writeFileSync(file, written);
  expect(trace.read()).toEqual({ offersReports, isReported });
  expect(existsSync(file)).toBe(false);
});
