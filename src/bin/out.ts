import { out } from '../steps/out.ts';
import { runStep } from '../steps/run-step.ts';

void runStep('out', (envelope, _directory, tools) => out(envelope, tools));
