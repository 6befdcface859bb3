/** Does something again and again until a promise is settled. @returns what came of the promise */
export async function whilePending<Result>(promise: Promise<Result>, work: () => Promise<unknown>): Promise<Result> {
  const state = { isPending: true };
  const end = (): void => {
    state.isPending = false;
  };
  promise.then(end, end);
  while (state.isPending) await work();
  return promise;
}
