import { load } from 'js-yaml';
import { read } from './files.mjs';

const NAMESPACE = 'deskwire';
const TIMES = '1x5';

/** @returns what `promtool test rules` is to ask, as the adapter does for an autoscaler of our namespace, and what is true then */
export function autoscalerTests() {
  const [{ metricsQuery }] = load(read('deploy/kubernetes/prometheus-adapter.yaml')).rules.external;
  const expr = metricsQuery.replaceAll('<<.LabelMatchers>>', `namespace="${NAMESPACE}"`);
  const told = (value) => [{ expr, eval_time: '3m', exp_samples: [{ labels: '{}', value }] }];
  return {
    evaluation_interval: '1m',
    tests: [
      { interval: '1m', input_series: series(), promql_expr_test: told(57) },
      { interval: '1m', input_series: [], promql_expr_test: told(0) },
    ],
  };
}

/** 57 wait for workers: 50 and 7, of which two processes tell. The rest is nothing that more of them would send sooner. */
function series() {
  const destinations = [
    backlog('Support', 50),
    backlog('Support', 50, 'b:3000'),
    backlog('Billing', 7),
    backlog('Paused', 1_000),
    backlog('Disabled', 2_000),
    backlog('Support', 4_000, 'a:3000', 'staging'),
  ];
  return [
    ...destinations,
    { series: metric('deskwire_destination_pauses', 'Paused', 'reason="auth"'), values: TIMES },
    { series: metric('deskwire_destination_pauses', 'Billing', 'reason="not_found"'), values: TIMES },
    { series: metric('deskwire_destination_disabled', 'Disabled'), values: TIMES },
    { series: metric('deskwire_destination_disabled', 'Support'), values: '0x5' },
    // Of another installation.
    { series: metric('deskwire_destination_disabled', 'Support', '', 'c:3000', 'staging'), values: TIMES },
    { series: metric('deskwire_destination_pauses', 'Support', 'reason="auth"', 'c:3000', 'staging'), values: TIMES },
  ];
}

function backlog(destination, waiting, instance, namespace) {
  const name = metric('deskwire_backlog_deliveries', destination, 'state="pending"', instance, namespace);
  return { series: name, values: `${waiting}x5` };
}

function metric(name, destination, more = '', instance = 'a:3000', namespace = NAMESPACE) {
  const own = `destination="${destination}",kind="zulip",instance="${instance}",job="deskwire",namespace="${namespace}"`;
  return `${name}{${[own, more].filter((labels) => labels !== '').join(',')}}`;
}
