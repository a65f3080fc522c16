import { out } from '../steps/out.ts';
import { runProgram } from '../steps/run-step.ts';

await runProgram((envelope, _directory, tools) => out(envelope, tools));
