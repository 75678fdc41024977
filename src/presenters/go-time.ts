/** A time in RFC 3339 as Go prints it, which docker shows in lists: `2026-01-02 03:04:05 +0000 UTC`. */
export function goTime(time: string): string {
  const at = new Date(time);
  if (Number.isNaN(at.getTime())) return time;
  const [date, clock = ""] = at.toISOString().split("T");
  return `${date} ${clock.slice(0, 8)} +0000 UTC`;
}
