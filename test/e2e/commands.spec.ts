import { execFile } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { overview } from '../../src/command/run-command.js';
import { CommandProcess, runCommandProcess } from '../support/command-process.js';
import { TestGateway } from '../support/test-gateway.js';
import { waitUntil } from '../support/wait-until.js';

const execute = promisify(execFile);
const ROOT = join(__dirname, '../..');
const HEALTH_CHECK = join(ROOT, 'deploy/container/health-check.mjs');
const TICKET = { number: 9, title: 'A printer', customer_name: 'Grace', last_message_plain_text: 'Help!' };
const FIXTURE = join(ROOT, 'src/providers/groove/fixtures/agent_archived__documented.json');

describe('the command deskwire', () => {
  let gateway: TestGateway;
  let directory: string;
  let client: Record<string, string>;
  let nobody: string;
  let running: CommandProcess[];

  beforeAll(async () => {
    gateway = await TestGateway.start();
    directory = mkdtempSync(join(tmpdir(), 'deskwire-commands-'));
    client = { PORT: new URL(gateway.url).port, ADMIN_API_KEY: gateway.adminKey };
    nobody = `http://127.0.0.1:${await freePort()}`;
  });

  beforeEach(() => {
    running = [];
  });

  afterEach(() => {
    for (const process of running) process.signal('SIGKILL');
  });

  const run = (environment: Record<string, string>, args: string[], input = ''): CommandProcess => {
    const process = new CommandProcess(environment, args, input);
    running.push(process);
    return process;
  };

  afterAll(async () => {
    await gateway.stop();
    rmSync(directory, { recursive: true });
  });

  it('tells what it can do, and what of each', async () => {
    const names = ['start', 'migrate', 'keys', 'demo', 'send', 'tail'];
    const [all, none, unknown, ...each] = await Promise.all([
      runCommandProcess({}, '--help'),
      runCommandProcess({}),
      runCommandProcess({}, 'deliver'),
      ...names.map((name) => runCommandProcess({}, name, '--help')),
    ]);
    expect([all, none, unknown]).toEqual([
      { code: 0, output: overview(), errors: '' },
      { code: 2, output: '', errors: overview() },
      { code: 2, output: '', errors: `There is no command "deliver".\n\n${overview()}` },
    ]);
    expect(overview().match(/^ {2}\w+/gm)).toEqual(names.map((name) => `  ${name}`));
    for (const [index, { code, output, errors }] of each.entries()) {
      expect([code, errors]).toEqual([0, '']);
      expect(output).toContain(` ${names[index] ?? ''}`);
    }
  });

  it('runs the build as it is where what builds is not installed, as after npm prune --omit=dev', async () => {
    const root = join(directory, 'pruned');
    const place = (path: string, text: string, age: number): void => {
      mkdirSync(dirname(join(root, path)), { recursive: true });
      writeFileSync(join(root, path), text);
      utimesSync(join(root, path), age, age);
    };
    for (const path of ['bin/deskwire.mjs', 'scripts/build-if-stale.mjs']) cpSync(join(ROOT, path), join(root, path));
    const start = (): Promise<unknown> =>
      execute(process.execPath, [join(root, 'bin/deskwire.mjs'), 'start']).then(
        ({ stdout, stderr }) => [0, stdout, stderr],
        (error: unknown) => {
          const { code, stdout, stderr } = error as { code: number; stdout: string; stderr: string };
          return [code, stdout, stderr];
        },
      );
    place('src/main.ts', '', 1_000);
    utimesSync(join(root, 'src'), 1_000, 1_000);
    place('package-lock.json', '{}', 3_000);
    expect(await start()).toEqual([
      1,
      '',
      'Nothing is built, and what builds is not installed: run npm ci && npm run build.\n',
    ]);
    place('dist/src/main.js', '', 2_000);
    place('dist/src/command/run-command.js', 'exports.runCommand = async ([name]) => console.log(name);', 2_000);
    expect(await start()).toEqual([0, 'start\n', '']);
    utimesSync(join(root, 'src/main.ts'), 3_000, 3_000);
    expect(await start()).toEqual([
      0,
      'start\n',
      'The build is older than the sources and is used as it is; to bring it up to date, run npm ci && npm run build.\n',
    ]);
  });

  it('says what it does not understand, and ends with 2', async () => {
    const refused: [command: string, args: string[], words: string][] = [
      ['start', ['--port', '1'], "Unknown option '--port'"],
      ['migrate', ['down'], 'What is "down"?'],
      ['send', [], 'Say which file to send.'],
      ['send', [FIXTURE], 'Say where to, by --to: the hook URL of a source.'],
      ['send', ['/nowhere.json', '--to', 'http://127.0.0.1/'], '/nowhere.json cannot be read (ENOENT).'],
      ['tail', [], 'A key is needed: --key-file, --key, or ADMIN_API_KEY.'],
      ['tail', ['--key', 'dw_x', '--lines', '501'], '--lines must be a whole number from 0 to 500.'],
    ];
    const results = await Promise.all(refused.map(([command, args]) => runCommandProcess({}, command, ...args)));
    for (const [index, [command, , words]] of refused.entries()) {
      const { code, output, errors } = results[index] ?? {};
      expect([code, output]).toEqual([2, '']);
      expect(errors).toContain(words);
      expect(errors).toMatch(new RegExp(`\nHow to use it: deskwire ${command} --help\n$`));
    }
  });

  it('migrate: says that nothing is to be done, or in words what is wrong', async () => {
    expect(
      await runCommandProcess({ DATABASE_URL: gateway.databaseUrl, ENCRYPTION_KEY: 'x'.repeat(32) }, 'migrate'),
    ).toEqual({ code: 0, output: 'The schema is up to date.\n', errors: '' });
    const away = { DATABASE_URL: 'postgres://nobody:hidden@127.0.0.1:1/x', ENCRYPTION_KEY: 'x'.repeat(32) };
    const { code, errors } = await runCommandProcess(away, 'migrate');
    expect([code, errors]).toEqual([1, expect.stringMatching(/^DATABASE_URL: /)]);
    expect(errors).not.toContain('hidden');
  });

  it('send: posts a file, standard input or a fixture, and tells what was answered', async () => {
    const hook = gateway.hookUrl('groove');
    const file = join(directory, 'ticket_started__x.json');
    writeFileSync(file, JSON.stringify(TICKET));
    const sent = await runCommandProcess({}, 'send', file, '--to', hook);
    expect(sent).toEqual({
      code: 0,
      output: expect.stringMatching(/^202 \{"event_ids":\["[0-9a-f-]{36}"\],"deliveries":1\}\n$/),
      errors: '',
    });
    const input = run({}, ['send', '-', '--event', 'ticket_started', '--to', hook], JSON.stringify(TICKET));
    expect((await input.ended()).output).toMatch(/^200 .*"duplicate":true/);
    expect((await runCommandProcess({}, 'send', FIXTURE, '--to', hook)).output).toMatch(/^202 /);
    const [wrong, unanswered] = await Promise.all([
      runCommandProcess({}, 'send', FIXTURE, '--to', `${gateway.url}/hooks/groove/none`),
      runCommandProcess({}, 'send', FIXTURE, '--to', `${nobody}/hooks/groove/secret`),
    ]);
    expect([wrong.code, wrong.output]).toEqual([1, expect.stringMatching(/^404 \{/)]);
    expect(unanswered).toEqual({
      code: 1,
      output: '',
      errors: 'Nothing was answered: nobody listens there (ECONNREFUSED).\n',
    });
  });

  it("the container's health check answers by its exit code", async () => {
    const check = (port: string, ...args: string[]): Promise<unknown> =>
      execute(process.execPath, [HEALTH_CHECK, ...args], { env: { PORT: port } }).then(
        ({ stdout }) => [0, stdout],
        (error: unknown) => [(error as { code: number }).code, (error as { stdout: string }).stdout],
      );
    const { PORT = '' } = client;
    const away = new URL(nobody).port;
    expect(await Promise.all([check(PORT), check(PORT, 'ready'), check(PORT, 'none'), check(away, 'live')])).toEqual([
      [0, 'live: 200\n'],
      [0, 'ready: 200\n'],
      [1, 'none: 404\n'],
      [1, 'live: ECONNREFUSED\n'],
    ]);
  });

  it('tail: shows what was delivered and what is, until it is interrupted', async () => {
    await gateway.groove('ticket_started', { ...TICKET, number: 10 });
    const [first] = (await gateway.settledDeliveries('&ticket=10')) as [{ id: string; created_at: string }];
    const process = run(client, ['tail', '--every', '0.2', '--lines', '1']);
    const ended = process.ended();
    await waitUntil(() => process.output.includes('\n'));
    expect(process.output).toBe(`${first.created_at}  delivered  #support › #10 A printer  ${first.id}\n`);
    await gateway.groove('ticket_started', { ...TICKET, number: 11 });
    const [second] = (await gateway.settledDeliveries('&ticket=11')) as [{ id: string }];
    await waitUntil(() => new RegExp(`delivered .*${second.id}\n$`).test(process.output));
    process.signal('SIGINT');
    expect(await ended).toEqual({ code: 0, output: process.output, errors: '' });
  });

  it('tail: shows documents of what it was asked for, by a key from a file', async () => {
    const file = join(directory, 'key');
    writeFileSync(file, `${gateway.adminKey}\n`);
    const args = ['--url', gateway.url, '--key-file', file, '--json', '--ticket', '10'];
    const process = run({}, ['tail', ...args]);
    const ended = process.ended();
    await waitUntil(() => process.output.includes('\n'));
    process.signal('SIGTERM');
    const { output, code } = await ended;
    const { body } = await gateway.api('GET', '/deliveries?ticket=10');
    expect([code, output]).toEqual([0, body.data.map((one) => `${JSON.stringify(one)}\n`).join('')]);
  });

  it('tail: ends where it is refused, or called by a wrong address', async () => {
    const [refused, unanswered] = await Promise.all([
      runCommandProcess(client, 'tail', '--key', 'dw_wrong'),
      runCommandProcess(client, 'tail', '--url', nobody),
    ]);
    expect([refused.code, refused.errors]).toEqual([1, expect.stringMatching(/^The gateway refuses: 401 .+\n$/)]);
    expect([unanswered.code, unanswered.errors]).toEqual([
      1,
      'The gateway does not answer: nobody listens there (ECONNREFUSED).\n',
    ]);
  });
});

/** @returns a port that nobody listens on */
function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address() as { port: number };
      server.close(() => {
        resolve(port);
      });
    });
  });
}
