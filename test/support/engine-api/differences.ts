import type { Replies } from "./visit.js";

/** A field of two engines' replies that is not the same. */
export interface Difference {
  /** The words of what was asked. */
  readonly reply: string;
  /** `Config.Labels`, `[0].Names`; `status`, `type` and the empty word are the reply's own. */
  readonly field: string;
  /** As JSON; undefined where it is absent. */
  readonly docker: string | undefined;
  readonly tsd: string | undefined;
}

/** What may be another thing each time: ids, times, addresses, and places below the engines' own directories. */
const changing: readonly (readonly [RegExp, string])[] = [
  [/\b[0-9a-f]{64}\b/g, "ID"],
  [/\b\d{4}-\d\d-\d\dT[\d:.]+(Z|[+-]\d\d:\d\d)/g, "TIME"],
  [/\b([0-9a-f]{2}:){5}[0-9a-f]{2}\b/g, "MAC"],
  [/\b(?!0\.0\.0\.0|192\.0\.2\.)\d{1,3}(\.\d{1,3}){3}\b/g, "IPV4"],
  [/^\/\S*(tsd|docker)\S*$/g, "PATH"],
  [/^\d+$/g, "NUMBER"],
];

/** Fields whose numbers may be others each time. */
const counted =
  /(^|\.|\])(Created|\w*Size\w*|time\w*|\w*usage\w*|[rt]x_\w+|\w*periods|\w*_time|SpaceReclaimed|PublicPort)$/;

/** What two engines reply to the same, field by field. */
export function differences(docker: Replies, tsd: Replies): readonly Difference[] {
  return [...docker].flatMap(([reply, theirs]) => {
    const ours = tsd.get(reply);
    const found: Difference[] = [];
    compare("", theirs, ours, (field, one, other) => {
      const name = field.replace(/^(body\.?)(?=.)/, "");
      found.push({ reply, field: name, docker: shown(one), tsd: shown(other) });
    });
    return found;
  });
}

type Members = Readonly<Record<string, unknown>>;
type Report = (field: string, docker: unknown, tsd: unknown) => void;

function compare(field: string, docker: unknown, tsd: unknown, report: Report): void {
  if (isObject(docker) && isObject(tsd) && Array.isArray(docker) === Array.isArray(tsd)) {
    const [theirs, ours] = [docker, tsd].map(byPlainKey) as [Members, Members];
    for (const key of new Set([...Object.keys(theirs), ...Object.keys(ours)])) {
      const name = Array.isArray(docker) ? `${field}[${key}]` : `${field}${field && "."}${key}`;
      compare(name, theirs[key], ours[key], report);
    }
  } else if (!isSame(field, docker, tsd)) report(field, docker, tsd);
}

function isSame(field: string, docker: unknown, tsd: unknown): boolean {
  if (typeof docker === "number" && typeof tsd === "number") {
    if (counted.test(field)) return true;
    if (/Pid$/.test(field)) return (docker === 0) === (tsd === 0);
  }
  return JSON.stringify(plain(docker)) === JSON.stringify(plain(tsd));
}

function byPlainKey(members: Members): Members {
  if (Array.isArray(members)) return members;
  return Object.fromEntries(Object.entries(members).map(([key, value]) => [plain(key), value]));
}

function isObject(value: unknown): value is Members {
  return typeof value === "object" && value !== null;
}

function plain(value: unknown): unknown {
  if (typeof value !== "string") return value;
  return changing.reduce((text, [pattern, word]) => text.replace(pattern, word), value);
}

function shown(value: unknown): string | undefined {
  return value === undefined ? undefined : JSON.stringify(value, (_, member) => plain(member));
}
