import { answer } from '../child.js';
import { type CrowdAnswer, CrowdOfClients, type CrowdQuestion } from '../crowd.js';

let crowd: CrowdOfClients | undefined;

/** Gathers a crowd when asked for one, and dissolves it when asked for none. */
answer(async (question: Partial<CrowdQuestion>): Promise<CrowdAnswer> => {
  if (question.crowd === undefined) return crowd?.dissolve() ?? { connected: 0, answered: 0 };
  crowd = new CrowdOfClients(question as CrowdQuestion);
  await crowd.gather();
  return { connected: question.connections ?? 0, answered: 0 };
});
