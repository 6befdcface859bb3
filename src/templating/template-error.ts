/** Where in a template something is wrong; both count from 1. */
export interface TemplatePosition {
  line: number;
  column: number;
}

/** A template that cannot be read, or cannot be rendered within its limits. The message is for its author: no stack, no dump. */
export class TemplateError extends Error {
  override readonly name = 'TemplateError';
  readonly line: number | undefined;
  readonly column: number | undefined;

  constructor(message: string, position?: TemplatePosition, options?: ErrorOptions) {
    super(position ? `${message} (line ${position.line}, column ${position.column})` : message, options);
    this.line = position?.line;
    this.column = position?.column;
  }
}
