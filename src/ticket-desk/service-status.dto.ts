export class ServiceStatusView {
  status!: 'available' | 'unavailable';
  available!: boolean;
  /** Null where it was never said to be unavailable. */
  changed_at!: Date | null;
}

export class ServiceStatusAnswer {
  data!: ServiceStatusView;
}

export class ServiceChangeView extends ServiceStatusView {
  /** Whether it was otherwise before; only then subscribers hear of it. */
  changed!: boolean;
}

export class ServiceChangeAnswer {
  data!: ServiceChangeView;
}
