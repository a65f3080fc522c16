import { runCli } from '../cli/run-cli.ts';

void runCli(process.argv.slice(2), process.argv[1] ?? 'pool-boy');
