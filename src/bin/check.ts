import { check } from '../steps/check.ts';
import { runProgram } from '../steps/run-step.ts';

await runProgram((envelope, _directory, tools) => check(envelope, tools));
