import { check } from '../steps/check.ts';
import { runStep } from '../steps/run-step.ts';

await runStep('check', (envelope, _directory, tools) => check(envelope, tools));
