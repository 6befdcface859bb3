import { answer } from '../child.js';
import { Load, type LoadAnswer, type LoadQuestion } from '../load.js';

answer((question: LoadQuestion): Promise<LoadAnswer> => new Load(question).run());
