import { inStep } from '../steps/in.ts';
import { runProgram } from '../steps/run-step.ts';

await runProgram((envelope, directory, tools) => inStep(envelope, directory, tools));
