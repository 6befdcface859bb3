import { isResolved, isSameTopic, resolvedName, unresolvedName } from './resolved-topic.js';

it.each([
  ['#9 Test', false, '✔ #9 Test', '#9 Test'],
  ['✔ #9 Test', true, '✔ #9 Test', '#9 Test'],
  ['✔ ✔ #9 Test', true, '✔ ✔ #9 Test', '#9 Test'],
  ['✔#9 Test', false, '✔ ✔#9 Test', '✔#9 Test'],
  ['#9 ✔ Test', false, '✔ #9 ✔ Test', '#9 ✔ Test'],
])('%s', (topic, resolved, whenResolved, whenReopened) => {
  expect([isResolved(topic), resolvedName(topic), unresolvedName(topic)]).toEqual([
    resolved,
    whenResolved,
    whenReopened,
  ]);
});

it.each([
  ['#9 Größe', '✔ #9 GRÖSSE', false],
  ['#9 Größe', '✔ #9 GRÖßE', true],
  ['#9 a', '#9 b', false],
])('%s is %s: %s', (one, other, same) => {
  expect([isSameTopic(one, other), isSameTopic(other, one)]).toEqual([same, same]);
});
