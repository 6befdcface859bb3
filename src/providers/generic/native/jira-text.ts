import { asPayload, type Payload, readLine, readList, readPayload, readText, readValue } from '../../read-payload.js';

/** Nodes that stand on lines of their own. */
const BLOCKS: ReadonlySet<unknown> = new Set(
  'paragraph heading listItem codeBlock blockquote panel rule tableRow mediaSingle blockCard taskItem'.split(' '),
);
/** Real documents nest about ten deep. */
const DEEPEST = 100;

/**
 * Reads what somebody wrote in Jira: wiki markup, or the text of a document in Atlassian's format
 * (https://developer.atlassian.com/cloud/jira/platform/apis/document/structure/), which automations send.
 *
 * @returns undefined where nothing is written
 */
export function readJiraText(payload: Payload, name: string): string | undefined {
  const document = asPayload(readValue(payload, name));
  if (!document) return readText(payload, name);
  const pieces: string[] = [];
  writeNode(document, pieces, 0);
  const text = pieces
    .join('')
    .replace(/\n{2,}/g, '\n')
    .trim();
  return text === '' ? undefined : text;
}

function writeNode(node: Payload, pieces: string[], depth: number): void {
  const type = readValue(node, 'type');
  const attributes = readPayload(node, 'attrs');
  pieces.push(
    type === 'hardBreak'
      ? '\n'
      : (readText(node, 'text') ?? readLine(attributes, 'text') ?? readLine(attributes, 'url') ?? ''),
  );
  if (depth < DEEPEST) {
    for (const child of readList(node, 'content')) writeNode(asPayload(child) ?? {}, pieces, depth + 1);
  }
  if (BLOCKS.has(type)) pieces.push('\n');
}
