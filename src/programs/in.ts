import { runProgram } from '../main.ts';
import { inStep } from '../steps/in.ts';

await runProgram((envelope, directory, tools) => inStep(envelope, directory, tools));
