import { type ChildProcess, fork } from 'node:child_process';
import { join } from 'node:path';

/** What a child answers: a value, or why there is none. */
type Reply = { value: unknown } | { error: string };

/** A module of `bench/children` in a process of its own, so with an event loop of its own; asked one thing at a time. */
export class Child<Question extends object, Answer> {
  private constructor(private readonly process: ChildProcess) {}

  /** @param execArgv options of Node's, e.g. for its profiler */
  static start<Question extends object, Answer>(name: string, execArgv: string[] = []): Child<Question, Answer> {
    return new Child(fork(join(__dirname, 'children', `${name}.js`), [], { execArgv }));
  }

  get pid(): number {
    return this.process.pid ?? 0;
  }

  /** @throws what the child says went wrong, or that it ended */
  ask(question: Question): Promise<Answer> {
    return new Promise((resolve, reject) => {
      const onExit = (code: number | null): void => {
        reject(new Error(`A child of the bench ended with code ${String(code)}.`));
      };
      this.process.once('exit', onExit);
      this.process.once('message', (reply: Reply) => {
        this.process.off('exit', onExit);
        if ('error' in reply) reject(new Error(reply.error));
        else resolve(reply.value as Answer);
      });
      this.process.send(question);
    });
  }

  /** Resolves when the process is gone. */
  stop(): Promise<void> {
    if (this.process.exitCode !== null) return Promise.resolve();
    return new Promise((resolve) => {
      this.process.once('exit', () => {
        resolve();
      });
      this.process.disconnect();
    });
  }
}

/** For the child: answers what it is asked, and ends with its parent. */
export function answer(answerOne: (question: never) => Promise<unknown>): void {
  process.on('message', (question) => {
    answerOne(question as never).then(
      (value) => process.send?.({ value }),
      (error: unknown) =>
        process.send?.({ error: error instanceof Error ? (error.stack ?? error.message) : String(error) }),
    );
  });
  process.on('disconnect', () => process.exit(0));
}
