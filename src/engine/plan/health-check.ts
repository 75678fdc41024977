import type { HealthCheck } from "../../api/index.js";

/** What a container is checked by: each field as its user says, else as its image does. Undefined where nothing checks it. */
export function healthCheckOf(
  asked: Partial<HealthCheck> = {},
  image: HealthCheck | undefined = undefined,
): HealthCheck | undefined {
  const given = Object.entries(asked).filter(([, value]) => value !== undefined && value !== 0);
  const test = asked.test !== undefined && asked.test.length > 0 ? asked.test : image?.test;
  const check = { ...image, ...Object.fromEntries(given), test: test ?? [] };
  const [kind, ...words] = check.test;
  return kind === undefined || kind === "NONE" || words.length === 0 ? undefined : check;
}
