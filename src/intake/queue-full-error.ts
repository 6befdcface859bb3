/** The intake queue is full. */
export class QueueFullError extends Error {
  constructor() {
    super('The intake queue is full.');
    this.name = 'QueueFullError';
  }
}
