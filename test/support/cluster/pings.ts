import type { Namespace } from "../lab/namespace.js";

/** Each target as it was given, and whether it replied; one line of a shell, since programs start slowly. */
const shell = `
for target in "$@"; do
  ( if ping -n -q -c 1 -W "$WAIT" "$target" >/dev/null 2>&1; then echo "$target"; fi ) &
done
wait
`;

/** Sends a ping to each address from a namespace, and returns the addresses that replied within `seconds`, sorted. */
export async function pings(from: Namespace, targets: readonly string[], seconds = 2): Promise<readonly string[]> {
  const env = { PATH: process.env.PATH ?? "", WAIT: String(seconds) };
  const text = await from.mustRun(["sh", "-c", shell, "sh", ...targets], { env });
  return text
    .split("\n")
    .filter((line) => line !== "")
    .sort();
}
