// Asks this container's gateway how it is, by Node alone: the image has no curl. `live` (the process answers) or `ready`
// (webhooks can be taken and stored); exits with 0 for yes, 1 for no.
const LIMIT_MS = 4_000;

const question = process.argv[2] ?? 'live';
const port = process.env.PORT || '3000';
try {
  const url = `http://127.0.0.1:${port}/health/${question}`;
  const response = await fetch(url, { signal: AbortSignal.timeout(LIMIT_MS) });
  console.log(`${question}: ${response.status}`);
  process.exitCode = response.ok ? 0 : 1;
} catch (error) {
  console.log(`${question}: ${error.cause?.code ?? error.name}`);
  process.exitCode = 1;
}
