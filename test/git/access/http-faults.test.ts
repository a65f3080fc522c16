import { describe, expect, it } from '@jest/globals';
import { describeWith } from '../needs.ts';
import { type Opening, opening } from '../open.ts';
import { makeCertificate, startHttp } from './start-http.ts';

async function failureAt(source: Opening) {
  const { repository, logged } = opening(source);
  const failure = await repository
    .then((one) => one.fetch())
    .then(
      () => null,
      (error: { kind: string; message: string }) => error,
    );
  return { kind: failure?.kind, message: failure?.message, logged: logged.join('') };
}

describe('a server that is not git', () => {
  it('is told as such where it redirects to a login page', async () => {
    const port = await startHttp((request, response) => {
      const isLogin = request.url?.startsWith('/login') === true;
      if (isLogin) response.writeHead(200, { 'content-type': 'text/html' }).end('<html>\nlog in\n</html>\n');
      else response.writeHead(302, { location: `/login?next=${request.url}` }).end();
    });
    const uri = `http://127.0.0.1:${port}/o/locks.git`;
    expect(await failureAt({ uri })).toMatchObject({
      kind: 'credentials-needed',
      message: `${uri} redirects to http://127.0.0.1:${port}/login, which is not a git repository but may be a login page; check uri, and username and password.`,
    });
  });

  it.each([
    ['of some lines', '<html>\n<body>hello</body>\n</html>\n'],
    ['of one line', '<html><body>hello</body></html>'],
    ['without a word', ''],
  ])('is told as such where it answers with a page %s', async (_name, page) => {
    const port = await startHttp((_request, response) =>
      response.writeHead(200, { 'content-type': 'text/html' }).end(page),
    );
    const uri = `http://127.0.0.1:${port}/o/locks.git`;
    expect(await failureAt({ uri })).toMatchObject({
      kind: 'no-repository',
      message: `${uri} answers with something other than git, such as a web page; check uri, and whether a login page is in front of it.`,
    });
  });

  it('is told as such where it does not speak TLS', async () => {
    const port = await startHttp((_request, response) => void response.end());
    const uri = `https://127.0.0.1:${port}/o/locks.git`;
    expect(await failureAt({ uri })).toMatchObject({
      kind: 'tls',
      message: `${uri} does not speak TLS on this port; use http:// in uri, or the port for https.`,
    });
  });

  it('gives its words to the sentence and to the debug log', async () => {
    const port = await startHttp((_request, response) =>
      response.writeHead(418, { 'content-type': 'text/plain' }).end('I am a\n\u001b[31mteapot\u001b[0m.\n'),
    );
    const uri = `http://127.0.0.1:${port}/o/locks.git`;
    const { kind, message, logged } = await failureAt({ uri });
    expect({ kind, message }).toEqual({
      kind: 'refused',
      message: `${uri} refused: the requested URL returned error: 418 (I am a teapot); check uri.`,
    });
    expect(logged).toContain('debug:   remote: teapot.');
  });
});

describeWith(['/usr/bin/openssl'])('a certificate', () => {
  it('that has expired is told with its date', async () => {
    const expired = makeCertificate('localhost', '20200101000000Z', '20200201000000Z');
    const port = await startHttp((_request, response) => void response.end(), expired);
    expect(await failureAt({ uri: `https://localhost:${port}/x.git` })).toMatchObject({
      kind: 'tls',
      message: `The TLS certificate of https://localhost:${port} expired on 2020-02-01; renew it on the server.`,
    });
  });

  it('for another host is told with its names', async () => {
    const other = makeCertificate('git.example.com', '20200101000000Z', '20990101000000Z');
    const port = await startHttp((_request, response) => void response.end(), other);
    expect(await failureAt({ uri: `https://localhost:${port}/x.git` })).toMatchObject({
      kind: 'tls',
      message: `The TLS certificate of https://localhost:${port} is for another host (git.example.com); use one of its names in uri, or give the server a certificate for this one.`,
    });
  });
});
