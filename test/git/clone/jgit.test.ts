// The server of Gerrit, GitBucket and Gitblit, from Debian's libjgit-java, where it is installed.
import { spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterAll, expect, it } from '@jest/globals';
import { makeRepository } from '../make-repository.ts';
import { describeWith } from '../needs.ts';
import { open } from '../open.ts';
import { temporaryFolder } from '../temporary-folder.ts';

const JARS = ['org.eclipse.jgit', 'slf4j-api'].map((name) => `/usr/share/java/${name}.jar`);

const DAEMON = `
import java.io.File;
import java.net.InetSocketAddress;
import org.eclipse.jgit.transport.Daemon;
import org.eclipse.jgit.transport.DaemonClient;
import org.eclipse.jgit.transport.resolver.FileResolver;

public class ServeGit {
  public static void main(String[] folder) throws Exception {
    Daemon daemon = new Daemon(new InetSocketAddress("127.0.0.1", 0));
    daemon.getService("git-receive-pack").setEnabled(true);
    daemon.setRepositoryResolver(new FileResolver<DaemonClient>(new File(folder[0]), true));
    daemon.start();
    System.out.println(daemon.getAddress().getPort());
    System.in.read();
    System.exit(0);
  }
}
`;

const ends: (() => void)[] = [];
afterAll(() => {
  for (const end of ends) end();
});

async function serve(folder: string): Promise<number> {
  const program = join(temporaryFolder(), 'ServeGit.java');
  writeFileSync(program, DAEMON);
  const daemon = spawn('java', ['-cp', JARS.join(':'), program, folder], {
    stdio: ['pipe', 'pipe', 'ignore'],
  });
  // It ends when its input does.
  ends.push(() => daemon.stdin.end());
  for await (const line of createInterface(daemon.stdout)) return Number(line);
  throw new Error('JGit did not start');
}

describeWith(['/usr/bin/java', ...JARS])('a repository served by JGit', () => {
  it('is read far back, and pushed to', async () => {
    const made = makeRepository();
    made.addUnclaimed('aws', 'old');
    const old = made.claim('aws', 'old');
    made.commits(
      Array.from({ length: 700 }, (_, number) => ({ changes: [{ write: 'n', content: `${number}` }] })),
    );
    const port = await serve(join(made.path, '..'));
    const repository = await open({ uri: `git://127.0.0.1:${port}/locks.git` });
    const head = await repository.fetch();
    const claims = await repository.claimsAt(head, [{ pool: 'aws', name: 'old' }]);
    expect(claims).toMatchObject([{ commit: old }]);
    const release = {
      pool: 'aws',
      lock: 'old',
      claim: old,
      reason: 'timed-out' as const,
      detail: 'It is old.',
      heldFor: 60,
      to: null,
    };
    const info = { run: 'a-run', version: '1.2.3', buildUrl: null, now: 1_800_000_000 };
    const pushed = await repository.push([{ kind: 'release', release }], head, info);
    expect(pushed).toMatchObject({ kind: 'pushed', head: made.head() });
  });
});
