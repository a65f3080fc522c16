import { runProgram } from '../main.ts';
import { check } from '../steps/check.ts';

await runProgram((envelope, _directory, tools) => check(envelope, tools));
