/** A process, distinguished from a later one with its pid. */
export interface RuntimeProcess {
  readonly pid: number;
  /** Clock ticks since boot, proc_pid_stat(5). */
  readonly start: number;
}
