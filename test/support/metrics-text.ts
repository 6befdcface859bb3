/** A line of Prometheus' text format. */
export interface Sample {
  name: string;
  labels: Record<string, string>;
  value: number;
}

/** What an answer of `/metrics` holds. */
export class MetricsText {
  readonly samples: readonly Sample[];

  constructor(private readonly text: string) {
    this.samples = [...text.matchAll(/^([a-z_0-9]+)(?:\{(.*)\})? (\S+)$/gm)].map(
      ([, name = '', labels = '', value]) => ({
        name,
        labels: Object.fromEntries(
          [...labels.matchAll(/([a-z_]+)="([^"]*)"/g)].map(([, label, content]) => [label, content]),
        ) as Record<string, string>,
        value: Number(value),
      }),
    );
  }

  /** @returns name, type and meaning of each metric */
  get metrics(): { name: string; type: string; help: string }[] {
    const types = new Map([...this.text.matchAll(/^# TYPE (\S+) (\S+)$/gm)].map(([, name, type]) => [name, type]));
    return [...this.text.matchAll(/^# HELP (\S+) (.*)$/gm)].map(([, name = '', help = '']) => ({
      name,
      type: types.get(name) ?? '',
      help,
    }));
  }

  /** @returns a metric's values, each under its labels, those that are given left out; zeros are left out, too */
  values(name: string, labels: Record<string, string> = {}): Record<string, number> {
    const wanted = this.samples.filter(
      (sample) =>
        sample.name === name && Object.entries(labels).every(([label, value]) => sample.labels[label] === value),
    );
    return Object.fromEntries(
      wanted
        .filter(({ value }) => value !== 0)
        .map((sample) => {
          const rest = Object.entries(sample.labels).filter(([label]) => !(label in labels));
          return [rest.map(([, value]) => value).join(' '), sample.value];
        }),
    );
  }

  /** @returns the sum of a metric's values with these labels; undefined where there are none */
  value(name: string, labels: Record<string, string> = {}): number | undefined {
    const wanted = this.samples.filter(
      (sample) =>
        sample.name === name && Object.entries(labels).every(([label, value]) => sample.labels[label] === value),
    );
    return wanted.length === 0 ? undefined : wanted.reduce((sum, { value }) => sum + value, 0);
  }
}
