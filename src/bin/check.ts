import { check } from '../steps/check.ts';
import { runStep } from '../steps/run-step.ts';

void runStep('check', (envelope, _directory, tools) => check(envelope, tools));
