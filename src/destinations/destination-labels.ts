/** What a destination is called in metrics. */
export interface DestinationLabels {
  destination: string;
  kind: string;
}

/** As one: callers of the ticket desk make as many as they like, and no metric may grow with what outsiders do. */
const SUBSCRIBERS: DestinationLabels = { destination: 'subscribers', kind: 'subscriber' };

export function destinationLabels({
  name,
  kind,
  isSubscriber,
}: {
  name: string;
  kind: string;
  isSubscriber: boolean;
}): DestinationLabels {
  return isSubscriber ? SUBSCRIBERS : { destination: name, kind };
}
