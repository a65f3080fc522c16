import { runCli } from '../cli/run-cli.ts';

await runCli(process.argv.slice(2), process.argv[1] ?? 'pool-boy');
