import { runProgram } from '../main.ts';
import { out } from '../steps/out.ts';

await runProgram((envelope, _directory, tools) => out(envelope, tools));
