import type { ContainerRow, Store } from "../../contracts/index.js";
import { TsdError } from "../../errors/tsd-error.js";
import { hostsFile } from "../sandbox/hosts-file.js";
import type { Caller } from "./journey.js";

/** The addresses that a caller has for a name by its /etc/hosts, as tsd keeps it. */
export function addressesNamed(store: Store, caller: Caller, name: string): readonly string[] {
  if (caller.kind !== "namespace") return [];
  const owner = caller.rows.flatMap(({ containerId = "" }) => store.containers.get(containerId) ?? [])[0];
  const { content = "" } = (owner === undefined ? undefined : hostsFile(store, owner.id)) ?? {};
  return content.split("\n").flatMap((line) => {
    const [address, ...names] = line.replace(/#.*/, "").split(/\s+/).filter(Boolean);
    const isNamed = names.some((one) => one.toLowerCase() === name.toLowerCase());
    return address !== undefined && isNamed ? [address] : [];
  });
}

/**
 * The container of that name, of that alias on any network, or of that id; a name beats an alias, and that a part of an id.
 * Throws `conflict` for an alias of several containers, `not-found` for none.
 */
export function containerCalled({ containers, endpoints }: Store, ref: string): ContainerRow {
  const named = containers.named(ref);
  if (named !== undefined) return named;
  const aliased = endpoints.list().filter(({ endpoint }) => endpoint.aliases?.includes(ref));
  const rows = [...new Set(aliased.map(({ containerId = "" }) => containerId))].flatMap(
    (id) => containers.get(id) ?? [],
  );
  if (rows.length > 1) throw severalAliased(ref, rows);
  return rows[0] ?? resolveId(containers, ref);
}

function resolveId(containers: Store["containers"], ref: string): ContainerRow {
  try {
    return containers.resolve(ref);
  } catch (error) {
    if (!TsdError.is(error, "not-found") || !ref.includes(".")) throw error;
    throw new TsdError({
      kind: "not-found",
      code: error.code,
      message: `no container is called "${ref}"`,
      hint: `For another machine give its address, not its name: getent ahosts ${ref}`,
      details: { ref },
      cause: error,
    });
  }
}

function severalAliased(alias: string, rows: readonly ContainerRow[]): TsdError {
  const names = rows.map(({ container }) => container.name);
  return new TsdError({
    kind: "conflict",
    code: "TSD_ALIAS_AMBIGUOUS",
    message: `"${alias}" is an alias of several containers: ${names.join(", ")}`,
    hint: "Name one of them.",
    details: { alias, names },
  });
}
