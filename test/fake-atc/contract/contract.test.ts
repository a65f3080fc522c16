// Every question that was asked of a real Concourse, asked of the stand-in when it is set up as that one was.
import { describe, expect, test } from '@jest/globals';
import { PASSWORD } from '../model.ts';
import { startAtc } from '../start-atc.ts';
import type { Ci } from '../types.ts';
import { type Answered, normalise } from './normalise.ts';
import { rebuildConcourse } from './rebuild.ts';
import { hasRecordings, type Recording, readRecordings } from './recordings.ts';

const VERSIONS = ['8.2.5', '7.14.3', '7.9.1', '6.7.9'];

describe.each(VERSIONS)('the stand-in answers as a recorded Concourse %s did', (version) => {
  const recordings = readRecordings(version);
  const run = hasRecordings
    ? test.each(recordings)
    : test.skip.each([{ name: 'every question' }] as Recording[]);

  run('$name', async (recording) => {
    const ci = rebuildConcourse(version, recording, recordings);
    const { status, headers, body } = recording;
    expect(normalise(await askAs(ci, recording), headers)).toEqual(
      normalise({ status, headers, body }, headers),
    );
  });
});

async function askAs(ci: Ci, recording: Recording): Promise<Answered> {
  const atc = await startAtc(ci);
  try {
    const response = await fetch(`${atc.url}${recording.path}`, requestFor(ci, recording));
    const text = await response.text();
    const headers = Object.fromEntries([...response.headers].map(([name, value]) => [name, value]));
    return { status: response.status, headers, body: parse(text) };
  } finally {
    await atc.close();
  }
}

function requestFor(ci: Ci, { as, form, name }: Recording): RequestInit {
  if (form !== null) return loginRequest(ci, form, name);
  const username = as === 'viewer' ? 'pool-boy' : as;
  const account = ci.accounts.find((each) => each.username === username);
  const token = as === 'garbage' ? 'garbage' : account && ci.token(account);
  return { redirect: 'manual', ...(token && { headers: { authorization: `Bearer ${token}` } }) };
}

/** Secrets were blotted out of the recordings, so what was wrong stands in their names. */
function loginRequest(ci: Ci, form: Readonly<Record<string, string>>, name: string): RequestInit {
  const is = (fault: string) => name.endsWith(fault);
  ci.localUsers = !is('no-local-users');
  const client = is('wrong-client') ? 'other:client' : 'fly:Zmx5';
  const password = is('wrong-password') ? 'wrong' : PASSWORD;
  return {
    method: 'POST',
    headers: { authorization: `Basic ${Buffer.from(client).toString('base64')}` },
    body: new URLSearchParams({ ...form, password }),
  };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
