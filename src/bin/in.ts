import { inStep } from '../steps/in.ts';
import { runStep } from '../steps/run-step.ts';

void runStep('in', (envelope, directory, tools) => inStep(envelope, directory, tools));
