const steps: readonly { readonly below: number; readonly unit: number; readonly name: string }[] = [
  { below: 60, unit: 1, name: "second" },
  { below: 60 * 60, unit: 60, name: "minute" },
  { below: 48 * 3600, unit: 3600, name: "hour" },
  { below: 14 * 86_400, unit: 86_400, name: "day" },
  { below: 60 * 86_400, unit: 7 * 86_400, name: "week" },
  { below: 730 * 86_400, unit: 30 * 86_400, name: "month" },
];

/** A length of time in docker's words (`units.HumanDuration`): `About a minute`, `3 weeks`. Negative ones count as none. */
export function humanDuration(milliseconds: number): string {
  const seconds = Math.floor(milliseconds / 1000);
  if (seconds < 1) return "Less than a second";
  if (seconds >= 60 && seconds < 120) return "About a minute";
  if (seconds >= 3600 && seconds < 5400) return "About an hour";
  const { unit, name } = steps.find(({ below }) => seconds < below) ?? { unit: 365 * 86_400, name: "year" };
  const count = name === "hour" ? Math.round(seconds / unit) : Math.floor(seconds / unit);
  return `${count} ${name}${count === 1 ? "" : "s"}`;
}

/** `3 minutes ago`, for a time in RFC 3339; `now` in milliseconds since the epoch. */
export function timeAgo(time: string, now: number): string {
  return `${humanDuration(now - Date.parse(time))} ago`;
}
