import { readFileSync } from 'node:fs';
import { spread, type Spread } from './percentiles.js';

/** The unit of /proc's times, USER_HZ, is a hundredth of a second on every Linux that Node runs on (man 7 time). */
const MS_PER_TICK = 10;
const SAMPLE_EVERY_MS = 100;

/** What a process used, as Linux tells it; NaN elsewhere. */
export interface Usage {
  cpuMs: number;
  rssMb: number;
}

/** @returns processor time of a process since its start, and its memory now */
export function usageOf(pid: number): Usage {
  try {
    // The name of the program, in brackets, may hold anything: fields are counted from behind it.
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? [];
    const status = readFileSync(`/proc/${pid}/status`, 'utf8');
    return {
      cpuMs: (Number(fields[11]) + Number(fields[12])) * MS_PER_TICK,
      rssMb: Math.round(Number(/^VmRSS:\s+(\d+)/m.exec(status)?.[1]) / 1_024),
    };
  } catch {
    return { cpuMs: Number.NaN, rssMb: Number.NaN };
  }
}

/** Looks at a process's memory ten times a second, until it is told to stop. */
export class MemoryWatch {
  private readonly samples: number[] = [];
  private readonly timer: NodeJS.Timeout;

  constructor(pid: number) {
    const look = (): void => void this.samples.push(usageOf(pid).rssMb);
    look();
    this.timer = setInterval(look, SAMPLE_EVERY_MS);
  }

  /** @returns megabytes */
  stop(): Spread {
    clearInterval(this.timer);
    return spread(this.samples);
  }

  /** @returns the highest of each of so many equal parts of the time until now */
  highestOf(parts: number): number[] {
    const size = Math.ceil(this.samples.length / parts);
    return Array.from({ length: parts }, (_, part) => Math.max(...this.samples.slice(part * size, (part + 1) * size)));
  }
}
