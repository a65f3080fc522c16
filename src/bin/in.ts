import { inStep } from '../steps/in.ts';
import { runStep } from '../steps/run-step.ts';

await runStep('in', (envelope, directory, tools) => inStep(envelope, directory, tools));
