import { type MessagePattern, ownLine } from './message-pattern.ts';
import { remoteWords, shortened } from './remote-words.ts';

/** The most general words, which git adds to many a cause: only for what nothing else explains. */
export const CONNECTION_PATTERNS: readonly MessagePattern[] = [
  {
    pattern: /timed out|Operation too slow|Timeout, server [^\n]* not responding/i,
    kind: 'timed-out',
    sentence: ({ uri }) => `${uri} did not answer in time; try again, or look at the server.`,
  },
  {
    pattern:
      /[^\n]*(?:Could not resolve host|Failed to connect|Connection refused|Network is unreachable|No route to host|unable to connect|Couldn't connect|Connection reset|Connection closed|kex_exchange_identification|Broken pipe|hung up|early EOF|unexpected disconnect|RPC failed|Empty reply|expected flush after|unexpected end of file|transfer closed|Recv failure|Send failure|was not closed cleanly)[^\n]*/i,
    kind: 'cannot-connect',
    sentence: ({ uri }, [line], stderr) => {
      const own = ownLine(line.replace(/^.*unable to access '[^']*': /, ''));
      // The line may be one of those that the remote's words were taken from.
      const words = remoteWords(stderr).replace(own, '').trim();
      const said = words === '' || own.includes(words) ? '' : ` (${shortened(words)})`;
      return `The connection to ${uri} failed: ${own}${said}.`;
    },
  },
  {
    pattern: /remote error: |Could not read from remote repository/,
    // Words of the server will be the same next time; silence is a connection that was cut.
    kind: (_context, stderr) => (remoteWords(stderr) === '' ? 'cannot-connect' : 'refused'),
    sentence: ({ uri }, _match, stderr) => {
      const words = remoteWords(stderr);
      return words === ''
        ? `The connection to ${uri} was closed without a reason; try again, or look at the server's log.`
        : `${uri} refused the connection: ${words}.`;
    },
  },
];
