import { readOptions } from './options.js';
import { phaseSettings } from './phase-settings.js';
import { Random } from './random.js';
import { planSteps, type Step } from './steps.js';

function plan(seed: number): Step[] {
  return planSteps(new Random(seed), phaseSettings('three', readOptions(['--seed', '0'])), 3);
}

describe('the plan of a phase', () => {
  it('is the same for the same seed, and another for another', () => {
    expect(plan(7)).toEqual(plan(7));
    expect(plan(7)).not.toEqual(plan(8));
  });

  it('kills as often as it should, mostly gateways, and spreads the pauses', () => {
    const acts = plan(7).map(({ act }) => act);
    const places = [...acts.keys()].filter((index) => acts[index] === 'pause gateway');
    expect(acts).toHaveLength(104);
    expect(acts.filter((act) => act === 'kill gateway')).toHaveLength(85);
    expect(places).toEqual([0, 26, 52, 78]);
  });

  it('reaches every gateway', () => {
    expect(new Set(plan(7).map(({ victim }) => victim))).toEqual(new Set([0, 1, 2]));
  });
});

describe('the command line', () => {
  it('runs both phases with a hundred kills each, from a seed of its own', () => {
    expect(readOptions([])).toEqual({ seed: expect.any(Number), kills: 100, phases: ['one', 'three'], short: false });
    expect(readOptions(['--seed', '4294967295', '--kills', '3', '--processes', '3'])).toEqual({
      seed: 4_294_967_295,
      kills: 3,
      phases: ['three'],
      short: false,
    });
  });

  it('kills ten times and more in its short form', () => {
    const options = readOptions(['--short']);
    const kills = options.phases.reduce((sum, name) => sum + phaseSettings(name, options).kills, 0);
    expect(kills).toBeGreaterThanOrEqual(10);
  });

  it.each([
    [['--seed', 'x']],
    [['--kills', '0']],
    [['--kills', '1001']],
    [['--processes', '2']],
    [['--what']],
    [['word']],
    [['--short', '--kills', '5']],
  ])('refuses %j', (args) => {
    expect(() => readOptions(args)).toThrow(Error);
  });
});
